"""Organisations, members, roles, the audit trail."""

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.test import Client

from mission.actions.organisations import answer_invitation, create_organisation, invite
from mission.actions.people import end_role, grant_role, register_person
from mission.errors import Refused
from mission.forms import OrganisationForm
from mission.models import AuditEntry, Membership, Organisation, Role, User
from tests.world import nation, organisation, person

pytestmark = pytest.mark.django_db


def test_nobody_becomes_a_member_without_saying_yes(django_capture_on_commit_callbacks) -> None:
    asha, bela = person("asha"), person("bela")
    labs = organisation(asha)
    with django_capture_on_commit_callbacks(execute=True):
        invitation = invite(actor=asha, organisation=labs, email="Bela@Example.org")
    assert not labs.memberships.filter(user=bela).exists()
    assert mail.outbox[0].to == ["bela@example.org"]
    assert f"/invitations/{invitation.pk}/" in mail.outbox[0].body
    answer_invitation(actor=bela, invitation=invitation, accept=True)
    assert labs.memberships.current().filter(user=bela).exists()
    with pytest.raises(Refused, match="answered already"):
        answer_invitation(actor=bela, invitation=invitation, accept=False)


def test_an_invitation_is_answered_by_the_invited_only() -> None:
    asha, bela, carl = person("asha"), person("bela"), person("carl")
    invitation = invite(actor=asha, organisation=organisation(asha), email=bela.email)
    with pytest.raises(Refused, match="somebody else"):
        answer_invitation(actor=carl, invitation=invitation, accept=True)
    client = Client()
    client.force_login(carl)
    assert client.get(f"/invitations/{invitation.pk}/").status_code == 404


def test_only_an_owner_invites_and_only_once() -> None:
    asha, bela = person("asha"), person("bela")
    labs = organisation(asha, "Kaveri Labs", "IN", bela)
    with pytest.raises(Refused, match="Only an owner"):
        invite(actor=bela, organisation=labs, email="carl@example.org")
    with pytest.raises(Refused, match="member already"):
        invite(actor=asha, organisation=labs, email=bela.email)
    invite(actor=asha, organisation=labs, email="carl@example.org")
    with pytest.raises(Refused, match="invited already"):
        invite(actor=asha, organisation=labs, email="CARL@example.org")


def test_who_joins_an_organisation_with_awards_may_use_its_sandbox() -> None:
    asha = person("asha", Role.GRANTEE)
    bela = person("bela")
    organisation(asha, "Kaveri Labs", "IN", bela)
    assert Role.GRANTEE in User.objects.get(pk=bela.pk).roles


def test_a_registration_number_stands_for_one_organisation_of_a_nation() -> None:
    asha, india = person("asha"), nation("IN")
    create_organisation(actor=asha, name="Kaveri", type="startup", nation=india, registry_id="U72")
    with pytest.raises(Refused, match="already here"):
        create_organisation(actor=asha, name="Kaveri again", type="startup", nation=india, registry_id="U72")
    assert Organisation.objects.count() == 1


def test_a_bad_form_keeps_what_was_typed() -> None:
    asha = person("asha")
    nation("IN")
    client = Client()
    client.force_login(asha)
    answer = client.post("/organisations/new/", {"name": "Kaveri Labs", "ror_id": "nonsense", "nation": "IN"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A ROR id looks like" in page
    assert 'value="Kaveri Labs"' in page
    assert not Membership.objects.exists()


def test_a_mistyped_ror_id_is_told_from_one_that_may_be() -> None:
    facts = {"name": "Kaveri", "type": "startup", "nation": nation("IN").pk}
    assert OrganisationForm(facts | {"ror_id": "02jbv0t02"}).is_valid()
    form = OrganisationForm(facts | {"ror_id": "02jbv0t03"})
    assert "is mistyped" in form.errors["ror_id"][0]


def test_a_role_ends_and_stays_on_record() -> None:
    admin, bela = person("admin", Role.ADMINISTRATOR), person("bela", Role.REVIEWER)
    end_role(actor=admin, user=bela, role=Role.REVIEWER)
    again = User.objects.get(pk=bela.pk)
    assert Role.REVIEWER not in again.roles
    assert again.role_grants.count() == 1
    with pytest.raises(Refused):
        end_role(actor=admin, user=bela, role=Role.REVIEWER)
    grant_role(actor=admin, user=again, role=Role.REVIEWER)
    assert again.role_grants.count() == 2


def test_addresses_are_compared_without_case() -> None:
    person("asha")
    with pytest.raises(Refused, match="already uses"):
        register_person(email="ASHA@example.org", name="Another", password=None)


@pytest.mark.parametrize("change", [lambda rows: rows.update(verb="x"), lambda rows: rows.delete()])
def test_the_audit_trail_cannot_be_changed(change) -> None:
    organisation(person("asha"))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(AuditEntry.objects.all())


def test_the_audit_trail_tells_who_did_what() -> None:
    asha = person("asha")
    labs = organisation(asha)
    entry = AuditEntry.objects.about(labs).get()
    assert (entry.actor, entry.verb, entry.facts["name"]) == (asha, "organisation.created", "Kaveri Labs")


def test_a_refusal_speaks_the_language_that_was_asked_for() -> None:
    page = Client().get("/nowhere/")
    data = Client(headers={"accept": "application/json"}).get("/nowhere/")
    assert page.status_code == data.status_code == 404
    assert "<h1>" in page.content.decode()
    assert data.json()["error"]["code"] == "not_found"

"""Applicant and desk write to each other; notes stay at the desk; reviewers see neither."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from grants.actions.messages import (
    desk_has_read,
    officers_of,
    write_note,
    write_to_applicant,
    write_to_desk,
)
from grants.models import Application, Letter, Message, Note, Notification
from mission.errors import Refused
from mission.models import AuditEntry, Membership, Organisation, Role, User
from tests.grants.world import drafted, officer, open_call, scored, startup, submitted
from tests.world import organisation, person

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def world() -> tuple[User, User, Organisation, Application]:
    meera, (asha, kaveri) = officer(), startup()
    return meera, asha, kaveri, submitted(asha, open_call(meera), kaveri)


def page(user: User, address: str, expect: int = 200) -> str:
    answer = client_of(user).get(address)
    assert answer.status_code == expect, answer.status_code
    return str(answer.content.decode())


def test_what_the_desk_writes_reaches_every_member_and_nobody_else() -> None:
    meera, _asha, kaveri, application = world()
    bela, gone = person("bela"), person("gone")
    Membership.objects.create(user=bela, organisation=kaveri)
    Membership.objects.create(user=gone, organisation=kaveri, since="2020-01-01", until="2021-01-01")
    write_to_applicant(actor=meera, application=application, body="Which corpus do you mean?")
    assert set(Notification.objects.values_list("user__name", flat=True)) == {"Asha", "Bela"}
    assert Letter.objects.filter(kind="notification").count() == 2
    assert "Which corpus" not in Letter.objects.filter(kind="notification")[0].body
    assert "Which corpus do you mean?" in page(bela, f"/apply/{application.reference}/messages/")
    page(gone, f"/apply/{application.reference}/messages/", 404)


def test_what_the_applicant_writes_reaches_the_officers_who_took_part() -> None:
    meera, asha, _kaveri, application = world()
    took_part, idle = officer("tara"), officer("idle")
    assert list(officers_of(application)) == [meera]  # who made the call, while nobody had a hand in it
    write_note(actor=took_part, application=application, body="I look at this one.")
    write_to_desk(actor=asha, application=application, body="May we add a partner?")
    told = Notification.objects.filter(kind="message")
    assert [n.user for n in told] == [took_part]
    assert told[0].path == f"/desk/applications/{application.reference}/messages/"
    assert idle not in officers_of(application)


def test_a_reviewer_sees_neither_messages_nor_notes() -> None:
    meera, asha, _kaveri, application = world()
    ravi = person("ravi", Role.REVIEWER)
    review = scored(meera, application, ravi)
    write_to_desk(actor=asha, application=application, body="A word to the desk")
    write_note(actor=meera, application=application, body="A word among officers")
    assert not Message.objects.visible_to(ravi).exists()
    assert not Note.objects.visible_to(ravi).exists()
    page(ravi, f"/desk/applications/{application.reference}/messages/", 404)
    page(ravi, f"/apply/{application.reference}/messages/", 404)
    text = page(ravi, f"/reviews/{review.pk}/")
    assert "A word" not in text


def test_an_applicant_never_sees_a_note() -> None:
    meera, asha, _kaveri, application = world()
    write_note(actor=meera, application=application, body="Weak on data")
    for address in (f"/apply/{application.reference}/", f"/apply/{application.reference}/messages/"):
        assert "Weak on data" not in page(asha, address)
    assert not Note.objects.visible_to(asha).exists()
    assert not Notification.objects.filter(user=asha).exists()
    assert "Weak on data" in page(meera, f"/desk/applications/{application.reference}/messages/")


def test_an_officer_bound_to_the_applicant_neither_reads_nor_writes() -> None:
    meera, asha, kaveri, application = world()
    bound = officer("bound")
    Membership.objects.create(user=bound, organisation=kaveri, since="2020-01-01", until="2021-01-01")
    write_to_desk(actor=asha, application=application, body="Hello")
    write_note(actor=meera, application=application, body="Hm")
    assert not Message.objects.visible_to(bound).exists()
    assert not Note.objects.visible_to(bound).exists()
    page(bound, f"/desk/applications/{application.reference}/messages/", 404)
    for act in (write_to_applicant, write_note):
        with pytest.raises(Refused, match="cannot judge"):
            act(actor=bound, application=application, body="No")
    assert bound not in officers_of(application)


def test_unread_ends_for_the_team_by_opening_and_for_the_desk_by_an_answer() -> None:
    meera, asha, _kaveri, application = world()
    write_to_applicant(actor=meera, application=application, body="A question")
    address = f"/apply/{application.reference}/messages/"
    assert ">New</span>" in page(asha, address)
    assert ">New</span>" not in page(asha, address)
    assert not Notification.objects.filter(user=asha, read_at=None).exists()
    write_to_desk(actor=asha, application=application, body="An answer")
    desk = f"/desk/applications/{application.reference}/messages/"
    assert ">New</span>" in page(meera, desk)
    assert ">New</span>" in page(meera, desk), "a glance of one officer is no answer"
    client_of(meera).post(f"{desk}write/", {"body": "Thank you"})
    assert ">New</span>" not in page(meera, desk)
    write_to_desk(actor=asha, application=application, body="Thanks")
    assert desk_has_read(actor=meera, application=application) == 1
    assert not Message.objects.waiting_for_desk().exists()


def test_the_audit_trail_says_that_a_message_was_written_and_not_what() -> None:
    meera, asha, _kaveri, application = world()
    write_to_desk(actor=asha, application=application, body="Confidential plans")
    write_note(actor=meera, application=application, body="Confidential doubts")
    facts = [str(entry.facts) for entry in AuditEntry.objects.about(application)]
    assert not any("Confidential" in text for text in facts)
    assert AuditEntry.objects.filter(verb="message.from_applicant").count() == 1


@pytest.mark.parametrize(("body", "sentence"), [("   ", "Write something first"), ("x" * 5001, "Shorten it")])
def test_an_empty_or_endless_message_is_refused_beside_the_field(body: str, sentence: str) -> None:
    meera, asha, _kaveri, application = world()
    with pytest.raises(Refused, match=sentence) as refused:
        write_to_desk(actor=asha, application=application, body=body)
    assert refused.value.field == "body"
    answer = client_of(asha).post(f"/apply/{application.reference}/messages/", {"body": body})
    assert answer.status_code == 422
    noted = client_of(meera).post(f"/desk/applications/{application.reference}/notes/", {"note-body": body})
    assert noted.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(application=application, author=asha, from_desk=False, body="")


def test_a_draft_has_no_messages_for_the_desk_does_not_know_of_it() -> None:
    meera, (asha, kaveri) = officer(), startup()
    application = drafted(asha, open_call(meera), kaveri)
    with pytest.raises(Refused, match="Submit the application first"):
        write_to_desk(actor=asha, application=application, body="Hello")
    page(asha, f"/apply/{application.reference}/messages/", 404)
    page(meera, f"/desk/applications/{application.reference}/messages/", 404)


def test_an_applicant_may_not_write_as_the_desk() -> None:
    _meera, asha, _kaveri, application = world()
    for way in ("write", "read"):
        path = f"/desk/applications/{application.reference}/messages/{way}/"
        assert client_of(asha).post(path, {"body": "As the desk"}).status_code == 404
    with pytest.raises(Refused):
        write_to_applicant(actor=asha, application=application, body="As the desk")
    stranger = person("stranger")
    organisation(stranger, "Other")
    with pytest.raises(Refused, match="Only members"):
        write_to_desk(actor=stranger, application=application, body="Hello")


def test_both_pages_ask_the_database_as_often_for_many_messages_as_for_three(
    django_assert_max_num_queries: Any,
) -> None:
    meera, asha, _kaveri, application = world()
    desk, apply = client_of(meera), client_of(asha)
    counts = []
    for total in (3, 60):
        for n in range(total):
            write_to_desk(actor=asha, application=application, body=f"Line {n}")
            write_note(actor=meera, application=application, body=f"Note {n}")
        with django_assert_max_num_queries(40) as asked:
            desk.get(f"/desk/applications/{application.reference}/messages/")
            apply.get(f"/apply/{application.reference}/messages/")
        counts.append(len(asked))
    assert counts[0] == counts[1], counts

"""Letters in the house's words or the call's own: only known names are replaced, and nothing else happens."""

from typing import Any

import pytest
from django.test import Client

from grants import emails
from grants.actions.decisions import decide
from grants.actions.letters import drop_letter, set_letter
from grants.models import Call, Letter
from grants.models.gpu_time import gpu_ms
from grants.models.letters import LETTERS, PLACEHOLDERS, mark_of
from mission.errors import Refused
from mission.models import Role, User
from tests.grants.world import officer, open_call, startup, submitted
from tests.grants.world_deciding import ready
from tests.world import person

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_calls_own_words_are_sent_with_their_names_replaced() -> None:
    meera = officer()
    (application,) = ready()
    set_letter(
        actor=meera,
        call=application.call,
        kind="declined",
        subject="About {{reference}}",
        body="Dear {{ name }},\n\nno.\n\n{{ feedback }}\n\n{{ appeal }}\n\nThe desk of {{ call }}",
    )
    decide(actor=meera, application=application, kind="decline", reason="Weak", feedback="Measure more.")
    letter = Letter.objects.get(kind="declined")
    assert letter.subject == f"About {application.reference}"
    assert letter.body == (
        "Dear Founder0,\n\nno.\n\nMeasure more.\n\nThe desk of Compute for open language models\n"
    )


def test_the_receipt_in_a_calls_own_words_says_when() -> None:
    meera = officer()
    call = open_call(meera)
    set_letter(actor=meera, call=call, kind="receipt", subject="In", body="In on {{ when }}: {{ link }}")
    founder, organisation = startup()
    application = submitted(founder, call, organisation)
    body = Letter.objects.get(kind="receipt").body
    assert "(Asia/Kolkata" in body or "UTC" in body
    assert f"/apply/{application.reference}/" in body


def test_what_applicants_write_is_never_read_as_a_template() -> None:
    meera = officer()
    (application,) = ready(title="{{ feedback }} {% now 'Y' %}")
    set_letter(
        actor=meera, call=application.call, kind="declined", subject="{{ title }}", body="{{ feedback }}"
    )
    decide(actor=meera, application=application, kind="decline", reason="Weak", feedback="{{ name }}")
    letter = Letter.objects.get(kind="declined")
    assert letter.subject == "{{ feedback }} {% now 'Y' %}"
    assert letter.body == "{{ name }}\n"


@pytest.mark.parametrize(
    "mark", ["{{ nobody }}", "{{ application.secret }}", "{{ award_reference }}", "{{ }}"]
)
def test_an_unknown_name_is_refused_with_those_known(mark: str) -> None:
    meera = officer()
    call = open_call(meera)
    with pytest.raises(Refused, match="It knows: name, title") as refused:
        set_letter(actor=meera, call=call, kind="declined", subject="No", body=f"Dear {mark}")
    assert refused.value.field == "body"
    assert Call.objects.get().letters == {}


@pytest.mark.parametrize("kind", LETTERS)
def test_the_houses_words_use_only_names_the_letter_knows(kind: str) -> None:
    subject, body = emails.house_template(kind)
    assert subject
    assert "{{ name }}" in body
    meera = officer()
    call = set_letter(actor=meera, call=open_call(meera), kind=kind, subject=subject, body=body)
    assert call.letters[kind]["subject"] == subject
    assert set(LETTERS[kind].names) <= set(PLACEHOLDERS)


def test_a_reviewers_letter_knows_nothing_of_who_applies() -> None:
    assert {"organisation", "title"}.isdisjoint(LETTERS["review_request"].names)


def test_two_officers_on_one_letter_notice_each_other() -> None:
    meera = officer()
    call = open_call(meera)
    seen = mark_of(call, "declined")
    words = {"kind": "declined", "subject": "No", "body": "No."}
    call = set_letter(actor=meera, call=call, seen=seen, **words)
    with pytest.raises(Refused) as refused:
        set_letter(actor=officer("divya"), call=call, seen=seen, **words)
    assert refused.value.code == "clash"
    assert drop_letter(actor=meera, call=call, kind="declined").letters == {}


def test_an_applicant_writes_no_letters() -> None:
    call = open_call(officer())
    with pytest.raises(Refused):
        set_letter(actor=person("asha"), call=call, kind="declined", subject="Yes", body="Yes.")
    assert (
        client_of(person("ravi", Role.REVIEWER)).get(f"/desk/calls/{call.slug}/letters/").status_code == 404
    )


@pytest.mark.parametrize("submitted", [False, True])
@pytest.mark.parametrize("kind", LETTERS)
def test_every_letter_can_be_looked_at_before_and_after_the_first_application(
    kind: str, submitted: bool
) -> None:
    meera = officer()
    call = ready()[0].call if submitted else open_call(meera)
    client = client_of(meera)
    page = client.get(f"/desk/calls/{call.slug}/letters/{kind}/").content.decode()
    assert "The letter, as it would be sent" in page
    typed = {"subject": "Hello {{ reference }}", "body": "Dear {{ name }}", "preview": "1"}
    looked = client.post(f"/desk/calls/{call.slug}/letters/{kind}/", typed).content.decode()
    assert "Dear Officer" in looked
    assert "Hello A-" in looked
    assert Call.objects.get(pk=call.pk).letters == {}


def test_words_are_kept_from_the_page_and_an_error_loses_nothing() -> None:
    meera = officer()
    call = open_call(meera)
    client = client_of(meera)
    url = f"/desk/calls/{call.slug}/letters/offer/"
    answer = client.post(url, {"subject": "Yes", "body": "Take {{ everything }}"})
    assert answer.status_code == 422
    assert "This letter knows no “everything”" in answer.content.decode()
    assert "Take {{ everything }}" in answer.content.decode()
    client.post(url, {"subject": "Yes", "body": "Take {{ amount }}"})
    assert Call.objects.get().letters["offer"]["body"] == "Take {{ amount }}"
    client.post(url, {"drop": "1"})
    assert Call.objects.get().letters == {}


def test_the_decision_form_shows_the_letter_and_decides_nothing_yet() -> None:
    meera = officer()
    (application,) = ready()
    typed: dict[str, Any] = {"kind": "award", "gpu_hours": "300", "reason": "Strong", "feedback": "Bravo!"}
    url = f"/desk/applications/{application.reference}/decide/"
    page = client_of(meera).post(url, {**typed, "preview": "1"}).content.decode()
    assert "the Mission awards 300 GPU-hours to Lab 0" in page
    assert page.count("Bravo!") == 2  # in the letter, and still in the form
    assert not Letter.objects.filter(kind="award").exists()
    application.refresh_from_db()
    assert application.status == "reviewed"
    typed["gpu_hours"] = "299"
    client_of(meera).post(url, typed)
    assert application.call.__class__.objects.get().held_gpu_ms == gpu_ms(299)

"""Applying: drafts that lose nothing, one submission, versions that never change."""

import datetime

import pytest
from django.contrib.postgres.search import SearchQuery
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from grants.actions import letters
from grants.actions.applications import save_draft, start_application, submit, withdraw
from grants.models import Application, ApplicationVersion, Call, Letter
from mission.errors import Refused
from mission.models import AuditEntry, Role
from tests.grants.world import (
    ANSWERS,
    PROMISE,
    draft_call,
    drafted,
    officer,
    open_call,
    startup,
    submitted,
)
from tests.world import organisation, person

pytestmark = pytest.mark.django_db


def test_starting_twice_gives_one_application() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    first = start_application(actor=asha, call=call, organisation=kaveri)
    assert start_application(actor=asha, call=call, organisation=kaveri) == first


def test_only_members_apply_for_an_organisation() -> None:
    call, (_asha, kaveri) = open_call(officer()), startup()
    with pytest.raises(Refused) as refused:
        start_application(actor=person("stranger"), call=call, organisation=kaveri)
    assert refused.value.status == 403


def test_who_is_not_eligible_is_told_why() -> None:
    call = open_call(officer(), eligibility=[{"rule": "organisation_type", "any_of": ["research"]}])
    asha, kaveri = startup()
    with pytest.raises(Refused, match="Kaveri Labs is registered here as: Startup"):
        start_application(actor=asha, call=call, organisation=kaveri)


def test_a_draft_keeps_what_is_wrong_too() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = drafted(asha, call, kaveri, gpu_hours="many", site="not a site")
    assert application.answers["gpu_hours"] == "many"
    assert application.requested_gpu_ms == 0
    assert application.draft_version == 1


def test_a_clash_is_refused_and_the_first_save_stands() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = drafted(asha, call, kaveri)
    save_draft(actor=asha, application=application, answers={"plan": "Mine"}, version=1)
    with pytest.raises(Refused, match="while you were writing") as refused:
        save_draft(actor=asha, application=application, answers={"plan": "Yours"}, version=1)
    assert refused.value.code == "clash"
    assert Application.objects.get(pk=application.pk).answers["plan"] == "Mine"


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("title", ""),
        ("plan", "word " * 51),
        ("licence", "All rights reserved"),
        ("site", "javascript:alert(1)"),
        ("gpu_hours", "0"),
        ("gpu_hours", "-5"),
        ("gpu_hours", "NaN"),
        ("gpu_hours", "1e99"),
    ],
)
def test_an_answer_that_will_not_do_is_refused_at_its_question(key: str, answer: str) -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = drafted(asha, call, kaveri, **{key: answer})
    with pytest.raises(Refused) as refused:
        submit(actor=asha, application=application, declared=[PROMISE])
    assert refused.value.field == key
    assert refused.value.status == 422


def test_declarations_must_be_agreed_to() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    with pytest.raises(Refused) as refused:
        submit(actor=asha, application=drafted(asha, call, kaveri))
    assert refused.value.field == "declarations"


def test_submitting_twice_submits_once() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = submitted(asha, call, kaveri)
    again = submit(actor=asha, application=application, declared=[PROMISE])
    assert again.submitted_at == application.submitted_at
    assert again.versions.count() == 1
    assert Letter.objects.filter(kind="receipt").count() == 1
    assert AuditEntry.objects.about(application).filter(verb="application.submitted").count() == 1


def test_a_submitted_application_is_not_saved_over() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = submitted(asha, call, kaveri)
    with pytest.raises(Refused, match="You did this already: “Submitted”"):
        save_draft(actor=asha, application=application, answers={"plan": "New"}, version=1)


def test_a_version_never_changes_even_by_sql() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    version = submitted(asha, call, kaveri).submitted_version()
    assert version is not None
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        ApplicationVersion.objects.filter(pk=version.pk).update(title="Another")
    with (
        pytest.raises(DatabaseError, match="never changes"),
        transaction.atomic(),
        connection.cursor() as sql,
    ):
        sql.execute("DELETE FROM grants_applicationversion")


def test_what_the_call_asked_is_pinned() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    version = submitted(asha, call, kaveri).submitted_version()
    assert version is not None
    Call.objects.filter(pk=call.pk).update(criteria=[])
    assert [item["share"] for item in version.pinned["criteria"]] == [60, 40]
    assert [q.key for q in version.questions()] == [
        "title",
        "summary",
        "gpu_hours",
        "plan",
        "licence",
        "site",
    ]


def test_the_deadline_and_its_grace() -> None:
    meera, (asha, kaveri) = officer(), startup()
    call = open_call(meera, grace_minutes=10)
    application = drafted(asha, call, kaveri)
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() - datetime.timedelta(minutes=5))
    other = organisation(asha, "Second")
    late = drafted(asha, call, other)
    assert submit(actor=asha, application=application, declared=[PROMISE]).submitted_at
    Call.objects.filter(pk=call.pk).update(closes_at=timezone.now() - datetime.timedelta(minutes=11))
    with pytest.raises(Refused, match="closed on"):
        submit(actor=asha, application=late, declared=[PROMISE])


def test_before_a_call_opens_nobody_starts() -> None:
    meera, (asha, kaveri) = officer(), startup()
    call = draft_call(meera)
    with pytest.raises(Refused, match=r"closed on|opens on"):
        start_application(actor=asha, call=call, organisation=kaveri)


def test_who_withdraws_may_apply_anew() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    first = withdraw(actor=asha, application=submitted(asha, call, kaveri), reason="Merged")
    assert first.status == "withdrawn"
    assert start_application(actor=asha, call=call, organisation=kaveri) != first


def test_who_sees_an_application() -> None:
    meera, (asha, kaveri) = officer(), startup()
    call = open_call(meera)
    draft = drafted(asha, call, kaveri)
    auditor, stranger, reviewer = (
        person("auditor", Role.AUDITOR),
        person("stranger"),
        person("ravi", Role.REVIEWER),
    )

    def seen() -> list[bool]:
        people = (asha, meera, auditor, stranger, reviewer)
        return [Application.objects.visible_to(user).filter(pk=draft.pk).exists() for user in people]

    assert seen() == [True, False, False, False, False]
    submit(actor=asha, application=draft, declared=[PROMISE])
    assert seen() == [True, True, True, False, False]


def test_the_receipt_is_sent_once_and_by_the_clock_when_the_broker_is_away() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = submitted(asha, call, kaveri)
    assert letters.send_due_letters() == 1
    assert letters.send_due_letters() == 0
    assert mail.outbox[-1].to == ["asha@example.org"]
    assert application.reference in mail.outbox[-1].subject
    assert ANSWERS["title"] in str(mail.outbox[-1].body)


def test_a_mail_server_that_is_away_loses_no_letter(settings: object) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    call, (asha, kaveri) = open_call(officer()), startup()
    submitted(asha, call, kaveri)
    assert letters.send_due_letters() == 0
    letter = Letter.objects.get()
    assert letter.sent_at is None
    assert letter.tries == 1
    assert letter.next_try_at > timezone.now()


def test_the_last_second_is_the_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    call, (asha, kaveri) = open_call(officer(), grace_minutes=2), startup()
    first, second = drafted(asha, call, kaveri), drafted(asha, call, organisation(asha, "Second"))
    last = call.closes_at + datetime.timedelta(minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: last - datetime.timedelta(milliseconds=1))
    assert submit(actor=asha, application=first, declared=[PROMISE]).submitted_at < last
    monkeypatch.setattr(timezone, "now", lambda: last)
    with pytest.raises(Refused, match="Nothing you wrote is lost") as refused:
        submit(actor=asha, application=second, declared=[PROMISE])
    assert refused.value.code == "call_closed"
    assert Application.objects.get(pk=second.pk).answers["plan"] == ANSWERS["plan"]


@pytest.mark.parametrize("words", ["Marathi", "kaveri labs", "publish -spanish", '"open speech model"'])
def test_what_is_submitted_can_be_found_by_its_words(words: str) -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = submitted(asha, call, kaveri)
    found = Application.objects.filter(search=SearchQuery(words, config="simple", search_type="websearch"))
    assert list(found) == [application]
    by_reference = SearchQuery(application.reference, config="simple", search_type="websearch")
    assert list(Application.objects.filter(search=by_reference)) == [application]


def test_a_save_that_says_nothing_new_is_no_save() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = drafted(asha, call, kaveri)
    same = save_draft(actor=asha, application=application, answers=ANSWERS, version=1)
    assert same.draft_version == 1


def test_signs_that_the_database_does_not_keep_are_left_out() -> None:
    call, (asha, kaveri) = open_call(officer()), startup()
    application = drafted(asha, call, kaveri, plan="a\0b" + "x" * 60_000)
    assert application.answers["plan"].startswith("abx")
    assert len(application.answers["plan"]) == 50_000


def test_a_file_that_is_not_here_is_not_handed_in() -> None:
    questions = [{"key": "proof", "kind": "file", "label": "Proof", "accepts": ["pdf"], "required": False}]
    call, (asha, kaveri) = open_call(officer(), questions=questions), startup()
    application = drafted(asha, call, kaveri, proof=["b5b5b3b0-7c5e-4a57-9a34-1d1f6b0b7a11"])
    assert "proof" not in application.answers, "a file is handed in, never typed"
    answers = {**application.answers, "proof": ["b5b5b3b0-7c5e-4a57-9a34-1d1f6b0b7a11"]}
    Application.objects.update(answers=answers)
    with pytest.raises(Refused, match=r"Proof: .* was refused or removed") as refused:
        submit(actor=asha, application=application, declared=[PROMISE])
    assert refused.value.field == "proof"

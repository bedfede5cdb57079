"""What happened, from the audit entries: all for the desk, only what they may know for the applicant."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from grants.actions.decisions import decide
from grants.actions.messages import write_note, write_to_applicant, write_to_desk
from grants.models import Application, Attachment, Call
from grants.models.timeline import Moment, timeline, timeline_for_applicant
from grants.models.timeline_words import FOR_APPLICANT, WORDS
from mission.actions.audit import record
from mission.models import Role, User
from tests.grants.world import gpus, officer, open_call, reviewed, scored, startup, submitted
from tests.world import person

pytestmark = pytest.mark.django_db


def said(moments: list[Moment]) -> str:
    return "\n".join(f"{m.who}: {m.what} {m.note}" for m in moments)


def world() -> tuple[User, User, Application]:
    meera, (asha, kaveri) = officer(), startup()
    return meera, asha, submitted(asha, open_call(meera), kaveri)


def test_the_desk_reads_everything_newest_first() -> None:
    meera, asha, application = world()
    scored(meera, application, person("ravi", Role.REVIEWER))
    write_to_desk(actor=asha, application=application, body="Secret plans")
    write_note(actor=meera, application=application, body="Doubts")
    text = said(timeline(application))
    for words in ("Started", "Submitted", "Reviewer assigned Ravi", "Review submitted", "A note was written"):
        assert words in text
    assert "Secret plans" not in text
    assert "Doubts" not in text
    moments = timeline(application)
    assert [m.at for m in moments] == sorted((m.at for m in moments), reverse=True)


def test_what_belongs_to_the_application_is_in_it_and_what_belongs_to_another_is_not() -> None:
    meera, asha, application = world()
    bela, polder = startup("Polder", "bela")
    other = submitted(bela, application.call, polder)
    for row, name in ((application, "plan.pdf"), (other, "other.pdf")):
        file = Attachment.objects.create(
            application=row,
            question="plan",
            name=name,
            content_type="application/pdf",
            size=1,
            uploaded_by=asha,
        )
        record(actor=asha, verb="file.handed_in", target=file, name=name)
    facts: dict[str, Any] = {"rule": "nations", "reason": "A treaty"}
    record(
        actor=meera,
        verb="call.rule_overridden",
        target=application.call,
        organisation=application.organisation_id,
        **facts,
    )
    mine, theirs = said(timeline(application)), said(timeline(other))
    assert "File handed in plan.pdf" in mine
    assert "other.pdf" not in mine
    assert "Let in despite a rule of the call nations · A treaty" in mine
    assert "A treaty" not in theirs


def test_the_applicant_reads_their_own_acts_and_what_they_were_told() -> None:
    meera, asha, application = world()
    write_to_desk(actor=asha, application=application, body="Hello")
    write_to_applicant(actor=meera, application=application, body="Hello back")
    text = said(timeline_for_applicant(application))
    assert "Asha: Submitted" in text
    assert "Asha: The applicant wrote a message" in text
    assert "The desk: The desk wrote a message" in text
    assert "Meera" not in text
    assert "Officer" not in text


def test_the_applicant_reads_nothing_of_reviewers_scores_notes_or_reasons() -> None:
    meera, _asha, application = world()
    gpus()
    application = reviewed(meera, application)
    write_note(actor=meera, application=application, body="Weak")
    decide(
        actor=meera, application=application, kind="decline", reason="Below the line", feedback="Thank you"
    )
    text = said(timeline_for_applicant(application))
    assert "The desk: Declined" in text
    for word in ("Ravi", "Lena", "eview", "note", "Below the line", "Officer", "400"):
        assert word not in text, word
    assert "Below the line" in said(timeline(application))


def test_a_held_decision_is_not_in_the_applicants_timeline_until_it_is_announced() -> None:
    meera, _asha, application = world()
    gpus()
    application = reviewed(meera, application)
    held = timezone.now() + datetime.timedelta(days=5)
    Call.objects.filter(pk=application.call_id).update(results_at=held)
    decide(actor=meera, application=application, kind="award", reason="Strong", gpu_ms=3_600_000)
    application.refresh_from_db()
    assert application.status == "decided"
    text = said(timeline_for_applicant(application))
    assert "ecided" not in text
    assert "ward" not in text
    assert "Decided, not announced yet" in said(timeline(application))


def test_no_verb_that_the_applicant_may_read_tells_of_reviews_or_of_what_is_held() -> None:
    never = ("review", "panel", "check.", "technical", "note", "decided", "undone", "assessment", "call.")
    assert not [verb for verb in FOR_APPLICANT if any(word in verb for word in never)]
    assert not FOR_APPLICANT - set(WORDS), "every one of them has words"


def test_a_timeline_is_as_many_queries_for_much_as_for_little(django_assert_num_queries: Any) -> None:
    _meera, asha, application = world()
    application = Application.objects.select_related("call").get(pk=application.pk)
    for total in (1, 40):
        for n in range(total):
            write_to_desk(actor=asha, application=application, body=f"Line {n}")
        with django_assert_num_queries(1):
            timeline(application)
        with django_assert_num_queries(2):
            timeline_for_applicant(application)

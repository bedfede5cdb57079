"""Calls: written as data, published once, judged for eligibility with reasons."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from grants.actions.calls import close_call, edit_call, publish_call
from grants.models import Call
from grants.models.applications import findings
from mission.errors import Refused
from tests.grants.world import draft_call, officer, open_call, startup
from tests.world import person

pytestmark = pytest.mark.django_db


def test_a_draft_is_seen_by_the_desk_alone() -> None:
    meera = officer()
    call = draft_call(meera)
    assert call in Call.objects.visible_to(meera)
    assert call not in Call.objects.visible_to(person("asha"))
    publish_call(actor=meera, call=call)
    assert call in Call.objects.visible_to(person("ravi"))


def test_only_officers_write_calls() -> None:
    with pytest.raises(Refused) as refused:
        draft_call(person("asha"))
    assert refused.value.status == 403


def test_a_published_call_stands() -> None:
    meera = officer()
    call = open_call(meera)
    with pytest.raises(Refused):
        edit_call(actor=meera, call=call, revision=call.revision, title="Another title")
    with pytest.raises(Refused, match="You did this already"):
        publish_call(actor=meera, call=call)


def test_two_officers_editing_one_draft_do_not_overwrite_each_other() -> None:
    meera = officer()
    call = draft_call(meera)
    edit_call(actor=meera, call=call, revision=1, title="First")
    with pytest.raises(Refused) as refused:
        edit_call(actor=officer("second"), call=call, revision=1, title="Second")
    assert refused.value.code == "clash"
    call.refresh_from_db()
    assert call.title == "First"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("questions", [{"key": "Plan!", "kind": "long_text", "label": "x"}]),
        ("questions", [{"key": "plan", "kind": "hologram", "label": "x"}]),
        ("questions", [{"key": "version", "kind": "short_text", "label": "x"}]),
        ("criteria", [{"key": "a", "label": "A", "weight": 0}]),
        ("eligibility", [{"rule": "moon_phase"}]),
        ("eligibility", [{"rule": "nation"}]),
        ("deliverables", [{"title": "No date"}]),
        ("time_zone", "Mars/Olympus"),
        ("closes_at", timezone.now() - datetime.timedelta(days=9)),
    ],
)
def test_a_call_with_unsound_data_is_refused_with_a_sentence(field: str, value: object) -> None:
    with pytest.raises(Refused) as refused:
        draft_call(officer(), **{field: value})
    assert refused.value.sentence


def test_a_call_that_reviewers_cannot_score_is_not_published() -> None:
    meera = officer()
    with pytest.raises(Refused, match="criterion"):
        publish_call(actor=meera, call=draft_call(meera, criteria=[]))


def test_the_database_itself_keeps_what_is_held_within_the_budget() -> None:
    call = open_call(officer())
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(held_gpu_ms=call.budget_gpu_ms + 1)


def test_each_rule_gives_its_reason() -> None:
    rules = [
        {"rule": "organisation_type", "any_of": ["startup", "research"]},
        {"rule": "nation", "any_of": ["DE"]},
        {"rule": "founded_within_years", "years": 10},
        {"rule": "registered"},
        {"rule": "gpu_hours_at_most", "hours": 400},
        {"rule": "earlier_awards_at_most", "count": 0},
    ]
    call = open_call(officer(), eligibility=rules)
    _founder, organisation = startup()
    found = findings(call, organisation)
    assert [finding.ok for finding in found] == [True, False, False, True, None, True]
    assert all(finding.reason and finding.rule for finding in found)
    assert findings(call, organisation, 500 * 3_600_000)[4].ok is False
    assert "India" in found[1].reason


def test_deadlines_are_told_in_the_calls_own_time_zone() -> None:
    closes = datetime.datetime(2027, 1, 31, 11, 30, tzinfo=datetime.UTC)
    call = draft_call(officer(), closes_at=closes)
    assert call.closes_in_words == "31 January 2027, 17:00 (Asia/Kolkata, UTC+05:30)"


def test_a_call_closed_for_good_is_not_open() -> None:
    meera = officer()
    call = close_call(actor=meera, call=open_call(meera), reason="Moved to the spring")
    assert not call.is_open
    assert call.phase == "closed"
    assert call not in Call.objects.open()

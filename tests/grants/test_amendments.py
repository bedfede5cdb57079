"""After publication a call changes in the open, and never against those who rely on it."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants.actions.amendments import amend_call
from grants.actions.applications import withdraw
from grants.actions.calls import close_call
from grants.models import Amendment, Call, Notification
from grants.models.gpu_time import gpu_ms
from mission.errors import Refused
from mission.models import AuditEntry, Membership, Role
from tests.grants.test_pages import client_of, text_of
from tests.grants.world import draft_call, drafted, officer, open_call, startup, submitted
from tests.grants.world_calls import started
from tests.world import person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
WORDS = "The power cut of Monday cost everybody a day."


def test_an_extension_is_dated_kept_and_told_to_everybody_who_is_applying() -> None:
    meera, (asha, kaveri), (bo, second), (cem, third) = (
        officer(), startup(), startup("Second", "bo"), startup("Third", "cem")
    )  # fmt: skip
    dara = person("dara")
    Membership.objects.create(user=dara, organisation=kaveri)
    call = open_call(meera)
    drafted(asha, call, kaveri)
    submitted(bo, call, second)
    withdraw(actor=cem, application=submitted(cem, call, third))
    Notification.objects.all().delete()
    later = call.closes_at + 3 * DAY
    made = amend_call(actor=meera, call=call, revision=1, words=WORDS, closes_at=later)
    call.refresh_from_db()
    assert (call.closes_at, call.revision) == (later, 2)
    assert (made.number, made.announced_by, made.words) == (1, meera, WORDS)
    assert made.changes["closes_at"]["after"] == later.isoformat()
    told = Notification.objects.filter(kind="call_amended")
    assert {each.user for each in told} == {asha, dara, bo}
    assert all(WORDS in each.text for each in told)
    entry = AuditEntry.objects.get(verb="call.amended")
    assert entry.facts["number"] == 1
    page = text_of(Client().get(call.get_absolute_url()))
    assert WORDS in page
    assert call.closes_in_words in page
    assert "Changed since it was published" in page


@pytest.mark.parametrize(
    ("field", "change", "words"),
    [
        ("closes_at", lambda call: call.closes_at - DAY, "only move to later"),
        ("budget_gpu_ms", lambda call: call.budget_gpu_ms - 1, "only grow"),
        ("budget_money", lambda call: Decimal(5), "without such a budget"),
        ("grace_minutes", lambda call: -1, "only grow"),
        ("results_at", lambda call: timezone.now() - DAY, "later"),
        ("opens_at", lambda call: call.opens_at - DAY, "stands as published"),
        ("title", lambda call: "Another", "stands as published"),
        ("held_gpu_ms", lambda call: 5, "stands as published"),
        ("applicants", lambda call: "either", "stands as published"),
    ],
)
def test_what_would_break_a_promise_is_refused_at_once(field: str, change: Any, words: str) -> None:
    meera = officer()
    call = open_call(meera)
    with pytest.raises(Refused, match=words) as refused:
        amend_call(actor=meera, call=call, revision=1, words=WORDS, **{field: change(call)})
    assert refused.value.field == field
    assert not Amendment.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("questions", [{"key": "other", "kind": "long_text", "label": "Something else"}]),
        ("criteria", [{"key": "other", "label": "Something else", "weight": 1}]),
        ("eligibility", [{"rule": "registered"}]),
        ("deliverables", []),
        ("declarations", []),
        ("terms", "All yours is ours."),
        ("appeal_days", 3),
        ("routes", [{"route": "desk", "steps": [{"step": "decision"}]}]),
    ],
)
def test_the_bargain_stands_once_somebody_has_applied(field: str, value: Any) -> None:
    meera, (asha, kaveri) = officer(), startup()
    call = open_call(meera)
    drafted(asha, call, kaveri)
    before = getattr(call, field)
    amend_call(actor=meera, call=call, revision=1, words=WORDS, **{field: value})  # nobody has yet
    amend_call(actor=meera, call=call, revision=2, words=WORDS, **{field: before})
    submitted(asha, open_call(meera, title="Elsewhere"), kaveri)  # another call's applicant counts not here
    amend_call(actor=meera, call=call, revision=3, words=WORDS, **{field: value})
    amend_call(actor=meera, call=call, revision=4, words=WORDS, **{field: before})
    bo, second = startup("Second", "bo")
    submitted(bo, call, second)
    with pytest.raises(Refused, match="somebody has applied") as refused:
        amend_call(actor=meera, call=call, revision=5, words=WORDS, **{field: value})
    assert refused.value.field == field
    assert Call.objects.get(pk=call.pk).revision == 5


def test_help_and_service_levels_may_change_after_somebody_applied() -> None:
    meera, (asha, kaveri) = officer(), startup()
    route = {"route": "desk", "service_days": 9, "steps": [{"step": "check"}, {"step": "decision"}]}
    call = open_call(meera, routes=[route])
    submitted(asha, call, kaveri)
    helped = [{**question, "help": "Half a page will do."} for question in call.questions]
    amend_call(actor=meera, call=call, revision=1, words=WORDS, questions=helped)
    amend_call(actor=meera, call=call, revision=2, words=WORDS, routes=[{**route, "service_days": 12}])
    call.refresh_from_db()
    assert call.questions[0]["help"] == "Half a page will do."
    assert call.routes[0]["service_days"] == 12


def test_a_budget_grows_and_the_new_terms_are_a_new_version() -> None:
    meera = officer()
    call = open_call(meera)
    amend_call(actor=meera, call=call, revision=1, words="More came in.", budget_gpu_ms=gpu_ms(2000))
    amend_call(actor=meera, call=call, revision=2, words="Clearer.", terms="Publish it.")
    call.refresh_from_db()
    assert (call.budget_gpu_ms, call.terms_version) == (gpu_ms(2000), 2)
    first = Amendment.objects.get(number=1)
    assert first.in_words() == ["Budget in GPU time: 1,000 GPU-hours, now 2,000 GPU-hours."]


def test_a_closed_call_is_not_opened_again() -> None:
    meera = officer()
    call = open_call(meera)
    Call.objects.update(closes_at=timezone.now() - DAY, opens_at=timezone.now() - 3 * DAY)
    with pytest.raises(Refused, match="has closed"):
        amend_call(actor=meera, call=call, revision=1, words=WORDS, closes_at=timezone.now() + DAY)
    amend_call(actor=meera, call=call, revision=1, words=WORDS, description="Clearer words.")
    close_call(actor=meera, call=call, reason="Done")
    with pytest.raises(Refused, match="Only a published call"):
        amend_call(actor=meera, call=call, revision=2, words=WORDS, description="Clearer still.")


def test_an_amendment_needs_words_a_change_an_officer_and_the_latest_revision() -> None:
    meera = officer()
    call = open_call(meera)
    later = {"closes_at": call.closes_at + DAY}
    wrong: list[dict[str, Any]] = [
        {"words": " ", **later},
        {"closes_at": call.closes_at},
        {"actor": person("sam", Role.AUDITOR), **later},
        {"revision": 0, **later},
        {"call": draft_call(meera, title="Draft"), **later},
    ]
    for given in wrong:
        with pytest.raises(Refused):
            amend_call(**{"actor": meera, "call": call, "revision": 1, "words": WORDS, **given})
    assert not Amendment.objects.exists()


def test_two_officers_amending_at_once_announce_one_change() -> None:
    meera = officer()
    call = open_call(meera)
    amend_call(actor=meera, call=call, revision=1, words=WORDS, closes_at=call.closes_at + DAY)
    with pytest.raises(Refused) as refused:
        amend_call(
            actor=officer("bo"), call=call, revision=1, words="Mine", closes_at=call.closes_at + 9 * DAY
        )
    assert refused.value.code == "clash"
    assert Amendment.objects.count() == 1


def test_the_page_changes_only_what_was_typed_anew() -> None:
    meera, (asha, _kaveri) = officer(), startup()
    call = started(meera, "compute")
    desk, address = client_of(meera), f"/desk/calls/{call.slug}/amend/"
    form = desk.get(address).context["form"]
    sent = {name: "" if form[name].value() is None else form[name].value() for name in form.fields}
    nothing = desk.post(address, {**sent, "words": WORDS})
    assert nothing.status_code == 422
    assert "Nothing would change" in text_of(nothing)
    assert WORDS in text_of(nothing)
    done = desk.post(address, {**sent, "words": WORDS, "help_problem": "Name them.", "days_desk": "12"})
    assert done.status_code == 302
    assert set(Amendment.objects.get().changes) == {"questions", "routes"}
    earlier = desk.post(address, {**sent, "words": WORDS, "revision": "2", "budget_hours": "1"})
    assert earlier.status_code == 422
    assert "A budget can only grow" in text_of(earlier)
    assert client_of(asha).get(address).status_code == 404

"""Deciding: two budgets held at once, results held until they are published, and taken back before that."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants.actions.applications import withdraw
from grants.actions.decisions import announce, announce_due, decide, undo_decision
from grants.actions.reviews import declare_no_conflict, submit_review
from grants.models import Application, Award, Call, Decision, Letter, Notification, PanelRecord
from grants.models.gpu_time import gpu_ms
from mission.errors import Refused
from mission.models import AuditEntry, Role, User
from tests.grants.world import CRITERIA, officer
from tests.grants.world_deciding import at_once, deciding_call, founder_of, holding, publication_comes, ready
from tests.world import person

WHY: dict[str, Any] = {"reason": "Strong", "feedback": "Well done."}


def fresh(application: Application) -> Application:
    return Application.objects.select_related("call").get(pk=application.pk)


def held_of(call: Call) -> tuple[int, Decimal]:
    return Call.objects.values_list("held_gpu_ms", "held_money").get(pk=call.pk)


@pytest.mark.django_db
def test_requested_recommended_and_awarded_are_kept_apart_in_hours_and_money() -> None:
    meera = officer()
    (application,) = ready(deciding_call(meera, money=50_000))
    application.reviews.update(recommended_money=Decimal("15000.50"))
    decision = decide(
        actor=meera, application=application, kind="award", gpu_ms=gpu_ms(300), money=Decimal(12_000), **WHY
    )
    kept = (decision.requested_gpu_ms, decision.recommended_gpu_ms, decision.awarded_gpu_ms)
    assert kept == (gpu_ms(500), gpu_ms(400), gpu_ms(300))
    money = (decision.requested_money, decision.recommended_money, decision.awarded_money)
    assert money == (Decimal(20_000), Decimal("15000.50"), Decimal(12_000))
    award = Award.objects.get()
    assert (award.gpu_ms, award.money, award.currency) == (gpu_ms(300), Decimal(12_000), "INR")
    assert held_of(application.call) == (gpu_ms(300), Decimal(12_000))
    assert "300 GPU-hours and INR 12,000" in Letter.objects.get(kind="award").body


@pytest.mark.django_db
def test_the_panels_newest_word_counts_more_than_the_reviewers_mean() -> None:
    meera = officer()
    (application,) = ready()
    for hours in (100, 250):
        PanelRecord.objects.create(
            application=application,
            total=80,
            recommended_gpu_ms=gpu_ms(hours),
            reasons="Moderated.",
            recorded_by=meera,
        )
    decision = decide(actor=meera, application=application, kind="award", gpu_ms=gpu_ms(200), **WHY)
    assert decision.recommended_gpu_ms == gpu_ms(250)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("hours", "money", "field"), [(1001, 10, "gpu_hours"), (10, 50_001, "money"), (0, 0, "gpu_hours")]
)
def test_above_either_budget_neither_is_touched(hours: int, money: int, field: str) -> None:
    meera = officer()
    (application,) = ready(deciding_call(meera, money=50_000))
    with pytest.raises(Refused) as refused:
        decide(
            actor=meera,
            application=application,
            kind="award",
            gpu_ms=gpu_ms(hours),
            money=Decimal(money),
            **WHY,
        )
    assert refused.value.field == field
    assert held_of(application.call) == (0, 0)
    assert not Decision.objects.exists()
    assert fresh(application).status == "reviewed"


@pytest.mark.django_db
def test_a_call_that_gives_neither_hours_nor_money_makes_listings() -> None:
    meera = officer()
    (application,) = ready(deciding_call(meera, hours=0))
    decide(actor=meera, application=application, kind="award", **WHY)
    award = Award.objects.get()
    assert (award.gpu_ms, award.money, award.currency) == (0, 0, "")
    assert not award.lots.exists()
    assert "a listing" in Letter.objects.get(kind="award").body


@pytest.mark.django_db
def test_a_call_without_money_gives_none() -> None:
    (application,) = ready()
    with pytest.raises(Refused, match="gives no money") as refused:
        decide(actor=officer("divya"), application=application, kind="award", money=Decimal(1), **WHY)
    assert refused.value.field == "money"


@pytest.mark.django_db
def test_declining_needs_words_for_the_applicant() -> None:
    (application,) = ready()
    with pytest.raises(Refused) as refused:
        decide(actor=officer("divya"), application=application, kind="decline", reason="Weak", feedback=" ")
    assert refused.value.field == "feedback"
    assert fresh(application).status == "reviewed"


@pytest.mark.django_db
def test_a_held_decision_is_known_to_the_desk_alone() -> None:
    meera = officer()
    (application,) = ready(holding(meera))
    before = (Letter.objects.count(), Notification.objects.count())
    decision = decide(actor=meera, application=application, kind="award", gpu_ms=gpu_ms(300), **WHY)
    now = fresh(application)
    assert now.status == "decided"
    assert now.decision == decision
    assert now.announced_decision is None
    assert held_of(application.call)[0] == gpu_ms(300)
    assert (Letter.objects.count(), Notification.objects.count()) == before
    assert not Award.objects.exists()
    with pytest.raises(Refused, match="Results are held until"):
        announce(decision=decision, actor=meera)
    assert announce_due() == 0


@pytest.mark.django_db
def test_no_public_sum_tells_of_a_held_award() -> None:
    meera = officer()
    (application,) = ready(holding(meera, money=50_000))
    slug, client = application.call.slug, Client()

    def public() -> tuple[object, object, bool]:
        told = client.get(f"/api/calls/{slug}/").json()
        page = client.get(f"/calls/{slug}/").content.decode()
        return told["awarded_gpu_hours"], told["awarded_money"], "317 GPU-hours" in page

    before = public()
    decide(actor=meera, application=application, kind="award", gpu_ms=gpu_ms(317), money=Decimal(9), **WHY)
    assert public() == before
    publication_comes(application.call)
    announce_due()
    assert public() == (317.0, "9.00", True)


@pytest.mark.django_db
def test_what_is_held_comes_out_when_its_time_has_come_and_only_once() -> None:
    meera = officer()
    first, second, third = ready(holding(meera), n=3)
    decide(actor=meera, application=first, kind="award", gpu_ms=gpu_ms(300), **WHY)
    decide(actor=meera, application=second, kind="decline", **WHY)
    decide(actor=meera, application=third, kind="wait", **WHY)
    publication_comes(first.call)
    assert announce_due() == 3
    assert [fresh(one).status for one in (first, second, third)] == ["awarded", "declined", "waitlisted"]
    assert Letter.objects.filter(kind__in=["award", "declined", "waitlist"]).count() == 3
    assert Award.objects.get().awarded_by == meera
    assert AuditEntry.objects.about(first).filter(verb="application.awarded").get().actor is None
    assert announce_due() == 0
    assert Award.objects.count() == 1
    assert held_of(first.call)[0] == gpu_ms(300)


@pytest.mark.django_db
def test_a_publication_killed_in_the_middle_goes_on() -> None:
    meera = officer()
    rows = ready(holding(meera), n=3)
    decisions = [decide(actor=meera, application=one, kind="decline", **WHY) for one in rows]
    publication_comes(rows[0].call)
    announce(decision=decisions[1])  # as far as it came
    assert announce_due() == 2
    assert Letter.objects.filter(kind="declined").count() == 3


@pytest.mark.django_db
def test_a_decision_is_taken_back_before_it_is_announced_and_never_after() -> None:
    meera, divya = officer(), officer("divya")
    (application,) = ready(holding(meera, money=50_000))
    decision = decide(
        actor=meera, application=application, kind="award", gpu_ms=gpu_ms(300), money=Decimal(5), **WHY
    )
    undone = undo_decision(actor=divya, decision=decision, reason="The wrong one")
    assert undone.undone_at is not None
    assert fresh(application).status == "reviewed"
    assert held_of(application.call) == (0, 0)
    with pytest.raises(Refused):
        undo_decision(actor=divya, decision=decision)
    again = decide(actor=meera, application=application, kind="decline", **WHY)
    assert again.number == 2
    publication_comes(application.call)
    announce_due()
    assert fresh(application).status == "declined"
    with pytest.raises(Refused, match="Declined"):
        undo_decision(actor=meera, decision=again)
    assert Letter.objects.filter(kind="award").count() == 0


@pytest.mark.django_db
def test_withdrawing_before_the_announcement_frees_what_was_held() -> None:
    meera = officer()
    (application,) = ready(holding(meera))
    decide(actor=meera, application=application, kind="award", gpu_ms=gpu_ms(300), **WHY)
    withdraw(actor=founder_of(application), application=application)
    assert held_of(application.call)[0] == 0
    publication_comes(application.call)
    assert announce_due() == 0
    assert fresh(application).status == "withdrawn"


@pytest.mark.django_db
def test_the_waiting_list_has_places_and_leads_to_an_award() -> None:
    meera = officer()
    first, second = ready(n=2)
    places = [decide(actor=meera, application=one, kind="wait", **WHY).place for one in (first, second)]
    assert places == [1, 2]
    assert fresh(first).status == "waitlisted"
    assert "number 1 on the waiting list" in Letter.objects.filter(kind="waitlist").last().body
    decide(actor=meera, application=first, kind="award", gpu_ms=gpu_ms(300), **WHY)
    assert fresh(first).status == "awarded"


@pytest.mark.django_db
def test_taking_back_a_held_award_from_the_waiting_list_leaves_it_there() -> None:
    meera = officer()
    (application,) = ready()
    decide(actor=meera, application=application, kind="wait", **WHY)
    Call.objects.update(results_at=timezone.now() + datetime.timedelta(days=1))
    before = (fresh(application).public_label, fresh(application).public_since)
    held = decide(actor=meera, application=application, kind="award", gpu_ms=gpu_ms(3), **WHY)
    now = fresh(application)
    assert now.public_label == before[0] == "On the waiting list"
    assert abs(now.public_since - before[1]) < datetime.timedelta(seconds=1)
    assert now.status == "decided"
    undo_decision(actor=meera, decision=held)
    assert fresh(application).status == "waitlisted"


@pytest.mark.django_db
def test_nothing_is_awarded_without_the_reviews_that_were_pinned() -> None:
    meera = officer()
    (application,) = ready()
    review = application.reviews.first()
    type(review).objects.filter(pk=review.pk).update(status="released")
    with pytest.raises(Refused, match="2 reviews are needed first, and 1 are in"):
        decide(actor=meera, application=application, kind="award", gpu_ms=gpu_ms(3), **WHY)


@pytest.mark.django_db
def test_who_belongs_to_the_applicant_neither_decides_nor_takes_back() -> None:
    meera = officer()
    (application,) = ready(holding(meera))
    conflicted = officer("bound")
    application.organisation.memberships.create(user=conflicted)
    with pytest.raises(Refused) as refused:
        decide(actor=conflicted, application=application, kind="decline", **WHY)
    assert refused.value.code == "conflict"
    decision = decide(actor=meera, application=application, kind="decline", **WHY)
    with pytest.raises(Refused) as refused:
        undo_decision(actor=conflicted, decision=decision)
    assert refused.value.code == "conflict"


@pytest.mark.django_db(transaction=True)
def test_forty_officers_on_one_budget_of_hours_and_money_never_go_above_either() -> None:
    meera = officer()
    call = deciding_call(meera, hours=1000, money=100_000)
    rows = ready(call, n=8)
    acts = []
    for number in range(40):
        # Hours for three at most, money for five at most: the hours decide.
        one: Any = rows[number % 8]
        acts.append(
            lambda one=one: decide(
                actor=meera,
                application=one,
                kind="award",
                gpu_ms=gpu_ms(300),
                money=Decimal(20_000),
                reason="Strong",
            )
        )
    results = at_once(*acts)
    assert all(isinstance(result, Decision | Refused) for result in results), results
    assert len([result for result in results if isinstance(result, Decision)]) == 3
    assert held_of(call) == (gpu_ms(900), Decimal(60_000))
    assert Award.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_announce_once() -> None:
    meera = officer()
    rows = ready(holding(meera), n=3)
    for one in rows:
        decide(actor=meera, application=one, kind="award", gpu_ms=gpu_ms(100), **WHY)
    publication_comes(rows[0].call)
    results = at_once(announce_due, announce_due, announce_due)
    assert sum(results) == 3
    assert Award.objects.count() == 3
    assert Letter.objects.filter(kind="award").count() == 3


@pytest.mark.django_db(transaction=True)
def test_taking_back_and_announcing_at_once_do_one_of_the_two() -> None:
    meera = officer()
    (application,) = ready(holding(meera))
    decision = decide(actor=meera, application=application, kind="award", gpu_ms=gpu_ms(100), **WHY)
    publication_comes(application.call)
    at_once(lambda: undo_decision(actor=meera, decision=decision), announce_due)
    status, held = fresh(application).status, held_of(application.call)[0]
    assert (status, held) in {("reviewed", 0), ("awarded", gpu_ms(100))}
    assert Award.objects.count() == (status == "awarded")


@pytest.mark.django_db
def test_a_score_that_comes_after_an_early_decline_changes_nothing() -> None:
    from grants.actions.reviews import assign_reviewer
    from tests.grants.world import startup, submitted

    meera = officer()
    founder, organisation = startup()
    application = submitted(founder, deciding_call(meera), organisation)
    ravi = person("ravi", Role.REVIEWER)
    review = assign_reviewer(actor=meera, application=application, reviewer=ravi)
    declare_no_conflict(actor=ravi, review=review)
    decide(actor=meera, application=application, kind="decline", **WHY)
    given = {item["key"]: {"points": 3, "comment": "Fair."} for item in CRITERIA}
    with pytest.raises(Refused):
        submit_review(actor=User.objects.get(pk=ravi.pk), review=review, scores=given)
    assert fresh(application).status == "declined"
    assert fresh(application).asked == 0

"""The ranking of a call, worked out by the database over all of its rows, whatever page is looked at.

An application stands by its panel's newest total, else by its reviewers' mean. After those still to be
decided come those on the waiting list, by their place. Amounts are those recommended, else those asked
for, unless the officer tries others (`Tried`); summed up from the top, they show where the budget ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Avg, Case, Count, F, OuterRef, Q, Subquery, Sum, Value, When, Window
from django.db.models.functions import Cast, Coalesce, RowNumber

from grants.models.applications import Application, ApplicationQuerySet, ApplicationStatus
from grants.models.calls import Call
from grants.models.decisions import Decision
from grants.models.reviews import Review
from grants.models.steps import PanelRecord
from grants.models.waiting_list import place
from mission.models import User

TO_DECIDE = (ApplicationStatus.REVIEWED, ApplicationStatus.WAITLISTED)
MONEY = models.DecimalField(max_digits=20, decimal_places=2)
HOURS = models.BigIntegerField()
BY_RANK = (
    "waits",
    F("place").asc(nulls_last=True),
    F("standing").desc(nulls_last=True),
    "submitted_at",
    "pk",
)


@dataclass(frozen=True)
class Tried:
    """Amounts an officer tries instead of those recommended, by reference."""

    gpu_ms: Mapping[str, int] = field(default_factory=dict)
    money: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Budget:
    """What is free, what all rows together would take, and how many from the top fit."""

    rows: int
    fits: int
    gpu_ms: int
    money: Decimal


def to_decide(call: Call, user: User) -> ApplicationQuerySet:
    """Each with its score, place, and what is recommended for it."""
    newest = PanelRecord.objects.filter(application=OuterRef("pk")).order_by("-recorded_at", "-pk")
    scored = Review.objects.submitted().filter(application=OuterRef("pk")).order_by().values("application")

    def recommended(column: str, kind: Any) -> Coalesce:
        mean = Subquery(scored.annotate(mean=Avg(column)).values("mean"))
        return Coalesce(Subquery(newest.values(column)[:1]), Cast(mean, kind), output_field=kind)

    rows = Application.objects.at_the_desk(user).filter(call=call, status__in=TO_DECIDE)
    return rows.annotate(
        panel_total=Subquery(newest.values("total")[:1]),
        standing=Coalesce("panel_total", "mean_total"),
        recommended_gpu_ms=recommended("recommended_gpu_ms", HOURS),
        recommended_money=recommended("recommended_money", MONEY),
        waits=Case(When(status=ApplicationStatus.WAITLISTED, then=1), default=0),
        place=Case(When(status=ApplicationStatus.WAITLISTED, then=place())),
    )


def ranking(call: Call, user: User, tried: Tried) -> Any:
    """In rank order, with `rank`, the amounts, and both amounts summed from the top."""
    rows = to_decide(call, user).annotate(
        amount_gpu_ms=amount("gpu_ms", tried.gpu_ms, HOURS) if call.budget_gpu_ms else Value(0, HOURS),
        amount_money=amount("money", tried.money, MONEY) if call.budget_money else Value(Decimal(0), MONEY),
    )
    return rows.annotate(
        rank=Window(RowNumber(), order_by=BY_RANK),
        sum_gpu_ms=Window(Sum("amount_gpu_ms", output_field=HOURS), order_by=BY_RANK),
        sum_money=Window(Sum("amount_money", output_field=MONEY), order_by=BY_RANK),
    ).order_by("rank")


def amount(name: str, tried: Mapping[str, Any], kind: Any) -> Any:
    usual = Coalesce(f"recommended_{name}", f"requested_{name}", output_field=kind)
    if not tried:
        return usual
    whens = [When(reference=reference, then=Value(value, kind)) for reference, value in tried.items()]
    return Case(*whens, default=usual, output_field=kind)


def budget_of(call: Call, rows: Any) -> Budget:
    """One query over the ranking."""
    fit = Q(sum_gpu_ms__lte=call.free_gpu_ms, sum_money__lte=call.free_money)
    found = rows.aggregate(
        rows=Count("pk"),
        fits=Count("pk", filter=fit),
        all_gpu_ms=Sum("amount_gpu_ms", output_field=HOURS),
        all_money=Sum("amount_money", output_field=MONEY),
    )
    return Budget(found["rows"], found["fits"], found["all_gpu_ms"] or 0, found["all_money"] or Decimal(0))


def decided(call: Call, user: User) -> models.QuerySet[Decision]:
    """What was decided on the call and stands, the newest first."""
    seen = Application.objects.at_the_desk(user).filter(call=call)
    rows = Decision.objects.filter(application__in=seen, undone_at=None)
    return rows.select_related("application__organisation", "decided_by").order_by("-decided_at", "-pk")

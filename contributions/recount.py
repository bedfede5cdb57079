"""A month of a metric, counted from its rows and made fit to be seen. Only reads; actions store it."""

import datetime
import statistics
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Max, Min, Q
from django.utils import timezone

from contributions.measures import Amount, Metric, Touch
from contributions.measures.cells import UNKNOWN, Place, cells, changed, larger
from contributions.measures.metric import later, month_of
from contributions.models import Contribution, Reading, Rollup
from contributions.suppression import Counted, Slice, publish

ADDED_UP = frozenset({Amount.SUM, Amount.SUBJECTS})
# A library's downloads rose 39-fold and fell to a seventh within five months, while growth that is real
# seldom triples in one. Three times the median of half a year is told apart from both.
SPIKE_TIMES, SPIKE_MONTHS, SPIKE_LEAST = 3, 6, 3


@dataclass(frozen=True, slots=True)
class Figure:
    """One cell as it is stored and published."""

    place: Place
    lower: Decimal | None
    upper: Decimal | None
    suppressed: bool
    unknown_share: Decimal | None
    top_share: Decimal | None
    spike: bool


def recount(metric: Metric, month: datetime.date) -> list[Figure]:
    """All cells of the month. For a metric that looks at earlier months those must be stored first."""
    counted = cells(metric, month)
    if metric.cumulative and metric.amount in ADDED_UP:
        counted = _with_changes(metric, month, counted)
    before = _before(metric, month) if metric.swings else {}
    return [
        Figure(
            place=shown.place,
            lower=shown.lower,
            upper=shown.upper,
            suppressed=shown.suppressed,
            unknown_share=shown.unknown_share,
            top_share=shown.top_share,
            spike=is_spike(shown.upper, before.get(shown.place, [])),
        )
        for shown in publish(counted, UNKNOWN, _closed(metric, month))
    ]


def _closed(metric: Metric, month: datetime.date) -> set[Place]:
    """Where a figure that holds this one is suppressed; and where a share would tell a withheld bound."""
    same = Rollup.objects.fresh().filter(month=month).order_by()
    held = Q(metric__in=[whole.slug for whole in larger(metric)], suppressed=True)
    if metric.amount == Amount.RATIO:
        held |= Q(metric__in=metric.kinds, suppressed=False, lower=None)
    return set(same.filter(held).values_list("nation", "international"))


def _with_changes(
    metric: Metric, month: datetime.date, counted: list[Counted[Place]]
) -> list[Counted[Place]]:
    """A state at the end of a month less the state last shown tells of whoever changed it: a slice more."""
    shown = Rollup.objects.shown().filter(metric=metric.slug, month__lt=month)
    last = {
        (nation, international): when
        for nation, international, when in shown.order_by()
        .values_list("nation", "international")
        .annotate(when=Max("month"))
    }
    wanted = {last[cell.place] for cell in counted if cell.place in last}
    since = {when: changed(metric, month, when) for when in sorted(wanted)}
    return [
        replace(cell, slices=(*cell.slices, since[last[cell.place]].get(cell.place, Slice())))
        if cell.place in last
        else replace(cell, slices=(*cell.slices, Slice()))
        for cell in counted
    ]


def is_spike(now: Decimal | None, before: list[Decimal]) -> bool:
    """More than three times the median of up to six months before; never on fewer than three of them."""
    if now is None or len(before) < SPIKE_LEAST:
        return False
    return now > SPIKE_TIMES * statistics.median(before)


def _before(metric: Metric, month: datetime.date) -> dict[Place, list[Decimal]]:
    """What was published of each place in the half year before."""
    rows = Rollup.objects.shown().filter(
        metric=metric.slug, month__lt=month, month__gte=later(month, -SPIKE_MONTHS)
    )
    found: dict[Place, list[Decimal]] = defaultdict(list)
    for nation, international, upper in rows.order_by().values_list("nation", "international", "upper"):
        if upper is not None:
            found[nation, international].append(upper)
    return found


def months_of(metric: Metric) -> list[datetime.date]:
    """From the first month that may hold rows up to the present, oldest first."""
    acts = Contribution.objects.filter(kind__in=metric.kinds)
    firsts = [
        Rollup.objects.current().filter(metric=metric.slug).aggregate(first=Min("month"))["first"],
        *(
            month_of(first)
            for kind in metric.kinds
            if (first := acts.filter(kind=kind).aggregate(first=Min("happened_at"))["first"])
        ),
    ]
    if Touch.READINGS in metric.touched_by:
        day = Reading.objects.aggregate(first=Min("day"))["first"]
        firsts.append(day and day.replace(day=1))
    known = [first for first in firsts if first]
    if not known:
        return []
    last = Rollup.objects.current().filter(metric=metric.slug).order_by("-month").first()
    present = max(month_of(timezone.now()), last.month if last else min(known))
    months, month = [], min(known)
    while month <= present:
        months.append(month)
        month = later(month, 1)
    return months

"""Any indicator for all nations at once: read from stored cells, by month, never from the events."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db.models import CharField, Field, Max, Q, QuerySet, Sum
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from contributions.models import Baseline, Rollup
from dashboards.charts.figure import SUPPRESSED, UNKNOWN, Known, Reading, Source
from dashboards.figures.baseline import Quarter, source
from dashboards.figures.indicators import Indicator
from dashboards.figures.places import Place
from dashboards.figures.spans import Looked, Span
from dashboards.updates import Updates
from mission.written import any_of, array, written_once

AS_IT_COMES = Field()  # as a Decimal: Django would make each of thousands one more time
NONE = Reading.of(Decimal(0))


@dataclass(frozen=True)
class Measured:
    """One indicator over one span: a reading for every place."""

    indicator: Indicator
    span: Span
    cells: Mapping[str, Reading]
    computed: datetime.datetime | None = None
    before: Mapping[str, Reading] = field(default_factory=dict)

    def source(self) -> Source:
        """One query for the baseline."""
        return source() if not self.indicator.is_own else own_source(self.computed)


def own_source(computed: datetime.datetime | None) -> Source:
    name = _("GitHub, Hugging Face and the Mission's ledger, attributed")
    return Source(name, retrieved=computed, updates=Updates.ROLLUPS)


def summed(low: Any, high: Any, *, shown: bool, with_lower: bool, hidden: bool) -> Reading:
    """Months put together. A sum that lacks suppressed months is “at least”; suppressed is not zero."""
    if hidden and not low:
        return SUPPRESSED
    if hidden:
        return Reading(low, None, Known.AT_LEAST)
    if not shown:
        return NONE
    return Reading(low, high) if with_lower else Reading(None, high, Known.AT_MOST)


def sums(spans: Mapping[str, Span]) -> tuple[dict[str, dict[str, Reading]], datetime.datetime | None]:
    """For own metrics: by metric and nation, what the months come to; grouped by the database. A query for
    each span among them."""
    by_months: dict[tuple[datetime.date, ...], list[str]] = {}
    for slug, span in spans.items():
        by_months.setdefault(span.months, []).append(slug)
    found: dict[str, dict[str, Reading]] = {slug: {} for slug in spans}
    newest = ""
    for months, slugs in by_months.items():
        rows = _summed(array(slugs), months[0], months[-1])
        for metric, nation, at, low, high, some, with_lower, hidden in rows:
            found[metric][nation] = summed(low, high, shown=some, with_lower=with_lower, hidden=hidden)
            newest = max(newest, at)  # as text: reading thousands of times takes as long as adding them up
    return found, datetime.datetime.fromisoformat(newest) if newest else None


@written_once
def _summed(metrics: str, first: datetime.date, last: datetime.date) -> "QuerySet[Rollup, tuple[Any, ...]]":
    """Truths and not counts, since who reads a thousand rows converts every number in them."""
    rows = Rollup.objects.fresh().nations().filter(any_of("metric", metrics), month__range=(first, last))
    return (
        rows.order_by()
        .values_list("metric", "nation_id")
        .annotate(
            at=Cast(Max("computed_at"), CharField()),
            low=Sum("lower", output_field=AS_IT_COMES),
            high=Sum("upper", output_field=AS_IT_COMES),
            shown=BoolOr(Q(suppressed=False)),
            with_lower=BoolOr(Q(lower__isnull=False)),
            hidden=BoolOr("suppressed"),
        )
    )


def filled(
    indicator: Indicator, found: Mapping[str, Reading], places: Mapping[str, Place], known: Looked
) -> dict[str, Reading]:
    """A nation without a row: none where somebody looked and a count can be none, else unknown."""
    absent = NONE if indicator.has_zero else UNKNOWN
    return {code: found.get(code, absent if code in known.nations else UNKNOWN) for code in places}


def measure(indicator: Indicator, span: Span, places: Mapping[str, Place], known: Looked) -> Measured:
    """One query."""
    if not indicator.is_own:
        return _baseline(indicator, span, places)
    found, computed = sums({indicator.slug: span})
    return Measured(indicator, span, filled(indicator, found[indicator.slug], places, known), computed)


def _baseline(indicator: Indicator, span: Span, places: Mapping[str, Place]) -> Measured:
    """With the year before. A missing cell is suppressed by the publisher, once there is any cell at all."""
    now, then = set(span.quarters), {quarter.year_before for quarter in span.quarters}
    rows = Baseline.objects.nations().of(indicator.slug).filter(year__in={q.year for q in now | then})
    totals: dict[bool, dict[str, list[int]]] = {True: {}, False: {}}
    for economy, year, number, value in rows.order_by().values_list("economy", "year", "quarter", "value"):
        for at, wanted in ((True, now), (False, then)):
            if Quarter(year, number) in wanted:
                totals[at].setdefault(economy, []).append(value)
    absent = SUPPRESSED if totals[True] else UNKNOWN
    cells, before = (
        {code: _added(found.get(code, []), len(span.quarters), absent) for code in places}
        for found in (totals[True], totals[False])
    )
    return Measured(indicator, span, cells, before=before)


def _added(values: list[int], quarters: int, absent: Reading) -> Reading:
    if not values:
        return absent
    return Reading.of(sum(values)) if len(values) == quarters else Reading(sum(values), None, Known.AT_LEAST)

"""The question of the front page, answered in three figures: made, worked on, given."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contributions.models import Rollup
from dashboards.charts import words
from dashboards.charts.figure import Reading
from dashboards.charts.sparkline import Spark, sparkline
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.measured import NONE, summed
from dashboards.figures.register import hours
from dashboards.figures.spans import YEAR, Looked, month_span
from grants.models import Lot
from mission.remembered import Subject, remembered_while

PUBLISHED = ("model", "dataset", "benchmark", "application")
WORKED = ("merged_change",)


@dataclass(frozen=True, slots=True)
class Headline:
    value: str
    label: str
    url: str = ""
    spark: Spark | None = None


@dataclass(frozen=True)
class Year:
    """World totals of a year over all nations, by metric: a reading for each month, oldest first."""

    months: tuple[datetime.date, ...]
    lines: dict[str, list[Reading]]
    hidden: int

    def over(self, metrics: Sequence[str]) -> tuple[float, float]:
        """Both bounds of what may be shown, added up over the months."""
        cells = [cell for metric in metrics for cell in self.lines[metric]]
        return sum(float(one.lower or 0) for one in cells), sum(float(one.upper or 0) for one in cells)

    def spark(self, metrics: Sequence[str]) -> Spark:
        """These metrics together, month by month."""
        months = zip(*(self.lines[metric] for metric in metrics), strict=True)
        return sparkline(
            [
                Reading(
                    sum(float(one.lower or 0) for one in cells), sum(float(one.upper or 0) for one in cells)
                )
                for cells in months
            ]
        )


@remembered_while(Subject.FIGURES)
def year(known: Looked) -> Year:
    """One query. Suppressed cells are in no sum; `hidden` counts them."""
    months = month_span(known.last, YEAR)
    metrics = (*PUBLISHED, *WORKED)
    rows = Rollup.objects.fresh().nations().filter(metric__in=metrics, month__range=(months[0], months[-1]))
    grouped = (
        rows.order_by()
        .values_list("metric", "month")
        .annotate(low=Sum("lower"), high=Sum("upper"), hidden=Count("pk", filter=Q(suppressed=True)))
    )
    found = {(metric, month): (low, high, hidden) for metric, month, low, high, hidden in grouped}
    lines = {metric: [_cell(found.get((metric, month))) for month in months] for metric in metrics}
    return Year(months, lines, sum(hidden for _low, _high, hidden in found.values()))


def _cell(found: "tuple[object, object, int] | None") -> Reading:
    if found is None or found[1] is None:
        return NONE
    low, high, _hidden = found
    return summed(low, high, shown=True, with_lower=low is not None, hidden=False)


def numbers(told: Year, known: Looked) -> list[Headline]:
    """Three figures. One query, for what was given."""
    count = len(known.nations)
    published = ngettext(
        "models, datasets, benchmarks and applications in 12 months, from %(count)s nation",
        "models, datasets, benchmarks and applications in 12 months, from %(count)s nations",
        count,
    ) % {"count": words.number(count)}
    return [
        Headline(
            words.between(*told.over(PUBLISHED)), published, INDICATORS["model"].url, told.spark(PUBLISHED)
        ),
        Headline(
            words.between(*told.over(WORKED)),
            _("changes merged into open software in 12 months"),
            INDICATORS["merged_change"].url,
            told.spark(WORKED),
        ),
        given(),
    ]


def given() -> Headline:
    """All that was ever granted, and used so far. One query."""
    lots = Lot.objects.aggregate(
        granted=Sum("granted_ms"), used=Sum("used_ms"), awards=Count("award", distinct=True)
    )
    count = lots["awards"] or 0
    label = ngettext(
        "GPU-hours granted in %(count)s award, %(used)s used",
        "GPU-hours granted in %(count)s awards, %(used)s used",
        count,
    ) % {"count": words.number(count), "used": words.rounded(hours(lots["used"] or 0))}
    return Headline(words.rounded(hours(lots["granted"] or 0)), label, reverse("dashboards:awards"))

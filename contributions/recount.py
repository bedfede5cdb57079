"""A month of a metric, counted from its rows and made fit to be seen. Only reads; actions store it."""

import datetime
import statistics
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from contributions.measures import Metric
from contributions.measures.cells import UNKNOWN, Place, cells
from contributions.measures.metric import later
from contributions.models.rollups import Rollup
from contributions.suppression import publish

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
    """All cells of the month. For a metric that swings, the months before must be stored first."""
    before = _before(metric, month) if metric.swings else {}
    return list(_figures(metric, month, before))


def _figures(metric: Metric, month: datetime.date, before: dict[Place, list[Decimal]]) -> Iterator[Figure]:
    for shown in publish(cells(metric, month), UNKNOWN):
        yield Figure(
            place=shown.place,
            lower=shown.lower,
            upper=shown.upper,
            suppressed=shown.suppressed,
            unknown_share=shown.unknown_share,
            top_share=shown.top_share,
            spike=is_spike(shown.upper, before.get(shown.place, [])),
        )


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

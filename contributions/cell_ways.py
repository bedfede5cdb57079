"""Which way to the rows of a cell takes least: by everybody's acts, or by the accounts of its nation; all of
them, or the month walked until a page is full.

A large nation has ten thousand accounts, each of which must be looked up for the three models that it
published in a month; all models of the world are found sooner. Its changes are found by walking the changes
of the world until the page is full; those of a middling nation by looking up its accounts.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Sum

from contributions.cell_rows import DATED_BY, acts_asked
from contributions.measures import METRICS, Amount, Metric
from contributions.measures.facts import IN_MONTH
from contributions.models import ContributionKind
from contributions.models.rollups import Rollup
from mission.remembered import Subject, remembered_while

KINDS = frozenset(ContributionKind.values)
ON_WATCH = frozenset(slug for slug, metric in METRICS.items() if metric.on_watch)
FEW = 500  # acts, of which a reader is owed the sum on the page
# What reading a row costs is one. For each act in a month a nation has so many accounts that belong there,
# or did once.
ACCOUNTS = 3.0
LOOKED_UP = 0.4  # an account
PASSED = 0.2  # an act of somebody else's


class Way(NamedTuple):
    """`own`: by the accounts of the nation. `about`: the month is walked, which has about so many rows of the
    cell; 0: all are read."""

    own: bool
    about: int = 0


@dataclass(frozen=True, slots=True)
class Here:
    """What is published of the cell's place and month: acts of the metric's kinds, and of any kind."""

    acts: float = 0.0
    every: float = 0.0


def way_of(metric: Metric, cell: Rollup, here: Here, *, people: bool, limit: int) -> Way:
    """`people`: rows of people may be seen, as who walks does. One query, where the month was not asked for
    before."""
    has_accounts = bool(cell.nation_id)
    if not walks(metric):
        return Way(has_accounts)
    found = acts_of_month(cell.month)
    world = sum(found.get(slug, 0.0) for slug in ([metric.slug] if metric.on_watch else metric.kinds))
    lines = float(cell.upper or 0) if metric.amount == Amount.SUM and not metric.each_one else here.acts
    its_accounts = LOOKED_UP * ACCOUNTS * here.every
    costs = {Way(own=False): world}
    if has_accounts:
        costs[Way(own=True)] = its_accounts + here.acts
    if people and here.acts > FEW and cell.upper is not None:
        about = max(1, round(lines))
        costs[Way(False, about)] = PASSED * world * min(1.0, limit / about)
        if has_accounts:
            costs[Way(True, about)] = its_accounts + limit
    return min(costs, key=lambda way: costs[way])


@remembered_while(Subject.FIGURES)
def acts_of_month(month: datetime.date) -> Mapping[str, float]:
    """What is published of all places together, by kinds of acts and by the metrics of the watch list."""
    rows = Rollup.objects.shown().filter(month=month, metric__in=[*KINDS, *ON_WATCH]).order_by()
    return {slug: float(acts or 0) for slug, acts in rows.values_list("metric").annotate(Sum("upper"))}


def walks(metric: Metric) -> bool:
    """Whether the facts of a stretch of the month are had by asking for that stretch: acts with their
    moment, which ask for the month nowhere else."""
    asked = acts_asked(metric).replace(IN_MONTH, "")
    return DATED_BY in asked and "%(first)s" not in asked and "%(after)s" not in asked

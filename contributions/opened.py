"""A number opened: which of the facts of its cell may be seen.

A row of a person tells of that person, so it is listed only where no suppressed figure could be put
together from such rows: not in a suppressed cell, and not in a cell that shares its rows with one.
The rows themselves are read in contributions/cell_rows.py.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from contributions.cell_rows import PLACES, Line, Total, rows, walked, walks
from contributions.measures import METRICS, Amount, Metric
from contributions.measures.cells import Place
from contributions.models import ContributionKind

EVIDENCE = "evidence"  # the group of metrics that are made of grades alone
KINDS = frozenset(ContributionKind.values)
FEW = 200  # acts, of which a reader is owed the sum on the page


@dataclass(frozen=True, slots=True)
class Seen:
    """What of a cell may be seen. `people`: rows of people; `grades`: how good the evidence is of each.
    `acts`: how many of the metric's kinds are published of the place and month."""

    people: bool
    grades: bool
    because: str = ""  # the metric for whose sake not
    acts: float = 0.0


class Published(NamedTuple):
    """A rollup as it is published; see contributions/models/rollups.py."""

    metric: str
    lower: Decimal | None
    upper: Decimal | None
    suppressed: bool
    unknown_share: Decimal | None
    top_share: Decimal | None
    spike: bool
    rule_version: int
    computed_at: datetime.datetime | None
    stale: bool


OF_ONE_PLACE = f"""SELECT {", ".join(Published._fields)} FROM contributions_rollup f
WHERE {{place}} AND month = %(month)s AND superseded_at IS NULL"""  # noqa: S608 (our own words only)


def published(month: datetime.date, place: Place) -> list[Published]:
    """What is published of one place and month, by all metrics. One query. As bare rows: a page wants one of
    the three dozen, and of the others four columns."""
    nation, international = place
    asked = {"nation": nation, "international": international, "month": month}
    with connection.cursor() as cursor:
        cursor.execute(OF_ONE_PLACE.format(place=PLACES[nation is None]), asked)
        return [Published._make(row) for row in cursor.fetchall()]


def seen(metric: Metric, there: Iterable[Published], metrics: Mapping[str, Metric] = METRICS) -> Seen:
    """`there`: what is published of the same place and month. No query."""
    cells = [each for each in there if each.metric in metrics]
    found = {
        cell.metric: (cell.computed_at is not None and cell.suppressed, cell.lower is None) for cell in cells
    }
    if metric.slug not in found or found[metric.slug][0]:
        return Seen(people=False, grades=False)
    withheld = [metrics[slug] for slug, (suppressed, _none) in found.items() if suppressed]
    shares = next((other for other in withheld if shares_rows(metric, other)), None)
    grades = not any(
        none for slug, (_suppressed, none) in found.items() if set(metrics[slug].kinds) & set(metric.kinds)
    )
    acts = sum(float(each.upper or 0) for each in cells if each.metric in KINDS.intersection(metric.kinds))
    return Seen(shares is None, grades and not found[metric.slug][1], shares.slug if shares else "", acts)


def lines(
    metric: Metric,
    month: datetime.date,
    place: Place,
    upper: Decimal | None,
    may: Seen,
    *,
    after: str,
    limit: int,
) -> tuple[list[Line], Total | None]:
    """Rows of the cell that may be seen, from the one after `after`, and what all of them come to; None where
    they were not read for that, since they come to what the cell says: `upper`."""
    if metric.people and not may.people:  # whose rows are all of people
        return [], Total(0, None, None)
    where = metric, month, place
    many = may.acts > FEW
    if many and may.people and upper is not None and walks(metric):
        by_lines = metric.amount == Amount.SUM and not metric.each_one
        about = max(1, round(upper if by_lines else may.acts))
        return walked(*where, after=after, limit=limit, about=about), None
    return rows(*where, people=may.people, after=after, limit=limit, many=many)


def shares_rows(metric: Metric, other: Metric) -> bool:
    """Whether rows listed for the one would tell the figure of the other.

    Figures of people are told by nobody's rows, since nobody is named in them; states of all time are not
    told by a month's rows.
    """
    if metric.slug == other.slug or other.people or other.cumulative or other.group == EVIDENCE:
        return False
    if not set(metric.kinds) & set(other.kinds):
        return False
    if other.amount == Amount.RATIO:
        return True
    everything = metric.people or metric.amount in (Amount.RATIO, Amount.HALF)
    return _of_acts(other) and (everything or _of_acts(metric))


def _of_acts(metric: Metric) -> bool:
    """Whether it counts acts of its kinds: all of them, or a part."""
    return metric.slug in metric.kinds or metric.part_of is not None

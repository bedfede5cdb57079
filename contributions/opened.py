"""A number opened: which of the facts of its cell may be seen.

A row of a person tells of that person, so it is listed only where no suppressed figure could be put
together from such rows: not in a suppressed cell, and not in a cell that shares its rows with one.
The rows themselves are read in contributions/cell_rows.py.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contributions.cell_rows import Line, Total, rows, walked
from contributions.cell_ways import KINDS, Here, way_of
from contributions.measures import METRICS, Amount, Metric
from contributions.measures.cells import Place
from contributions.models.rollups import Rollup

EVIDENCE = "evidence"  # the group of metrics that are made of grades alone


@dataclass(frozen=True, slots=True)
class Seen:
    """What of a cell may be seen. `people`: rows of people; `grades`: how good the evidence is of each.
    `here`: what is published of the place and month."""

    people: bool
    grades: bool
    because: str = ""  # the metric for whose sake not
    here: Here = field(default_factory=Here)


def published(month: datetime.date, place: Place) -> list[Rollup]:
    """What is published of one place and month, by all metrics. One query."""
    nation, international = place
    there = Rollup.objects.current().filter(nation=nation, international=international, month=month)
    return list(there.order_by())


def seen(metric: Metric, there: Iterable[Rollup], metrics: Mapping[str, Metric] = METRICS) -> Seen:
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
    acts = {each.metric: float(each.upper or 0) for each in cells if each.metric in KINDS}
    here = Here(sum(acts.get(kind, 0) for kind in metric.kinds), sum(acts.values()))
    return Seen(shares is None, grades and not found[metric.slug][1], shares.slug if shares else "", here)


def lines(
    metric: Metric, cell: Rollup, may: Seen, *, after: str, limit: int
) -> tuple[list[Line], Total | None]:
    """Rows of the cell that may be seen, from the one after `after`, and what all of them come to; None where
    they were not read for that, since they come to what the cell says."""
    if metric.people and not may.people:  # whose rows are all of people
        return [], Total(0, None, None)
    where = metric, cell.month, (cell.nation_id, cell.international)
    way = way_of(metric, cell, may.here, people=may.people, limit=limit)
    if way.about:
        return walked(*where, after=after, limit=limit, about=way.about, own=way.own), None
    return rows(*where, people=may.people, after=after, limit=limit, own=way.own)


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

"""Who built on whom in a month, counted from the steps of lineage and made fit to be seen. Only reads."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from contributions.measures import METRICS
from contributions.measures.cells import Place
from contributions.measures.facts import PERSON
from contributions.measures.lineage import PUBLICATION
from contributions.measures.lineage_sql import GIVER, PIECE, STEPS, SURE_PIECE
from contributions.measures.metric import moments_of
from contributions.models.rollups import Exchange, Rollup
from contributions.suppression import Counted, Slice, publish

STEP = METRICS["lineage_step"]  # goes stale with whatever touches a month of give and take
RULE_VERSION = 1


class Pair(NamedTuple):
    giver: Place
    taker: Place


@dataclass(frozen=True, slots=True)
class Given:
    """One cell as it is stored and published."""

    kind: str  # LinkKind
    pair: Pair
    lower: Decimal | None
    upper: Decimal | None
    suppressed: bool


class Step(NamedTuple):
    """All steps of one kind between two places, with the people on both sides."""

    kind: str
    pair: Pair
    lower: Decimal
    upper: Decimal
    givers: frozenset[int]
    takers: frozenset[int]
    sure: frozenset[int]
    unsure: frozenset[int]


# Indexes: see STEPS. A row a kind and pair: a few hundred in a month.
COUNT = f"""
WITH step AS (
    SELECT l.kind, ga.nation_id AS giver, coalesce(ga.international, false) AS from_all,
        a.nation_id AS taker, a.international AS to_all, {GIVER} AS giving, {PERSON} AS taking,
        {PIECE} AS upper, {SURE_PIECE} AS lower
    {STEPS.format(child=PUBLICATION)}
)
SELECT kind, giver, from_all, taker, to_all, round(sum(lower), 4), round(sum(upper), 4),
    array_agg(DISTINCT giving) FILTER (WHERE giving IS NOT NULL),
    array_agg(DISTINCT taking) FILTER (WHERE taking IS NOT NULL),
    array_agg(DISTINCT ARRAY[giving, taking]) FILTER (WHERE lower > 0),
    array_agg(DISTINCT ARRAY[giving, taking]) FILTER (WHERE upper > lower)
FROM step GROUP BY kind, giver, from_all, taker, to_all
ORDER BY kind, giver NULLS FIRST, from_all, taker NULLS FIRST, to_all
"""  # noqa: S608 (our own words only)


def steps(month: datetime.date) -> list[Step]:
    """As they are: not for anybody's eyes before suppression."""
    first, after = moments_of(month)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, {"first": first, "after": after})
        rows = cursor.fetchall()
    return [
        Step(
            kind,
            Pair((giver, from_all), (taker, to_all)),
            lower,
            upper,
            frozenset(givers or ()),
            frozenset(takers or ()),
            _people(sure),
            _people(unsure),
        )
        for kind, giver, from_all, taker, to_all, lower, upper, givers, takers, sure, unsure in rows
    ]


def _people(sides: list[list[int | None]] | None) -> frozenset[int]:
    return frozenset(person for pair in sides or () for person in pair if person is not None)


def recount(month: datetime.date) -> list[Given]:
    """All cells of the month: whoever gave and whoever took, each fewer than ten people, are told by none."""
    by_kind: dict[str, list[Step]] = defaultdict(list)
    for step in steps(month):
        by_kind[step.kind].append(step)
    return [given for kind, cells in by_kind.items() for given in _published(kind, cells)]


def _published(kind: str, cells: list[Step]) -> Iterator[Given]:
    sides = (
        [cell.givers | cell.takers for cell in cells],
        [cell.givers for cell in cells],
        [cell.takers for cell in cells],
    )
    often = [Counter(person for people in side for person in people) for side in sides]
    counted = [
        Counted(
            place=cell.pair,
            lower=cell.lower,
            upper=cell.upper,
            weight=cell.upper,
            slices=tuple(_slice(side[at], seen) for side, seen in zip(sides, often, strict=True)),
            sure=Slice(len(cell.sure)),
            unsure=Slice(len(cell.unsure)),
        )
        for at, cell in enumerate(cells)
    ]
    nowhere: Place = (None, False)
    for shown in publish(counted, Pair(nowhere, nowhere)):
        yield Given(kind, shown.place, shown.lower, shown.upper, shown.suppressed)


def _slice(people: Collection[int], seen: Counter[int]) -> Slice:
    return Slice(len(people), sum(seen[person] == 1 for person in people))


def stored(month: datetime.date) -> list[Given]:
    return [
        Given(
            row.kind,
            Pair((row.giver_id, row.giver_international), (row.taker_id, row.taker_international)),
            row.lower,
            row.upper,
            row.suppressed,
        )
        for row in Exchange.objects.filter(month=month)
    ]


def months() -> set[datetime.date]:
    """Those with give and take, or with steps of lineage."""
    known = Rollup.objects.fresh().filter(metric=STEP.slug).order_by().values_list("month", flat=True)
    return set(known.distinct()) | set(Exchange.objects.values_list("month", flat=True).distinct())


def differences() -> Iterator[str]:
    """What is stored and what its rows come to, where the two differ: a line each. For recompute --check."""
    for month in sorted(months()):
        there, counted = set(stored(month)), set(recount(month))
        for given in sorted(there ^ counted, key=repr):
            which = "stored" if given in there else "counted"
            yield f"give and take {month:%Y-%m} {given.kind} {given.pair.giver} to {given.pair.taker}: {which} {given.lower} to {given.upper}"  # noqa: E501

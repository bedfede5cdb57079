"""From the facts of a metric and month to its cells: who, how much, and how many people are behind it.

One statement a metric and month, whatever the number of nations. The database adds up; what comes back is
a row a cell, at most some 250.
"""

import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from contributions.measures.metric import Amount, Metric, moments_of
from contributions.suppression import Counted, Slice

Place = tuple[str | None, bool]  # nation, international; (None, False) is what nobody knows
UNKNOWN: Place = (None, False)

# What each amount makes of `fact`, `by_person` and `by_subject`, as (nation_id, international, lower, upper).
FIGURES: dict[Amount, str] = {
    Amount.SUM: """
        SELECT nation_id, international, sum(lower) AS lower, sum(upper) AS upper
        FROM by_person GROUP BY nation_id, international""",
    Amount.SUBJECTS: """
        SELECT nation_id, international, count(DISTINCT subject) FILTER (WHERE lower > 0) AS lower,
            count(DISTINCT subject) FILTER (WHERE upper > 0) AS upper
        FROM fact GROUP BY nation_id, international""",
    Amount.RATIO: """
        SELECT nation_id, international, sum(lower) / sum(per) AS lower, sum(upper) / sum(per) AS upper
        FROM fact GROUP BY nation_id, international HAVING sum(per) > 0""",
    # Who comes before the half is reached, and who reaches it. Under sure evidence it may be more people.
    Amount.HALF: """
        SELECT nation_id, international, least(sure, whole) AS lower, greatest(sure, whole) AS upper
        FROM (
            SELECT nation_id, international,
                count(*) FILTER (WHERE lower > 0 AND 2 * before_lower < all_lower) AS sure,
                count(*) FILTER (WHERE upper > 0 AND 2 * before_upper < all_upper) AS whole
            FROM (
                SELECT *, sum(upper) OVER place AS all_upper, sum(lower) OVER place AS all_lower,
                    sum(upper) OVER most - upper AS before_upper,
                    sum(lower) OVER surest - lower AS before_lower
                FROM by_person WHERE person IS NOT NULL
                WINDOW place AS (PARTITION BY nation_id, international),
                    most AS (PARTITION BY nation_id, international ORDER BY upper DESC, person),
                    surest AS (PARTITION BY nation_id, international ORDER BY lower DESC, person)
            ) ranked GROUP BY nation_id, international
        ) half""",
    Amount.TOP_SHARE: """
        SELECT nation_id, international, least(sure, whole) AS lower, greatest(sure, whole) AS upper
        FROM (
            SELECT nation_id, international, max(upper) / sum(upper) AS whole,
                coalesce(max(lower) / nullif(sum(lower), 0), 0) AS sure
            FROM by_subject GROUP BY nation_id, international HAVING sum(upper) > 0
        ) largest""",
}
# People by cell, in the slices of contributions/suppression.py: everybody; who has a part in a ratio, and
# who has none; who is left out of a larger figure. `cells` is how many cells a person is in.
FACTS = """
    SELECT f.nation_id, f.international, f.subject, f.person, f.row_kind, f.row_id,
        f.lower::numeric AS lower, f.upper::numeric AS upper, {per} AS per{also}
    FROM ({facts}) f
"""
# A figure that needs no more of its facts than whose they are is added up by several processes at once.
CELLS = """
WITH fact AS {kept} ({fact}), by_person AS (
    SELECT nation_id, international, person, {amounts}, there, part, rest, sure, unsure,
        count(*) OVER (PARTITION BY person) AS cells
    FROM (
        SELECT nation_id, international, person, sum(lower) AS lower, sum(upper) AS upper,
            bool_or(per > 0) AS there, bool_or(upper > 0) AS part, bool_or(upper < per) AS rest,
            bool_or(lower > 0) AS sure, bool_or(upper > lower) AS unsure
        FROM fact GROUP BY nation_id, international, person
    ) added
), heads AS (
    SELECT nation_id, international, sum(upper) AS weight,
        count(person) FILTER (WHERE there) AS people,
        count(person) FILTER (WHERE there AND cells = 1) AS people_here,
        count(person) FILTER (WHERE part) AS part,
        count(person) FILTER (WHERE part AND cells = 1) AS part_here,
        count(person) FILTER (WHERE rest) AS rest,
        count(person) FILTER (WHERE rest AND cells = 1) AS rest_here,
        count(person) FILTER (WHERE sure) AS sure, count(person) FILTER (WHERE unsure) AS unsure
    FROM by_person GROUP BY nation_id, international
){top}, figure AS ({figure}){left_out}
SELECT heads.nation_id, heads.international, round(figure.lower, 4), round(figure.upper, 4), heads.weight,
    heads.people, heads.people_here, heads.part, heads.part_here, heads.rest, heads.rest_here,
    heads.sure, heads.unsure, {top_columns}, {left_people}
FROM heads
JOIN figure ON figure.nation_id IS NOT DISTINCT FROM heads.nation_id
    AND figure.international = heads.international
{joins}
WHERE figure.upper IS NOT NULL
ORDER BY heads.nation_id NULLS FIRST, heads.international
"""
# Each person is one, shared over their cells as their acts are: see facts.people, which says it row by row.
AS_THEY_ARE = "lower, upper"
EACH_ONE = """lower / sum(upper) OVER (PARTITION BY person) AS lower,
        upper / sum(upper) OVER (PARTITION BY person) AS upper"""
TOP = """, by_subject AS (
    SELECT nation_id, international, subject, sum(lower) AS lower, sum(upper) AS upper,
        count(DISTINCT person) FILTER (WHERE upper > 0) AS people
    FROM fact GROUP BY nation_id, international, subject
), top AS (
    SELECT nation_id, international, max(upper) / nullif(sum(upper), 0) AS share,
        (array_agg(people ORDER BY upper DESC, people DESC))[1] AS people
    FROM by_subject GROUP BY nation_id, international
)"""
# The people of larger figures' rows that are not rows of this one. Figures of the same rows are looked at
# together: `flags` tell in which of them a person is.
LEFT_OUT = """, {name} AS (
    SELECT nation_id, international, {counts}
    FROM (
        SELECT *, {cells} FROM (
            SELECT w.nation_id, w.international, w.person, {flags}
            FROM ({rows}) w
            WHERE w.person IS NOT NULL AND NOT EXISTS (
                SELECT FROM fact WHERE fact.row_kind = w.row_kind AND fact.row_id = w.row_id
                    AND fact.nation_id IS NOT DISTINCT FROM w.nation_id
                    AND fact.international = w.international)
            GROUP BY w.nation_id, w.international, w.person
        ) missing WINDOW everywhere AS (PARTITION BY person)
    ) counted GROUP BY nation_id, international
)"""
FLAGS = """bool_or({where}) AS there{n}, bool_or({where} AND w.lower > 0) AS sure{n},
                bool_or({where} AND w.upper > w.lower) AS unsure{n}"""
CELLS_OF = "count(*) FILTER (WHERE there{n}) OVER everywhere AS cells{n}"
COUNTS = """count(*) FILTER (WHERE there{n}) AS people{n},
        count(*) FILTER (WHERE there{n} AND cells{n} = 1) AS people_here{n},
        count(*) FILTER (WHERE sure{n}) AS sure{n}, count(*) FILTER (WHERE unsure{n}) AS unsure{n}"""
LEFT_PEOPLE = """coalesce({name}.people{n}, 0), coalesce({name}.people_here{n}, 0),
    coalesce({name}.sure{n}, 0), coalesce({name}.unsure{n}, 0)"""
JOIN = """LEFT JOIN {name} ON {name}.nation_id IS NOT DISTINCT FROM heads.nation_id
    AND {name}.international = heads.international
"""

# Who is behind the subjects whose amount differs between two months: the figures' difference tells of them.
CHANGED = """
WITH fact AS (
    SELECT true AS now, f.nation_id, f.international, f.subject, f.person, f.lower, f.upper FROM ({facts}) f
    UNION ALL
    SELECT false, f.nation_id, f.international, f.subject, f.person, f.lower, f.upper FROM ({then}) f
), different AS (
    SELECT nation_id, international, person FROM (
        SELECT nation_id, international, person, bool_or(changed) AS changed FROM (
            SELECT nation_id, international, person,
                (coalesce(sum(upper) FILTER (WHERE now) OVER subject, 0),
                    coalesce(sum(lower) FILTER (WHERE now) OVER subject, 0))
                IS DISTINCT FROM (coalesce(sum(upper) FILTER (WHERE NOT now) OVER subject, 0),
                    coalesce(sum(lower) FILTER (WHERE NOT now) OVER subject, 0)) AS changed
            FROM fact WINDOW subject AS (PARTITION BY nation_id, international, subject)
        ) amounts WHERE person IS NOT NULL GROUP BY nation_id, international, person
    ) people WHERE changed
)
SELECT nation_id, international, count(*), count(*) FILTER (WHERE places = 1)
FROM (SELECT *, count(*) OVER (PARTITION BY person) AS places FROM different) d
GROUP BY nation_id, international
"""


def changed(metric: Metric, month: datetime.date, since: datetime.date) -> dict[Place, Slice]:
    """How many people are behind what differs between the two months, by cell."""
    first, after = moments_of(month)
    then_first, then_after = moments_of(since)
    then = metric.facts.replace("%(first)s", "%(then_first)s").replace("%(after)s", "%(then_after)s")
    parameters = {"first": first, "after": after, "then_first": then_first, "then_after": then_after}
    with connection.cursor() as cursor:
        cursor.execute(
            CHANGED.format(facts=metric.facts, then=then), {**parameters, "kinds": list(metric.kinds)}
        )
        return {(row[0], row[1]): Slice(row[2], row[3]) for row in cursor.fetchall()}


def cells(metric: Metric, month: datetime.date) -> list[Counted[Place]]:
    """Every cell of the metric in the month, as it is: not for anybody's eyes before suppression."""
    first, after = moments_of(month)
    sql, wholes = statement(metric)
    parameters: dict[str, Any] = {"first": first, "after": after, "kinds": list(metric.kinds)}
    parameters |= {f"kinds{n}": list(whole.kinds) for n, whole in enumerate(wholes)}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [_counted(metric, row) for row in cursor.fetchall()]


def statement(metric: Metric) -> tuple[str, list[Metric]]:
    """The SQL, and the larger metrics whose kinds it wants as %(kinds0)s, %(kinds1)s …"""
    wholes = larger(metric)
    together = _together(wholes)
    names = {key: f"left_out{n}" for n, key in enumerate(together)}
    has_top = metric.swings or metric.amount == Amount.TOP_SHARE
    once = not wholes and not has_top and metric.amount in (Amount.SUM, Amount.HALF)
    sql = CELLS.format(
        kept="" if once else "MATERIALIZED",
        fact=_facts_counted(metric),
        amounts=EACH_ONE if metric.each_one else AS_THEY_ARE,
        top=TOP if has_top else "",
        top_columns="round(top.share, 5), coalesce(top.people, 0)" if has_top else "NULL, 0",
        figure=FIGURES[metric.amount],
        left_out="".join(_left_out(names[key], key[0], wholes, held) for key, held in together.items()),
        left_people=", ".join(
            LEFT_PEOPLE.format(name=names[_key(whole)], n=n) for n, whole in enumerate(wholes)
        )
        or "0",
        joins="".join(JOIN.format(name=name) for name in [*(["top"] if has_top else []), *names.values()]),
    )
    return sql, wholes


def _key(metric: Metric) -> tuple[str, tuple[str, ...]]:
    return metric.rows or metric.facts, metric.kinds


def _together(wholes: list[Metric]) -> dict[tuple[str, tuple[str, ...]], list[int]]:
    """Places of those that are made of the same rows."""
    found: dict[tuple[str, tuple[str, ...]], list[int]] = {}
    for n, whole in enumerate(wholes):
        found.setdefault(_key(whole), []).append(n)
    return found


def _left_out(name: str, rows: str, wholes: list[Metric], held: list[int]) -> str:
    return LEFT_OUT.format(
        name=name,
        counts=", ".join(COUNTS.format(n=n) for n in held),
        cells=", ".join(CELLS_OF.format(n=n) for n in held),
        flags=", ".join(FLAGS.format(n=n, where=wholes[n].within) for n in held),
        rows=rows.replace("%(kinds)s", f"%(kinds{held[0]})s"),
    )


def _facts_counted(metric: Metric) -> str:
    """For counting people each is made one by EACH_ONE; before that their rows are all that is needed."""
    return (
        FACTS.format(facts=metric.rows, per="f.upper::numeric", also="")
        if metric.each_one
        else facts_of(metric)
    )


def facts_of(metric: Metric, *, also: str = "") -> str:
    """`also`: further columns of the facts `f`, with a comma before each."""
    per = "f.per::numeric" if metric.amount == Amount.RATIO else "f.upper::numeric"
    return FACTS.format(facts=metric.facts, per=per, also=also)


def larger(metric: Metric) -> list[Metric]:
    """The metrics it is a part of, and those they are a part of."""
    found: list[Metric] = []
    while metric.part_of is not None:
        metric = metric.part_of
        found.append(metric)
    return found


def _counted(metric: Metric, row: tuple[Any, ...]) -> Counted[Place]:
    (
        nation,
        international,
        lower,
        upper,
        weight,
        *heads,
        share,
        top,
    ) = row[:15]
    people, part, rest = (Slice(*heads[i : i + 2]) for i in (0, 2, 4))
    left = row[15:] if larger(metric) else ()
    slices = [people, *(Slice(*left[i : i + 2]) for i in range(0, len(left), 4))]
    if metric.amount == Amount.RATIO:
        slices += [part, rest]
    if metric.amount == Amount.TOP_SHARE:
        slices.append(Slice(top, top))
    return Counted(
        place=(nation, international),
        lower=Decimal(lower),
        upper=Decimal(upper),
        weight=Decimal(weight),
        slices=tuple(slices),
        sure=Slice(heads[6]),
        unsure=Slice(heads[7]),
        edges=tuple(Slice(count) for i in range(2, len(left), 4) for count in left[i : i + 2]),
        # The largest subject of one to nine people is told by nobody.
        top_share=share if metric.swings and not Slice(top).few else None,
    )

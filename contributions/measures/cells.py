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
        f.lower::numeric AS lower, f.upper::numeric AS upper, {per} AS per
    FROM ({facts}) f
"""
CELLS = """
WITH fact AS MATERIALIZED ({fact}), by_person AS (
    SELECT nation_id, international, person, sum(lower) AS lower, sum(upper) AS upper,
        bool_or(per > 0) AS there, bool_or(upper > 0) AS part, bool_or(upper < per) AS rest,
        bool_or(lower > 0) AS sure, bool_or(upper > lower) AS unsure
    FROM fact GROUP BY nation_id, international, person
), heads AS (
    SELECT nation_id, international, sum(upper) AS weight,
        count(person) FILTER (WHERE there) AS people,
        count(person) FILTER (WHERE there AND cells = 1) AS people_here,
        count(person) FILTER (WHERE part) AS part,
        count(person) FILTER (WHERE part AND cells = 1) AS part_here,
        count(person) FILTER (WHERE rest) AS rest,
        count(person) FILTER (WHERE rest AND cells = 1) AS rest_here,
        count(person) FILTER (WHERE sure) AS sure, count(person) FILTER (WHERE unsure) AS unsure
    FROM (SELECT *, count(*) OVER (PARTITION BY person) AS cells FROM by_person) counted
    GROUP BY nation_id, international
), by_subject AS (
    SELECT nation_id, international, subject, sum(lower) AS lower, sum(upper) AS upper,
        count(DISTINCT person) FILTER (WHERE upper > 0) AS people
    FROM fact WHERE {by_subject} GROUP BY nation_id, international, subject
), top AS (
    SELECT nation_id, international, max(upper) / nullif(sum(upper), 0) AS share,
        (array_agg(people ORDER BY upper DESC, people DESC))[1] AS people
    FROM by_subject GROUP BY nation_id, international
), figure AS ({figure}){left_out}
SELECT heads.nation_id, heads.international, round(figure.lower, 4), round(figure.upper, 4), heads.weight,
    heads.people, heads.people_here, heads.part, heads.part_here, heads.rest, heads.rest_here,
    heads.sure, heads.unsure, round(top.share, 5), coalesce(top.people, 0), {left_people}
FROM heads
JOIN figure ON figure.nation_id IS NOT DISTINCT FROM heads.nation_id
    AND figure.international = heads.international
LEFT JOIN top ON top.nation_id IS NOT DISTINCT FROM heads.nation_id
    AND top.international = heads.international
{left_join}
WHERE figure.upper IS NOT NULL
ORDER BY heads.nation_id NULLS FIRST, heads.international
"""
# The people of the larger figure's rows that are not rows of this one.
LEFT_OUT = """, {name} AS (
    SELECT nation_id, international, count(person) AS people,
        count(person) FILTER (WHERE cells = 1) AS people_here,
        count(person) FILTER (WHERE sure) AS sure, count(person) FILTER (WHERE unsure) AS unsure
    FROM (
        SELECT w.nation_id, w.international, w.person, bool_or(w.lower > 0) AS sure,
            bool_or(w.upper > w.lower) AS unsure, count(*) OVER (PARTITION BY w.person) AS cells
        FROM ({facts}) w
        WHERE w.person IS NOT NULL AND NOT EXISTS (
            SELECT FROM fact WHERE fact.row_kind = w.row_kind AND fact.row_id = w.row_id
                AND fact.nation_id IS NOT DISTINCT FROM w.nation_id
                AND fact.international = w.international)
        GROUP BY w.nation_id, w.international, w.person
    ) missing GROUP BY nation_id, international
)"""
LEFT_JOIN = """LEFT JOIN {name} ON {name}.nation_id IS NOT DISTINCT FROM heads.nation_id
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
    names = [f"left_out{n}" for n in range(len(wholes))]
    top = metric.swings or metric.amount == Amount.TOP_SHARE
    sql = CELLS.format(
        fact=facts_of(metric),
        by_subject="true" if top else "false",
        figure=FIGURES[metric.amount],
        left_out="".join(
            LEFT_OUT.format(name=name, facts=whole.facts.replace("%(kinds)s", f"%(kinds{n})s"))
            for n, (name, whole) in enumerate(zip(names, wholes, strict=True))
        ),
        left_people=", ".join(
            f"coalesce({name}.people, 0), coalesce({name}.people_here, 0), "
            f"coalesce({name}.sure, 0), coalesce({name}.unsure, 0)"
            for name in names
        )
        or "0",
        left_join="".join(LEFT_JOIN.format(name=name) for name in names),
    )
    return sql, wholes


def facts_of(metric: Metric) -> str:
    per = "f.per::numeric" if metric.amount == Amount.RATIO else "f.upper::numeric"
    return FACTS.format(facts=metric.facts, per=per)


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

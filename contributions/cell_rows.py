"""The rows of one cell, a page at a time: all of them read, or the month walked until the page is full.

A large cell has tens of thousands of rows in a month. To read them for the sake of a page takes half a
second, so the month is walked from where the page begins, until it is full. What all rows come to is then
what the cell was counted to, which `manage.py recompute --check` proves.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac

from contributions.measures import Metric
from contributions.measures.cells import FACTS, FIGURES, Place, facts_of
from contributions.measures.facts import (
    BY_ANYBODY,
    IN_ANY_PLACE,
    IN_ANY_PLACE_TILL_THEN,
    IN_MONTH,
    OF_ANYBODY,
)
from contributions.measures.metric import moments_of
from contributions.models import Contribution

# The order that pages go on in.
ORDER = "happened_at, row_kind, row_id, subject"
# The facts of one cell, one line a row and subject; beside each what all of them come to, by the same words
# as the rollup. Read once: they may be a hundred thousand.
ALL = f"""
WITH fact AS MATERIALIZED (SELECT * FROM ({{fact}}) f WHERE {{place}} AND {{seen}}), line AS (
    SELECT {ORDER}, max(person) AS person, sum(upper) AS upper, sum(lower) AS lower
    FROM fact GROUP BY {ORDER}
), by_person AS (
    SELECT nation_id, international, person, sum(lower) AS lower, sum(upper) AS upper
    FROM fact GROUP BY nation_id, international, person
), by_subject AS (
    SELECT nation_id, international, subject, sum(lower) AS lower, sum(upper) AS upper
    FROM fact GROUP BY nation_id, international, subject
), figure AS ({{figure}}), whole AS (
    SELECT (SELECT count(*) FROM line) AS lines,
        (SELECT round(lower, 4) FROM figure) AS lower, (SELECT round(upper, 4) FROM figure) AS upper
), page AS (
    SELECT {ORDER}, upper, lower, person FROM line WHERE {{after}} ORDER BY {ORDER} LIMIT %(limit)s
)
SELECT whole.*, row_kind, row_id, subject, page.upper, page.lower, person
FROM whole LEFT JOIN page ON true ORDER BY {ORDER}
"""  # noqa: S608 (our own words only)
# The same of a stretch of the month. Each of these facts is an act, whose subject is one.
SOME = """
SELECT row_kind, row_id, subject, sum(upper) AS upper, sum(lower) AS lower, max(person) AS person
FROM ({fact}) f WHERE {place} AND {which}
GROUP BY happened_at, row_kind, row_id, subject ORDER BY happened_at, row_id LIMIT %(limit)s
"""
# What falls to the place, by attribution_place: first which acts, then those one by one. As an array, so that
# PostgreSQL does not read a month of everybody's for them.
SHARES = """SELECT {column} FROM contributions_attribution s {of} WHERE {there} AND s.kind = ANY(%(kinds)s)"""
THERE = {
    False: "s.nation_id = %(nation)s AND NOT s.international",
    True: "s.nation_id IS NULL AND s.international = %(international)s",
}
TILL_THEN = " AND s.happened_at < %(after)s"
THEN = " AND s.happened_at >= %(first)s" + TILL_THEN
# People who may be of the nation belong there, or did once. Each is divided by all they did, by whichever of
# their accounts.
OWN = """
    SELECT f.account_id FROM contributions_affiliation f WHERE f.nation_id = %(nation)s
    UNION
    SELECT f.account_id FROM contributions_affiliation f
    JOIN mission_organisation o ON o.id = f.organisation_id WHERE o.nation_id = %(nation)s"""
WITH_OTHERS = f"""
    WITH own AS MATERIALIZED ({OWN})
    SELECT account_id FROM own
    UNION
    SELECT same.id FROM contributions_account mine
    JOIN contributions_account same ON same.identity_id = mine.identity_id
    WHERE mine.id = ANY(ARRAY(SELECT account_id FROM own))"""  # noqa: S608
# Of a nation with many acts, where people's rows are not to be seen: those of its organisations.
OF_NOBODY = f"""
    SELECT own.account_id FROM ({OWN}) own
    JOIN contributions_account mine ON mine.id = own.account_id AND mine.kind <> 'person'"""  # noqa: S608
DONE_BY = "c.account_id = ANY(ARRAY({accounts}))"
OF_PERSONS = """c.account_id = ANY(%(alone)s || ARRAY(
    SELECT mine.id FROM contributions_account mine WHERE mine.identity_id = ANY(%(identities)s)))"""
PLACES = {
    False: "f.nation_id = %(nation)s",
    True: "f.nation_id IS NULL AND f.international = %(international)s",
}
KEY = re.compile(r"([a-z]+)\.([0-9]{1,18})\.([^\x00]{0,200})")
DATED_BY = "AS happened_at"
DATED, UNDATED = ", f.happened_at", ", '-infinity'::timestamptz AS happened_at"
LONGER = 1.3  # than the stretch that should hold a page, since acts come in bursts


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: `row_kind` and `row_id` name the row it was read from. `who` is a code that a person of the
    cell has in this cell alone; empty where it is nobody's."""

    row_kind: str
    row_id: int
    subject: str
    upper: Decimal
    lower: Decimal
    who: str

    @property
    def key(self) -> str:
        return f"{self.row_kind}.{self.row_id}.{self.subject}"


@dataclass(frozen=True, slots=True)
class Total:
    lines: int
    lower: Decimal | None
    upper: Decimal | None


def rows(
    metric: Metric,
    month: datetime.date,
    place: Place,
    *,
    people: bool,
    after: str = "",
    limit: int,
    many: bool = False,
) -> tuple[list[Line], Total]:
    """The facts after `after` (a line's key), and what all that may be seen come to now. One query, two with
    `after`. `many`: too many acts fall to the cell to look at each for the few that are no person's. Raises
    ValueError where `after` is no key of a row."""
    nation = place[0]
    fact = facts_of(metric, also=_moment(metric))
    if nation:
        fact = fact.replace(BY_ANYBODY, DONE_BY.format(accounts=WITH_OTHERS))
    if nation and many and not people:
        fact = fact.replace(IN_ANY_PLACE, DONE_BY.format(accounts=OF_NOBODY))
    statement = ALL.format(
        fact=_there(fact, place),
        place=PLACES[nation is None],
        seen="true" if people else "person IS NULL",
        figure=FIGURES[metric.amount],
        after=f"({ORDER}) > (%(at)s::timestamptz, %(row_kind)s, %(row_id)s, %(subject)s)"
        if after
        else "true",
    )
    found = _asked(statement, {**_parameters(metric, month, place, after), "limit": limit})
    whose = _codes(metric, month, place)
    return [_line(row[3:], whose) for row in found if row[3]], Total(*found[0][:3])


def total(metric: Metric, month: datetime.date, place: Place, *, people: bool) -> Total:
    """What the facts that may be seen come to now. One query."""
    return rows(metric, month, place, people=people, limit=0)[1]


def walked(
    metric: Metric,
    month: datetime.date,
    place: Place,
    *,
    after: str = "",
    limit: int,
    about: int,
) -> list[Line]:
    """The facts after `after` (a line's key), people's among them, of a cell with `about` that many. A query
    for each stretch of the month, one or two as a rule. ValueError where `after` is no key of a row."""
    asked = {**_parameters(metric, month, place, after), "limit": limit}
    there = PLACES[place[0] is None]
    which = "(happened_at, row_id) > (%(at)s, %(row_id)s)" if after else "true"
    # Of a person who is one, shared over the acts, the acts are found first, and their shares then.
    fact = FACTS.format(facts=_acts(metric), per="NULL", also=DATED).replace(BY_ANYBODY, IN_ANY_PLACE)
    statement = SOME.format(fact=_there(fact, place), place=there, which=which)
    first, until = moments_of(month)
    begin = max(first, asked["at"]) if after else first
    stretch = (until - first) * min(1, LONGER * limit / about)
    found: list[Any] = []
    while begin < until and len(found) < limit:
        end = min(begin + stretch, until)
        found += _asked(statement, {**asked, "first": begin, "after": end})
        begin, stretch = end, stretch * 2
    if metric.each_one:
        fact = facts_of(metric, also=DATED).replace(BY_ANYBODY, OF_PERSONS)
        statement = SOME.format(fact=fact, place=there, which="row_id = ANY(%(rows)s)")
        asked |= {"rows": [row[1] for row in found[:limit]], **_accounts(row[-1] for row in found[:limit])}
        found = _asked(statement, asked)
    whose = _codes(metric, month, place)
    return [_line(row, whose) for row in found[:limit]]


def _accounts(persons: Iterable[int]) -> dict[str, list[int]]:
    """A person is an account (their number) or an identity (below zero)."""
    every = set(persons)
    return {
        "alone": [person for person in every if person > 0],
        "identities": [-person for person in every if person < 0],
    }


def walks(metric: Metric) -> bool:
    """Whether the facts of a stretch of the month are had by asking for that stretch: acts with their
    moment, which ask for the month nowhere else."""
    asked = _acts(metric).replace(IN_MONTH, "")
    return DATED_BY in asked and "%(first)s" not in asked and "%(after)s" not in asked


def _acts(metric: Metric) -> str:
    """SQL of the acts that a walk looks for."""
    return metric.rows if metric.each_one else metric.facts


def _there(fact: str, place: Place) -> str:
    """The facts, read from what falls to the place."""
    there = THERE[place[0] is None]
    acts = SHARES.format(column="s.contribution_id", of="", there=there)
    made = "JOIN contributions_contribution c ON c.id = s.contribution_id"
    artifacts = SHARES.format(column="c.artifact_id", of=made, there=there)
    return (
        fact.replace(IN_ANY_PLACE, f"c.id = ANY(ARRAY({acts}{THEN}))")
        .replace(IN_ANY_PLACE_TILL_THEN, f"c.id = ANY(ARRAY({acts}{TILL_THEN}))")
        .replace(OF_ANYBODY, f"r.artifact_id = ANY(ARRAY({artifacts}))")
    )


def _moment(metric: Metric) -> str:
    return DATED if DATED_BY in metric.facts else UNDATED


def _parameters(metric: Metric, month: datetime.date, place: Place, after: str) -> dict[str, Any]:
    first, until = moments_of(month)
    own: dict[str, Any] = {"first": first, "after": until, "kinds": list(metric.kinds)}
    own |= {"nation": place[0], "international": place[1]}
    if not after:
        return own
    key = KEY.fullmatch(after)
    if key is None:
        raise ValueError(after)
    own |= {"at": "-infinity", "row_kind": key[1], "row_id": int(key[2]), "subject": key[3]}
    if _moment(metric) == DATED:
        own["at"] = Contribution.objects.filter(pk=int(key[2])).values_list("happened_at", flat=True).first()
    if own["at"] is None:
        raise ValueError(after)
    return own


def _asked(statement: str, parameters: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _codes(metric: Metric, month: datetime.date, place: Place) -> Callable[[int | None], str]:
    """A person's code in this cell: the same on all its pages, another in every other cell."""
    cell = f"{metric.slug} {place} {month}"

    def code(person: int | None) -> str:
        if person is None:
            return ""
        return salted_hmac(cell, str(person), algorithm="sha256").hexdigest()[:8]

    return code


def _line(row: Sequence[Any], whose: Callable[[int | None], str]) -> Line:
    kind, pk, subject, upper, lower, person = row
    return Line(kind, pk, subject, upper, lower, whose(person))

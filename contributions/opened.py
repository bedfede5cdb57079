"""A number opened: the facts of one cell, and which of them may be seen.

A row of a person tells of that person, so it is listed only where no suppressed figure could be put
together from such rows: not in a suppressed cell, and not in a cell that shares its rows with one.
"""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from contributions.measures import METRICS, Amount, Metric
from contributions.measures.cells import FIGURES, Place, facts_of
from contributions.measures.facts import BY_ANYBODY, OF_ANYBODY
from contributions.measures.metric import moments_of
from contributions.models.rollups import Rollup

EVIDENCE = "evidence"  # the group of metrics that are made of grades alone
# The facts of one cell, one line a row and subject, in an order that pages can go on in; beside each what all
# of them come to, by the same words as the rollup. Read once: they may be a hundred thousand.
ROWS = """
WITH fact AS MATERIALIZED (SELECT * FROM ({fact}) f WHERE {place} AND {seen}), line AS (
    SELECT row_kind, row_id, subject, max(person) AS person, sum(upper) AS upper, sum(lower) AS lower
    FROM fact GROUP BY row_kind, row_id, subject
), numbered AS (SELECT *, CASE WHEN person IS NOT NULL THEN dense_rank() OVER (ORDER BY person) END AS who
    FROM line
), by_person AS (
    SELECT nation_id, international, person, sum(lower) AS lower, sum(upper) AS upper
    FROM fact GROUP BY nation_id, international, person
), by_subject AS (
    SELECT nation_id, international, subject, sum(lower) AS lower, sum(upper) AS upper
    FROM fact GROUP BY nation_id, international, subject
), figure AS ({figure}), whole AS (
    SELECT (SELECT count(*) FROM line) AS lines,
        (SELECT round(lower, 4) FROM figure) AS lower, (SELECT round(upper, 4) FROM figure) AS upper
), page AS (
    SELECT row_kind, row_id, subject, upper, lower, who FROM numbered
    WHERE %(begin)s OR (row_kind, row_id, subject) > (%(row_kind)s, %(row_id)s, %(subject)s)
    ORDER BY row_kind, row_id, subject LIMIT %(limit)s
)
SELECT whole.*, page.* FROM whole LEFT JOIN page ON true ORDER BY row_kind, row_id, subject
"""
# What falls to a nation was done by accounts that belong there, or did once: their acts are looked up one by
# one, where a month of everybody's would be read. With the other accounts of the same people, since each
# person is divided by all they did; without people's where their rows are not to be seen, but for states,
# which are put together of all. PostgreSQL walks contribution_account where they are few, contribution_month
# where they are many.
BY_NATION = """IN (
    WITH own AS MATERIALIZED (
        SELECT f.account_id FROM contributions_affiliation f WHERE f.nation_id = %(nation)s
        UNION
        SELECT f.account_id FROM contributions_affiliation f
        JOIN mission_organisation o ON o.id = f.organisation_id WHERE o.nation_id = %(nation)s
    )
    {whose})"""
WHOSE = {
    True: """SELECT account_id FROM own
    UNION
    SELECT same.id FROM contributions_account mine
    JOIN contributions_account same ON same.identity_id = mine.identity_id
    WHERE mine.id = ANY(ARRAY(SELECT account_id FROM own))""",
    False: """SELECT own.account_id FROM own
    JOIN contributions_account mine ON mine.id = own.account_id AND mine.kind <> 'person'""",
}
OF_NATION = """r.artifact_id = ANY(ARRAY(
    SELECT p.artifact_id FROM contributions_contribution p
    WHERE p.account_id {accounts} AND p.kind IN ('model', 'dataset', 'benchmark', 'application')))"""
KEY = re.compile(r"([a-z]+)\.([0-9]{1,18})\.([^\x00]{0,200})")
PLACES = {
    False: "f.nation_id = %(nation)s",
    True: "f.nation_id IS NULL AND f.international = %(international)s",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What of a cell may be seen. `people`: rows of people; `grades`: how good the evidence is of each."""

    people: bool
    grades: bool
    because: str = ""  # the metric for whose sake not


@dataclass(frozen=True, slots=True)
class Line:
    """One fact: `row_kind` and `row_id` name the row it was read from; `who` numbers people of the cell."""

    row_kind: str
    row_id: int
    subject: str
    upper: Decimal
    lower: Decimal
    who: int | None

    @property
    def key(self) -> str:
        return f"{self.row_kind}.{self.row_id}.{self.subject}"


@dataclass(frozen=True, slots=True)
class Total:
    lines: int
    lower: Decimal | None
    upper: Decimal | None


def seen(metric: Metric, month: datetime.date, place: Place, metrics: Mapping[str, Metric] = METRICS) -> Seen:
    """One query: what is published of the same place and month."""
    nation, international = place
    there = Rollup.objects.current().filter(nation=nation, international=international, month=month)
    found = {
        slug: (computed is not None and suppressed, lower is None)
        for slug, suppressed, lower, computed in there.order_by().values_list(
            "metric", "suppressed", "lower", "computed_at"
        )
        if slug in metrics
    }
    if metric.slug not in found or found[metric.slug][0]:
        return Seen(people=False, grades=False)
    withheld = [metrics[slug] for slug, (suppressed, _none) in found.items() if suppressed]
    shares = next((other for other in withheld if shares_rows(metric, other)), None)
    grades = not any(
        none for slug, (_suppressed, none) in found.items() if set(metrics[slug].kinds) & set(metric.kinds)
    )
    return Seen(shares is None, grades and not found[metric.slug][1], shares.slug if shares else "")


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


def rows(
    metric: Metric, month: datetime.date, place: Place, *, people: bool, after: str = "", limit: int
) -> tuple[list[Line], Total]:
    """The facts after `after` (a line's key), and what all that may be seen come to now. One query. Raises
    ValueError where `after` is no key."""
    key = KEY.fullmatch(after or "none.0.")
    if key is None:
        raise ValueError(after)
    nation, international = place
    first, until = moments_of(month)
    fact = facts_of(metric)
    if nation:
        accounts = BY_NATION.format(whose=WHOSE[people or metric.cumulative])
        fact = fact.replace(BY_ANYBODY, f"c.account_id {accounts}")
        fact = fact.replace(OF_ANYBODY, OF_NATION.format(accounts=accounts))
    statement = ROWS.format(
        fact=fact,
        place=PLACES[nation is None],
        seen="true" if people else "person IS NULL",
        figure=FIGURES[metric.amount],
    )
    own: dict[str, Any] = {"first": first, "after": until, "kinds": list(metric.kinds)}
    own |= {"nation": nation, "international": international, "begin": not after, "limit": limit}
    own |= {"row_kind": key[1], "row_id": int(key[2]), "subject": key[3]}
    with connection.cursor() as cursor:
        cursor.execute(statement, own)
        found = cursor.fetchall()
    return [Line(*line) for _n, _low, _high, *line in found if line[0]], Total(*found[0][:3])


def total(metric: Metric, month: datetime.date, place: Place, *, people: bool) -> Total:
    """What the facts that may be seen come to now. One query."""
    return rows(metric, month, place, people=people, limit=0)[1]

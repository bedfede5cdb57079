"""The steps of lineage behind a pair of nations, as far as they may be listed: not those of people."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from contributions.give_and_take import Pair
from contributions.measures.lineage import PUBLICATION
from contributions.measures.lineage_sql import PIECE, ROOT, STEPS


@dataclass(frozen=True, slots=True)
class OpenStep:
    """One step: what was made, from what, and how much of it falls to the pair."""

    kind: str  # LinkKind
    child: int
    child_name: str
    parent: int | None  # None where nobody has looked at it
    parent_name: str
    at: datetime.datetime
    part: Decimal


# People's own accounts are never listed by nation; a giver nobody has looked at is nobody's account.
# Indexes: see STEPS.
OPEN = f"""
SELECT step.kind, child.id, child.name, parent.id, coalesce(parent.name, step.parent_name), step.happened_at,
    step.part, step.many
FROM (
    SELECT l.id AS link, l.kind, art.id AS child, {ROOT} AS parent, l.parent_name, c.happened_at,
        sum({PIECE}) AS part, count(*) OVER () AS many
    {STEPS.format(child=PUBLICATION)} AND l.kind = ANY(%(kinds)s)
        AND who.kind = 'organisation' AND coalesce(giver.kind, 'organisation') = 'organisation'
        AND a.nation_id IS NOT DISTINCT FROM %(taker)s AND a.international = %(to_all)s
        AND ga.nation_id IS NOT DISTINCT FROM %(giver)s
        AND coalesce(ga.international, false) = %(from_all)s
    GROUP BY l.id, l.kind, art.id, {ROOT}, l.parent_name, c.happened_at
) step
JOIN contributions_artifact child ON child.id = step.child
LEFT JOIN contributions_artifact parent ON parent.id = step.parent
ORDER BY step.happened_at DESC, step.link OFFSET %(skip)s LIMIT %(limit)s
"""  # noqa: S608 (our own words only)


def open_steps(
    *,
    pair: Pair,
    kinds: Collection[str],
    first: datetime.datetime,
    after: datetime.datetime,
    skip: int = 0,
    limit: int = 50,
) -> tuple[list[OpenStep], int]:
    """Newest first, and how many there are in all. One query."""
    (giver, from_all), (taker, to_all) = pair
    asked = {
        "giver": giver, "from_all": from_all, "taker": taker, "to_all": to_all, "kinds": list(kinds),
        "first": first, "after": after, "skip": skip, "limit": limit,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(OPEN, asked)
        rows = cursor.fetchall()
    return [OpenStep(*row[:-1]) for row in rows], rows[0][-1] if rows else 0

"""Rollups: a write marks the cells it touched stale; they are recomputed from rows, never incremented."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from contributions.measures import PEOPLE_FLOOR
from contributions.models import METRICS, Metric, Rollup

RULE_VERSION = 1


class Cell(NamedTuple):
    """Where a share of a contribution falls: nation (None: unknown), international, month, kind."""

    nation: str | None
    international: bool
    month: datetime.date
    kind: str


MARK = """
INSERT INTO contributions_rollup AS r
    (nation_id, international, month, metric, suppressed, spike, unknown_share, rule_version, stale)
SELECT c.nation, c.international, c.month, c.metric, false, false, 0, %s, true
FROM unnest(%s::text[], %s::bool[], %s::date[], %s::text[]) AS c (nation, international, month, metric)
ORDER BY c.month, c.metric, c.nation NULLS FIRST, c.international
ON CONFLICT (nation_id, metric, month, international) WHERE superseded_at IS NULL
DO UPDATE SET stale = true, stale_since = now() WHERE NOT r.stale
"""
# One order for everybody who locks cells: month, metric, nation. See MARK.
LOCK = """
SELECT stale FROM contributions_rollup WHERE metric = %s AND month = %s
ORDER BY month, metric, nation_id NULLS FIRST, international FOR UPDATE
"""
CALM = "UPDATE contributions_rollup SET stale = false WHERE metric = %s AND month = %s AND stale"
# Shares of the month's acts by cell: (nation_id, international, lower, upper, heads).
ACTS = """
SELECT a.nation_id, a.international, 0 AS heads,
    coalesce(sum(a.fraction) FILTER (WHERE a.grade IN ('A', 'B')), 0) AS lower, sum(a.fraction) AS upper
FROM contributions_contribution c
JOIN contributions_attribution a ON a.contribution_id = c.id
LEFT JOIN contributions_account who ON who.id = c.account_id
WHERE c.kind = ANY(%s) AND c.happened_at >= %s AND c.happened_at < %s AND who.kind IS DISTINCT FROM 'bot'
GROUP BY a.nation_id, a.international
"""
# A person counts as one over all cells, however many acts: by the shares of their acts.
PEOPLE = """
SELECT p.nation_id, p.international, count(*) AS heads,
    sum(p.sure / p.whole) AS lower, sum(p.share / p.whole) AS upper
FROM (
    SELECT a.nation_id, a.international, sum(a.fraction) AS share,
        coalesce(sum(a.fraction) FILTER (WHERE a.grade IN ('A', 'B')), 0) AS sure,
        sum(sum(a.fraction)) OVER (PARTITION BY c.account_id) AS whole
    FROM contributions_contribution c
    JOIN contributions_attribution a ON a.contribution_id = c.id
    JOIN contributions_account who ON who.id = c.account_id
    WHERE c.kind = ANY(%s) AND c.happened_at >= %s AND c.happened_at < %s AND who.kind = 'person'
    GROUP BY c.account_id, a.nation_id, a.international
) p GROUP BY p.nation_id, p.international
"""
# `stale` is not touched where the cell was there: whoever marked it meanwhile is heard next time.
STORE = """
INSERT INTO contributions_rollup (nation_id, international, month, metric,
    lower, upper, suppressed, spike, unknown_share, rule_version, computed_at, stale)
SELECT f.nation_id, f.international, %s, %s,
    CASE WHEN f.heads < %s THEN NULL ELSE f.lower END, CASE WHEN f.heads < %s THEN NULL ELSE f.upper END,
    f.heads < %s, false,
    coalesce(sum(f.upper) FILTER (WHERE f.nation_id IS NULL AND NOT f.international) OVER (), 0)
        / nullif(sum(f.upper) OVER (), 0),
    %s, %s, false
FROM ({rows}) f
ORDER BY f.nation_id NULLS FIRST, f.international
ON CONFLICT (nation_id, metric, month, international) WHERE superseded_at IS NULL
DO UPDATE SET
    lower = excluded.lower, upper = excluded.upper, suppressed = excluded.suppressed,
    unknown_share = excluded.unknown_share, rule_version = excluded.rule_version,
    computed_at = excluded.computed_at
"""
EMPTY = """
DELETE FROM contributions_rollup
WHERE metric = %s AND month = %s AND NOT stale AND computed_at IS DISTINCT FROM %s
"""


def mark_stale(*, cells: Iterable[Cell]) -> None:
    """Inside the transaction that changed the rows beneath. Marking twice is marking once."""
    touched = {
        (cell.nation, cell.international, cell.month, metric.slug)
        for cell in cells
        for metric in METRICS.values()
        if cell.kind in metric.kinds
    }
    if not touched:
        return
    nations, internationals, months, metrics = (list(column) for column in zip(*touched, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(MARK, [RULE_VERSION, nations, internationals, months, metrics])


def recompute(*, metric: Metric, month: datetime.date) -> bool:
    """All nations of one metric and month, from rows. False where nothing was stale any more."""
    first = datetime.datetime(month.year, month.month, 1, tzinfo=datetime.UTC)
    after = (first + datetime.timedelta(days=32)).replace(day=1)
    floor = PEOPLE_FLOOR if metric.people else 0
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [metric.slug, month])
        if not any(stale for (stale,) in cursor.fetchall()):
            return False
        cursor.execute(CALM, [metric.slug, month])
        cursor.execute(
            STORE.format(rows=PEOPLE if metric.people else ACTS),
            [month, metric.slug, floor, floor, floor, RULE_VERSION, now, list(metric.kinds), first, after],
        )
        cursor.execute(EMPTY, [metric.slug, month, now])
    return True


def recompute_stale(*, limit: int = 1000) -> int:
    """The longest stale first, each in its own transaction. Returns how many months of a metric were done."""
    waiting = (
        Rollup.objects.stale()
        .values_list("metric", "month")
        .annotate(since=Min("stale_since"))
        .order_by("since")
    )
    done = 0
    for slug, month, _since in list(waiting[:limit]):
        if slug in METRICS:
            done += recompute(metric=METRICS[slug], month=month)
    return done

"""Rollups: a write marks the cells it touched stale; they are recomputed from rows, never incremented."""

import datetime
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Min, QuerySet
from django.db.models.functions import TruncMonth
from django.utils import timezone

from contributions.measures import METRICS, Amount, Metric, Touch
from contributions.measures.cells import larger
from contributions.measures.metric import later, moments_of, month_of
from contributions.models import Account, Artifact, Contribution, MetricRelease, Rollup
from contributions.recount import SPIKE_MONTHS, Figure, recount


class Cell(NamedTuple):
    """Where a share of a contribution falls: nation (None: unknown), international, month, kind."""

    nation: str | None
    international: bool
    month: datetime.date
    kind: str


Stale = tuple[str | None, bool, datetime.date, str, int]  # nation, international, month, metric, rule

MARK = """
INSERT INTO contributions_rollup AS r
    (nation_id, international, month, metric, suppressed, spike, unknown_share, rule_version, stale)
SELECT c.nation, c.international, c.month, c.metric, false, false, NULL, c.rule, true
FROM unnest(%s::text[], %s::bool[], %s::date[], %s::text[], %s::int[])
    AS c (nation, international, month, metric, rule)
ORDER BY c.month, c.metric, c.nation NULLS FIRST, c.international
ON CONFLICT (nation_id, metric, month, international) WHERE superseded_at IS NULL
DO UPDATE SET stale = true, stale_since = now() WHERE NOT r.stale
"""
# One order for everybody who locks cells: month, metric, nation. See MARK.
LOCK = """
SELECT stale FROM contributions_rollup WHERE metric = %s AND month = %s AND superseded_at IS NULL
ORDER BY month, metric, nation_id NULLS FIRST, international FOR UPDATE
"""
CALM = """
UPDATE contributions_rollup SET stale = false
WHERE metric = %s AND month = %s AND stale AND superseded_at IS NULL
"""
# `stale` is not touched where the cell was there: whoever marked it meanwhile is heard next time.
STORE = """
INSERT INTO contributions_rollup (month, metric, rule_version, computed_at, stale,
    nation_id, international, lower, upper, suppressed, unknown_share, top_share, spike)
SELECT %s, %s, %s, %s, false, f.*
FROM unnest(%s::text[], %s::bool[], %s::numeric[], %s::numeric[], %s::bool[], %s::numeric[], %s::numeric[],
    %s::bool[]) AS f (nation, international, lower, upper, suppressed, unknown_share, top_share, spike)
ORDER BY f.nation NULLS FIRST, f.international
ON CONFLICT (nation_id, metric, month, international) WHERE superseded_at IS NULL
DO UPDATE SET
    lower = excluded.lower, upper = excluded.upper, suppressed = excluded.suppressed,
    unknown_share = excluded.unknown_share, top_share = excluded.top_share, spike = excluded.spike,
    rule_version = excluded.rule_version, computed_at = excluded.computed_at
"""
EMPTY = """
DELETE FROM contributions_rollup
WHERE metric = %s AND month = %s AND superseded_at IS NULL AND NOT stale
    AND computed_at IS DISTINCT FROM %s
"""


def mark_stale(*, cells: Iterable[Cell]) -> None:
    """Inside the transaction that changed the rows beneath. Marking twice is marking once."""
    places = set(cells)
    by_kind = {kind: [m for m in METRICS.values() if _counts(m, kind)] for kind in {c.kind for c in places}}
    touched: set[Stale] = set()
    reached: dict[Metric, set[datetime.date]] = {}
    for cell in places:
        for metric in by_kind[cell.kind]:
            touched.add((cell.nation, cell.international, cell.month, metric.slug, metric.rule_version))
            if metric.reach or metric.swings:
                reached.setdefault(metric, set()).add(cell.month)
    for metric, months in reached.items():
        touched |= _in_no_nation(metric, after(metric, months) - months)
    _mark(touched)


def kinds_of(metric: Metric) -> set[str]:
    """Of its own rows, and of the larger figures it must not be taken from."""
    return {kind for one in (metric, *larger(metric)) for kind in one.kinds}


def _counts(metric: Metric, kind: str) -> bool:
    return kind in kinds_of(metric) and Touch.CONTRIBUTIONS in metric.touched_by


def after(metric: Metric, months: Iterable[datetime.date]) -> set[datetime.date]:
    """These months, and the later ones that look back at them: up to the present one."""
    present = month_of(timezone.now())
    reach = max(metric.reach, SPIKE_MONTHS if metric.swings else 0)
    found = set(months)
    for month in sorted(found):
        last = min(present, later(month, reach)) if reach < 1200 else present
        while month < last:
            month = later(month, 1)
            found.add(month)
    return found


def mark_months_stale(*, metrics: Iterable[Metric], months: Iterable[datetime.date]) -> None:
    """Whole months of metrics, the later ones that look back at them included."""
    wanted = set(months)
    touched: set[Stale] = set()
    for metric in metrics:
        touched |= _in_no_nation(metric, after(metric, wanted))
    _mark(touched)


def _in_no_nation(metric: Metric, months: Iterable[datetime.date]) -> set[Stale]:
    """One cell stands for its month, which is recomputed whole; one that stays empty goes again."""
    return {(None, False, month, metric.slug, metric.rule_version) for month in months}


def _mark(touched: set[Stale]) -> None:
    if not touched:
        return
    columns = [list(column) for column in zip(*touched, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(MARK, columns)


def mark_artifacts_stale(*, artifacts: Iterable[int], metrics: Mapping[str, Metric] = METRICS) -> None:
    """Something about these artefacts changed that figures ask for: licence, class, languages, lineage …

    Touched are the months of what was done on them.
    """
    wanted = list(artifacts)
    concerned = [metric for metric in metrics.values() if Touch.ARTIFACTS in metric.touched_by]
    if not wanted or not concerned:
        return
    _mark(_touched(Contribution.objects.filter(artifact__in=wanted), concerned))


def mark_readings_stale(*, days: Iterable[datetime.date], metrics: Mapping[str, Metric] = METRICS) -> None:
    """Counters were read on these days."""
    months = {day.replace(day=1) for day in days}
    read = [metric for metric in metrics.values() if Touch.READINGS in metric.touched_by]
    touched: set[Stale] = set()
    for metric in read:
        touched |= _in_no_nation(metric, months)
    _mark(touched)


def mark_owners_stale(
    *,
    account: Account,
    since: datetime.date,
    until: datetime.date | None,
    metrics: Mapping[str, Metric] = METRICS,
) -> None:
    """An account that owns artefacts belongs elsewhere from `since` up to `until`: its artefacts' figures."""
    concerned = [metric for metric in metrics.values() if Touch.OWNERS in metric.touched_by]
    if not concerned or not Artifact.objects.filter(owner=account).exists():
        return
    acts = Contribution.objects.filter(artifact__owner=account, happened_at__gte=moments_of(since)[0])
    if until:
        acts = acts.filter(happened_at__lt=moments_of(until)[1])
    _mark(_touched(acts, concerned))


def _touched(acts: QuerySet[Contribution], metrics: Iterable[Metric]) -> set[Stale]:
    by_kind: dict[str, set[datetime.date]] = {}
    months_of = acts.order_by().annotate(month=TruncMonth("happened_at", tzinfo=datetime.UTC))
    for kind, month in months_of.values_list("kind", "month").distinct():
        by_kind.setdefault(kind, set()).add(month.date())
    touched: set[Stale] = set()
    for metric in metrics:
        months = {month for kind in kinds_of(metric) for month in by_kind.get(kind, ())}
        touched |= _in_no_nation(metric, after(metric, months))
    return touched


def recompute(*, metric: Metric, month: datetime.date) -> bool:
    """All nations of one metric and month, from rows. False where nothing was stale any more."""
    for earlier in _looked_back_at(metric, month):
        recompute(metric=metric, month=earlier)
    before = {whole.slug: whole for whole in first_of(metric)}
    late = outdated(before) if before else set()
    for slug, whole in before.items():
        if slug not in late:
            recompute(metric=whole, month=month)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(LOCK, [metric.slug, month])
        if not any(stale for (stale,) in cursor.fetchall()):
            return False
        cursor.execute(CALM, [metric.slug, month])
        put(metric=metric, month=month, figures=recount(metric, month))
    return True


def first_of(metric: Metric) -> list[Metric]:
    """What must be stored before it: where those are suppressed, it is too."""
    bounds = [METRICS[kind] for kind in metric.kinds if kind in METRICS and kind != metric.slug]
    return larger(metric) + (bounds if metric.amount == Amount.RATIO else [])


def _looked_back_at(metric: Metric, month: datetime.date) -> list[datetime.date]:
    """Stale months whose figures this one is held against: for a spike, for what a difference would tell."""
    if not metric.swings and not metric.cumulative:
        return []
    waiting = Rollup.objects.stale().filter(metric=metric.slug, month__lt=month).order_by("month")
    return list(waiting.values_list("month", flat=True).distinct())


def put(*, metric: Metric, month: datetime.date, figures: list[Figure]) -> None:
    """These are the month's cells now, and there are no others. Inside a transaction that locked them."""
    now = timezone.now()
    columns: list[list[object]] = [
        [figure.place[0] for figure in figures],
        [figure.place[1] for figure in figures],
        [figure.lower for figure in figures],
        [figure.upper for figure in figures],
        [figure.suppressed for figure in figures],
        [figure.unknown_share for figure in figures],
        [figure.top_share for figure in figures],
        [figure.spike for figure in figures],
    ]
    with connection.cursor() as cursor:
        cursor.execute(STORE, [month, metric.slug, metric.rule_version, now, *columns])
        cursor.execute(EMPTY, [metric.slug, month, now])


def recompute_stale(*, limit: int = 1000, metrics: Mapping[str, Metric] = METRICS) -> int:
    """The longest stale first, each in its own transaction. Returns how many months of a metric were done.

    A metric whose rule was changed waits until that is adopted (actions/releases.py): until then its
    figures are those of the rule that everybody reads.
    """
    waiting = (
        Rollup.objects.stale()
        .filter(metric__in=set(metrics) - outdated(metrics))
        .values_list("metric", "month")
        .annotate(since=Min("stale_since"))
        .order_by("since", "month", "metric")  # one order, so that what is done first is the same for all
    )
    return sum(recompute(metric=metrics[slug], month=month) for slug, month, _since in list(waiting[:limit]))


def outdated(metrics: Mapping[str, Metric]) -> set[str]:
    """Those whose rule in force is not the one they carry now."""
    in_force = MetricRelease.objects.filter(superseded_at=None, metric__in=metrics)
    return {
        slug
        for slug, version in in_force.values_list("metric", "rule_version")
        if version != metrics[slug].rule_version
    }

"""Rollups of the metrics of the ledger. The floors below know nothing of them: this one looks by itself."""

import datetime
from collections.abc import Iterable

from django.db.models import Min
from django.utils import timezone

from contributions.actions.rollups import mark_months_stale, recompute_stale
from contributions.measures import Metric
from contributions.measures.metric import later, month_of
from contributions.models import Contribution, Rollup
from contributions.recount import recount
from dashboards.measures import LEDGER
from grants.models import Draw, Lot

RECENT = 3  # months: a cluster reports days late, and corrects what it reported


def recompute_ledger(*, months: Iterable[datetime.date]) -> int:
    """Count these months, mark what is stored otherwise stale, recompute it. Returns how many were done.

    A month that is as it was is not written, so the pages drawn from it stay good.
    """
    for month in months:
        changed = [metric for metric in LEDGER.values() if _differs(metric, month)]
        mark_months_stale(metrics=changed, months=[month])
    return recompute_stale(metrics=LEDGER)


def _differs(metric: Metric, month: datetime.date) -> bool:
    columns = ("nation", "international", "lower", "upper", "suppressed", "unknown_share", "rule_version")
    stored = Rollup.objects.fresh().filter(metric=metric.slug, month=month).order_by()
    counted = {
        (*one.place, one.lower, one.upper, one.suppressed, one.unknown_share, metric.rule_version)
        for one in recount(metric, month)
    }
    return set(stored.values_list(*columns)) != counted


def recent_months() -> list[datetime.date]:
    present = month_of(timezone.now())
    return [later(present, -back) for back in range(RECENT)]


def every_month() -> list[datetime.date]:
    """From the first promise, draw or publication up to now."""
    first = Lot.objects.aggregate(at=Min("created_at"))["at"]
    drawn = Draw.objects.aggregate(day=Min("day"))["day"]
    kinds = LEDGER["funded_share"].kinds
    published = Contribution.objects.filter(kind__in=kinds).aggregate(at=Min("happened_at"))["at"]
    days = [at.date() if isinstance(at, datetime.datetime) else at for at in (first, drawn, published) if at]
    present, months = month_of(timezone.now()), []
    month = min(days).replace(day=1) if days else later(present, 1)
    while month <= present:
        months.append(month)
        month = later(month, 1)
    return months

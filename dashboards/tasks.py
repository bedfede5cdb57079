"""The clock of the figures that need the ledger. Each may run twice."""

from celery import shared_task
from django.conf import settings

from dashboards import ahead
from dashboards.actions import releases, rollups


@shared_task
def recompute_recent_ledger() -> int:
    return rollups.recompute_ledger(months=rollups.recent_months())


@shared_task
def recompute_whole_ledger() -> int:
    """Corrections of old days, publications that came late, awards entered for a day long past."""
    return rollups.recompute_ledger(months=rollups.every_month())


@shared_task
def publish_due_release() -> None:
    """Once a month; the other times there is nothing to do."""
    releases.publish_due()


@shared_task
def draw_ahead() -> int:
    """Parts of public pages that have changed, or will soon have grown old."""
    return ahead.draw_due() if settings.DRAW_AHEAD else 0

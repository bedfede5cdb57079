"""The clock of the figures that need the ledger. Each may run twice."""

from celery import shared_task

from dashboards.actions import rollups


@shared_task
def recompute_recent_ledger() -> int:
    return rollups.recompute_ledger(months=rollups.recent_months())


@shared_task
def recompute_whole_ledger() -> int:
    """Corrections of old days, publications that came late, awards entered for a day long past."""
    return rollups.recompute_ledger(months=rollups.every_month())

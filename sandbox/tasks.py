"""The sandbox's clock: see CELERY_BEAT_SCHEDULE. Each may run twice."""

from celery import shared_task

from sandbox.actions import usage


@shared_task(name="sandbox.tasks.settle_pending")
def settle_pending() -> int:
    return usage.settle_pending()


@shared_task(name="sandbox.tasks.close_leases")
def close_leases() -> int:
    return usage.close_leases()

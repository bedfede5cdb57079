"""The clock of the contribution engine. A task may run twice, or be killed: nothing is lost or doubled."""

import uuid

from celery import shared_task

from contributions.actions import exchange, rollups, sources, sync

AT_ONCE = 200  # sources woken by one stroke of the clock


@shared_task
def sync_due() -> int:
    """Claim what is due, also what a dead worker left behind, and wake workers for it."""
    claimed = sources.claim_due(limit=AT_ONCE)
    for source_id, lease in claimed:
        sync_source.delay(source_id, str(lease))
    return len(claimed)


@shared_task
def sync_source(source_id: int, lease: str | None = None) -> None:
    """Look at one source. Without a lease it claims the source itself, if that is free and due."""
    held = uuid.UUID(lease) if lease else sources.claim(source_id=source_id)
    if held is None:
        return
    outcome = sync.sync_source(source_id=source_id, lease=held)
    if outcome.state == "finished":
        sync_due.delay()
        recompute_stale.delay()


@shared_task
def recompute_stale() -> int:
    return rollups.recompute_stale()


@shared_task
def recompute_exchange() -> int:
    """Give and take of the months whose steps of lineage were recomputed."""
    return exchange.recompute_due()

"""The clock of the contribution engine. A task may run twice, or be killed: nothing is lost or doubled."""

import uuid

from celery import shared_task

from contributions.actions import (
    copies,
    corrections,
    exchange,
    holdings,
    releases,
    rollups,
    sources,
    sync,
    webhooks,
)

AT_ONCE = 200  # sources woken by one stroke of the clock
RECONCILED_AT_ONCE = 100


@shared_task
def sync_due() -> int:
    """Claim what is due, also what a dead worker left behind, and wake workers for it."""
    claimed = sources.claim_due(limit=AT_ONCE)
    for source_id, lease in claimed:
        sync_source.delay(source_id, str(lease))
    if len(claimed) == AT_ONCE:
        sync_due.delay()
    return len(claimed)


@shared_task
def sync_source(source_id: int, lease: str | None = None) -> None:
    """Look at one source. Without a lease it claims the source itself, if that is free and due."""
    held = uuid.UUID(lease) if lease else sources.claim(source_id=source_id)
    if held is None:
        return
    outcome = sync.sync_source(source_id=source_id, lease=held)
    if outcome.state == "finished":
        if outcome.wakes:
            sync_due.delay()
        if outcome.tally.new or outcome.tally.changed:
            recompute_stale.delay()


@shared_task
def reconcile_due() -> int:
    """The nightly look, spread over the day: what webhooks and marks missed."""
    return sources.reconcile_due(limit=RECONCILED_AT_ONCE)


@shared_task
def handle_delivery(delivery_id: int) -> None:
    """A webhook came in: the sources it concerns are looked at now."""
    if webhooks.handle(delivery_id=delivery_id):
        sync_due.delay()


@shared_task
def handle_deliveries() -> int:
    """Those whose message the broker lost."""
    return webhooks.handle_waiting()


@shared_task
def settle_copies() -> int:
    """Copies that two workers at once may have taken for originals."""
    return copies.settle_left_over()


@shared_task
def recompute_stale() -> int:
    releases.open_month()
    holdings.count_holdings()
    return rollups.recompute_stale()


@shared_task
def recompute_exchange() -> int:
    """Give and take of the months whose steps of lineage were recomputed."""
    return exchange.recompute_due()


@shared_task
def send_due_letters() -> int:
    """To those who contested something and left an address."""
    return corrections.send_due_letters()

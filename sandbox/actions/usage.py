"""What requests to models use: leases for the gateway, a Usage row each, and what a crash left behind."""

import datetime
import json
import logging
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions import compute
from grants.models.compute import DrawSource, Lease, Lot
from mission.errors import Refused
from sandbox import balance
from sandbox.models import ApiKey, Usage, UsageStatus

logger = logging.getLogger(__name__)

LEASE_SECONDS = 60
"""An idle lease goes back to its lot after this long; a lot that is ended stops within it."""
REQUEST_SECONDS = 300
"""No request to a model lasts longer."""


class Filled(NamedTuple):
    lease_id: int
    lot_id: int
    added_ms: int
    fresh: bool


def fill_lease(*, award_id: int, lease_id: int | None, left_ms: int, gpu_ms: int, at_least: int) -> Filled:
    """Hold more of an award's lots for the gateway: on the lease it has, with `left_ms` on it, else on the
    lot that expires first. Refused with what the last lot said when none of them brings `at_least`."""
    refusal: Refused | None = None
    if lease_id is not None:
        try:
            lease, added = compute.extend_lease(
                lease_id=lease_id, gpu_ms=gpu_ms, at_least=max(1, at_least - left_ms), seconds=LEASE_SECONDS
            )
            return Filled(lease.pk, lease.lot_id, added, fresh=False)
        except Refused as error:
            refusal = error
    for lot in Lot.objects.usable().filter(award_id=award_id):
        try:
            lease = compute.take_lease(lot_id=lot.pk, gpu_ms=gpu_ms, at_least=at_least, seconds=LEASE_SECONDS)
            return Filled(lease.pk, lot.pk, lease.taken_ms, fresh=True)
        except Refused as error:
            refusal = error
    last = Lot.objects.filter(award_id=award_id).last()
    if last is None:
        raise Refused(_("This award has no GPU time."), code="lot_spent")
    raise refusal if refusal and refusal.code != "lease_closed" else compute.refusal(last, at_least)


def settle(
    *,
    request_id: str,
    key_id: int,
    lot_id: int,
    lease_id: int,
    deployment_id: int,
    prompt_tokens: int,
    completion_tokens: int,
    gpu_ms: int,
    status: UsageStatus,
) -> Usage:
    """Write down one request and charge its lot, once per request id."""
    words: dict[str, Any] = {
        "request_id": request_id,
        "key_id": key_id,
        "lot_id": lot_id,
        "deployment_id": deployment_id,
    }
    tokens = {"prompt_tokens": prompt_tokens, "completion_tokens": completion_tokens}
    draw: dict[str, Any] = {
        "external_id": f"sandbox:{request_id}",
        "day": timezone.localdate(),
        "gpu_ms": gpu_ms,
    }

    def charge_lease() -> int:
        compute.settle_lease(lease_id=lease_id, **draw)
        return gpu_ms

    def charge_lot() -> int:
        compute.draw(actor=None, lot_id=lot_id, source=DrawSource.SANDBOX, **draw)
        return gpu_ms

    def charge_nobody() -> int:
        return 0

    # The lease; should it be closed by now, the lot; should that be spent, nobody.
    for charge in (charge_lease, charge_lot, charge_nobody) if gpu_ms else (charge_nobody,):
        try:
            with transaction.atomic():
                return Usage.objects.create(**words, **tokens, status=status, gpu_ms=charge())
        except Refused:
            logger.warning("late to charge", extra={"usage": request_id, "gpu_ms": gpu_ms})
        except IntegrityError:
            break
    return Usage.objects.get(request_id=request_id)


def note_use(*, key_id: int) -> None:
    """Remember when a key was last used, to the minute."""
    ApiKey.objects.filter(pk=key_id).update(last_used_at=timezone.now())


# --- what the clock does ---------------------------------------------------------------------------


def settle_pending() -> int:
    """Settle what a web process that died left behind: charged where its use is known, else released.

    How many there were.
    """
    settled = 0
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as client:
        for request_id, told in client.hscan_iter(balance.PENDING):
            left: dict[str, Any] = json.loads(told)
            young = timezone.now().timestamp() - left["at"] / 1000 < 2 * REQUEST_SECONDS
            if "used" not in left and young and client.exists(f"{balance.ALIVE}{left['instance']}"):
                continue  # still being answered
            lost: dict[str, Any] = {
                "prompt_tokens": 0,
                "completion_tokens": 0,
                "gpu_ms": 0,
                "status": UsageStatus.LOST,
            }
            used: dict[str, Any] = left.get("used") or lost
            settle(
                request_id=request_id,
                key_id=left["key"],
                lot_id=left["lot"],
                lease_id=left["lease"],
                deployment_id=left["deployment"],
                **used,
            )
            balance.finish(client, request_id, used["gpu_ms"], used)
            balance.forget(client, request_id)
            settled += 1
    return settled


def close_leases() -> int:
    """Give idle leases back to their lots; one that Redis lost, once no request can still settle on it."""
    closed = 0
    now = timezone.now()
    long_ago = now - datetime.timedelta(seconds=REQUEST_SECONDS + LEASE_SECONDS)
    with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as client:
        for lease in Lease.objects.overdue(now):
            found = balance.retire(client, lease.pk)
            if found == "retired" or (found == "lost" and lease.expires_at < long_ago):
                compute.close_lease(lease_id=lease.pk)
                closed += 1
    return closed

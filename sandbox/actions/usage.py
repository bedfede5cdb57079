"""What requests to models use: leases for the gateway, a Usage row each, and what a crash left behind."""

import datetime
import json
import logging
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
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
    known = Usage.objects.filter(request_id=request_id).first()
    if known is not None:
        return known
    now = timezone.now()
    try:
        with transaction.atomic():
            charged = charge(lease_id=lease_id, lot_id=lot_id, request_id=request_id, gpu_ms=gpu_ms)
            usage = Usage.objects.create(
                request_id=request_id,
                key_id=key_id,
                lot_id=lot_id,
                deployment_id=deployment_id,
                prompt_tokens=prompt_tokens,
                completion_tokens=completion_tokens,
                gpu_ms=charged,
                status=status,
                at=now,
            )
    except IntegrityError:
        return Usage.objects.get(request_id=request_id)
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - datetime.timedelta(minutes=1))
    ApiKey.objects.filter(stale, pk=key_id).update(last_used_at=now)
    return usage


def charge(*, lease_id: int, lot_id: int, request_id: str, gpu_ms: int) -> int:
    """Charge the lease; should it be closed by now, the lot; should that be spent, nobody."""
    if gpu_ms == 0:
        return 0
    day = timezone.localdate()
    external_id = f"sandbox:{request_id}"
    try:
        compute.settle_lease(lease_id=lease_id, external_id=external_id, day=day, gpu_ms=gpu_ms)
    except Refused:
        try:
            compute.draw(
                actor=None,
                lot_id=lot_id,
                external_id=external_id,
                day=day,
                gpu_ms=gpu_ms,
                source=DrawSource.SANDBOX,
            )
        except Refused:
            logger.warning("nothing left to charge", extra={"usage": request_id, "gpu_ms": gpu_ms})
            return 0
    return gpu_ms


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

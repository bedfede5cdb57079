"""Reserving before a model is asked, and settling after: the gateway's side of the compute ledger.

A request reserves the most it can cost on a lease in Redis, so no number of requests at once can promise
more than the lease holds; it settles what it did cost in PostgreSQL, once. `sandbox.balance` says why
losing Redis, or this process, never spends more than was granted.
"""

import asyncio
import logging
import time
import weakref
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import RedisError

from mission.errors import Refused
from sandbox import balance
from sandbox.actions.usage import LEASE_SECONDS, Filled, fill_lease, note_use, settle
from sandbox.answers import ApiError, Tally
from sandbox.keys import OpenKey
from sandbox.models import Deployment, UsageStatus
from sandbox.parameters import Asked

logger = logging.getLogger(__name__)
T = TypeVar("T")
InDatabase = Callable[..., Awaitable[Any]]

LEASE_MS = 60_000
"""A lease takes this much of a lot at a time, in GPU-milliseconds, or four requests' worth."""
NOTE_SECONDS = 60
"""How often a key's last use is written down."""
LIVE_MS = (LEASE_SECONDS - 5) * 1000


@dataclass(frozen=True)
class Reservation:
    request_id: str
    key_id: int
    deployment: Deployment
    lease_id: int
    lot_id: int
    gpu_ms: int

    def most_tokens(self, asked: Asked) -> int:
        """How long an answer the reservation pays for, one token at least: the last request of a lot gets
        what is left."""
        return max(1, min(asked.max_tokens, self.deployment.affordable(self.gpu_ms, asked.prompt_likely)))


class Meter:
    """`in_database` runs an action in a thread that has a database connection."""

    def __init__(self, redis: Redis, in_database: InDatabase, instance: str) -> None:
        self.redis = redis
        self.in_database = in_database
        self.instance = instance
        self._noted: dict[int, float] = {}
        self._filling: weakref.WeakValueDictionary[int, asyncio.Lock] = weakref.WeakValueDictionary()

    async def reserve(
        self, *, opened: OpenKey, deployment: Deployment, asked: Asked, request_id: str
    ) -> Reservation:
        """Reserve the most a request can cost; when the lots have less, what is left, if it is of use."""
        most = deployment.cost(asked.prompt_most, asked.max_tokens)
        least = deployment.cost(asked.prompt_likely, 1)
        record = {"key": opened.key, "deployment": deployment.pk, "instance": self.instance}

        async def attempt(enough: int) -> Any:
            return await balance.reserve(self.redis, opened.award, request_id, most, enough, record)

        found, lease, amount, lot = await attempt(most)
        if found != "ok":
            lock = self._filling.setdefault(opened.award, asyncio.Lock())
            async with lock:  # whoever waited here finds a full lease
                found, lease, amount, lot = await attempt(most)
                if found != "ok":
                    refusal = await self._fill(opened.award, (found, lease, int(amount)), most, least)
                    found, lease, amount, lot = await attempt(least)
                    if found != "ok":
                        raise out_of_quota(refusal)
        return Reservation(request_id, opened.key, deployment, int(lease), int(lot), int(amount))

    async def _fill(self, award_id: int, had: tuple[str, str, int], most: int, least: int) -> Refused | None:
        """Bring more from the lots; the refusal, when they have none."""
        found, lease, left = had
        short = found == "low" or left < most
        try:
            filled: Filled = await self.in_database(
                fill_lease,
                award_id=award_id,
                lease_id=int(lease) if lease else None,
                left_ms=left,
                gpu_ms=max(LEASE_MS, 4 * most) if short else 0,
                at_least=least,
            )
        except Refused as refusal:
            return refusal
        if filled.fresh:
            await balance.install(
                self.redis, award_id, filled.lease_id, filled.lot_id, filled.added_ms, LIVE_MS
            )
        else:
            await balance.credit(self.redis, award_id, filled.lease_id, filled.added_ms, LIVE_MS)
        return None

    async def settle(self, held: Reservation, tally: Tally, status: UsageStatus) -> None:
        """Charge what was used, at most what was reserved. Should the database be away, the clock settles."""
        cost = min(held.deployment.cost(tally.prompt, tally.completion), held.gpu_ms)
        used = {
            "prompt_tokens": tally.prompt,
            "completion_tokens": tally.completion,
            "gpu_ms": cost,
            "status": status,
        }
        await self._tell_redis(balance.finish(self.redis, held.request_id, cost, used))
        await self.in_database(
            settle,
            request_id=held.request_id,
            key_id=held.key_id,
            lot_id=held.lot_id,
            lease_id=held.lease_id,
            deployment_id=held.deployment.pk,
            **used,
        )
        await self._tell_redis(balance.forget(self.redis, held.request_id))
        if time.monotonic() - self._noted.get(held.key_id, -NOTE_SECONDS) >= NOTE_SECONDS:
            self._noted[held.key_id] = time.monotonic()
            await self.in_database(note_use, key_id=held.key_id)

    async def release(self, held: Reservation) -> None:
        """Nothing was used: the model server was not reached, or refused."""
        await self._tell_redis(balance.finish(self.redis, held.request_id, 0, {}))
        await self._tell_redis(balance.forget(self.redis, held.request_id))

    async def _tell_redis(self, telling: Awaitable[Any]) -> None:
        try:
            await telling
        except RedisError:  # what it held is held in the database, until the lease is closed
            logger.warning("Redis is away", exc_info=True)


def out_of_quota(refusal: Refused | None) -> ApiError:
    """OpenAI's 429, with the ledger's own sentence. Only what others hold may come back soon."""
    if refusal is None or refusal.code == "lot_held":
        message = refusal.sentence if refusal else "Try again in a moment."
        return ApiError(429, message, kind="requests", code="rate_limit_exceeded", retry=5)
    return ApiError(429, refusal.sentence, kind="insufficient_quota", code="insufficient_quota")

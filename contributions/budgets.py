"""What is left of each credential's budget, as all workers see it in Redis. Names no credential."""

import datetime
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.utils import timezone

from mission.connections import SharedPool

MOST = 200


class Budget(NamedTuple):
    """`who`: a digest that tells credentials apart. None where the platform has not said yet."""

    platform: str
    resource: str
    who: str
    limit: int | None
    remaining: int | None
    resets_at: datetime.datetime | None
    blocked_until: datetime.datetime | None

    @property
    def is_over(self) -> bool:
        """What the platform said holds until then; afterwards it is full again."""
        return self.resets_at is not None and self.resets_at <= timezone.now()

    @property
    def left(self) -> int | None:
        return self.limit if self.is_over else self.remaining


def standing() -> list[Budget] | None:
    """All of them, or None where Redis does not answer."""
    try:
        pool = SharedPool.from_url(settings.REDIS_URL, socket_timeout=2, decode_responses=True)
        store: Any = redis.Redis(connection_pool=pool)
        keys = sorted(
            key for key, _n in zip(store.scan_iter("rate-budget:*", count=500), range(MOST), strict=False)
        )
        with store.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.hgetall(key)
            return [_budget(key, said) for key, said in zip(keys, pipe.execute(), strict=True) if said]
    except redis.RedisError:
        return None


def _budget(key: str, said: dict[str, str]) -> Budget:
    _prefix, platform, *resource, who = key.split(":")
    limit, remaining = said.get("limit"), said.get("remaining")
    return Budget(
        platform=platform,
        resource=":".join(resource),
        who=who[:6],
        limit=int(float(limit)) if limit else None,
        remaining=int(float(remaining)) if remaining else None,
        resets_at=_moment(said.get("reset")),
        blocked_until=_moment(said.get("blocked_until")),
    )


def _moment(said: str | None) -> datetime.datetime | None:
    moment = datetime.datetime.fromtimestamp(float(said), datetime.UTC) if said else None
    return moment if moment else None

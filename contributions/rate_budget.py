"""One rate budget per holder and resource, shared by all workers in Redis: asked before, told after.

The holder is who the platform counts: a user over all of the user's tokens, or an App's installation. Its
resources (GitHub's core, graphql, search) run dry one by one.

Every worker draws on the same number, so that ten of them together stay within the limit of one. What the
platform's headers say corrects it. A part is kept back for checks that somebody waits for.
"""

import datetime
import functools
import hashlib
import time

import redis
from django.conf import settings
from django.utils.translation import gettext as _

from contributions.outside import RateLimited, Unreachable

RESERVE = 0.05  # of the limit, kept for interactive checks

SPEND = """
local state = redis.call('HMGET', KEYS[1], 'blocked_until', 'remaining', 'reset', 'limit')
local now = tonumber(ARGV[1])
if state[1] and tonumber(state[1]) > now then return state[1] end
if not state[2] or not state[3] or tonumber(state[3]) <= now then return '0' end
if tonumber(state[2]) <= tonumber(ARGV[2]) * tonumber(state[4]) then return state[3] end
redis.call('HINCRBY', KEYS[1], 'remaining', -tonumber(ARGV[3]))
return '0'
"""
LEARN = """
local state = redis.call('HMGET', KEYS[1], 'remaining', 'reset')
local remaining, reset = tonumber(ARGV[2]), tonumber(ARGV[3])
if state[1] and state[2] and math.abs(tonumber(state[2]) - reset) <= 5 then
    remaining = math.min(remaining, tonumber(state[1]) + tonumber(ARGV[4]))
end
redis.call('HSET', KEYS[1], 'limit', ARGV[1], 'remaining', remaining, 'reset', reset)
redis.call('EXPIREAT', KEYS[1], reset + 3600)
return remaining
"""
BLOCK = """
local known = redis.call('HGET', KEYS[1], 'blocked_until')
if not known or tonumber(known) < tonumber(ARGV[1]) then
    redis.call('HSET', KEYS[1], 'blocked_until', ARGV[1])
end
redis.call('EXPIREAT', KEYS[1], tonumber(ARGV[1]) + 3600)
return 1
"""


@functools.cache
def _redis() -> "redis.Redis":
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5, socket_connect_timeout=5)


def recall(key: str) -> str | None:
    """What some worker remembered for all."""
    try:
        said = _redis().get(key)
    except redis.RedisError as error:
        raise Unreachable(_("The rate budget in Redis cannot be read.")) from error
    return said.decode() if isinstance(said, bytes) else None


def remember(key: str, value: str, *, seconds: int) -> None:
    try:
        _redis().set(key, value, ex=seconds)
    except redis.RedisError as error:
        raise Unreachable(_("The rate budget in Redis cannot be read.")) from error


class RateBudget:
    """What one holder may still ask of one resource."""

    def __init__(self, platform: str, endpoint: str, holder: str, resource: str = "core") -> None:
        who = hashlib.sha256(f"{endpoint} {holder}".encode()).hexdigest()[:16]
        self.resource = resource
        self.key = f"rate-budget:{platform}:{resource}:{who}"

    def _run(self, script: str, *arguments: float) -> str:
        try:
            answer = _redis().eval(script, 1, self.key, *arguments)
        except redis.RedisError as error:
            raise Unreachable(_("The rate budget in Redis cannot be read.")) from error
        return answer.decode() if isinstance(answer, bytes) else str(answer)

    def spend(self, points: int = 1, *, interactive: bool = False) -> None:
        """Take so many. Raises RateLimited, telling until when, rather than ask in vain."""
        wait = float(self._run(SPEND, time.time(), 0.0 if interactive else RESERVE, points))
        if wait:
            raise RateLimited(datetime.datetime.fromtimestamp(wait, datetime.UTC))

    def learn(self, *, limit: int, remaining: int, reset: int, refund: int = 0) -> None:
        """What the headers said. `refund`: of what was taken, so much was not spent and comes back."""
        self._run(LEARN, limit, remaining, reset, int(refund))

    def block(self, until: datetime.datetime) -> None:
        """The platform asked everybody who draws on this to wait."""
        self._run(BLOCK, int(until.timestamp()) + 1)

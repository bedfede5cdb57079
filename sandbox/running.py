"""What a web process keeps open for the gateway: Redis, model servers, threads with database connections."""

import asyncio
import contextlib
import logging
import time
import uuid
import weakref
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection
from redis.asyncio import Redis
from redis.exceptions import RedisError

from sandbox import balance
from sandbox.actions.usage import REQUEST_SECONDS
from sandbox.metering import Meter
from sandbox.models import Deployment
from sandbox.upstream import Upstream

logger = logging.getLogger(__name__)

THREADS = 4
HEARTBEAT_SECONDS = 5
DEPLOYMENTS_SECONDS = 5


class Running:
    """Everything one event loop needs to answer `/v1/`; made by `running()`, shut by `stop()`."""

    def __init__(self) -> None:
        self.instance = uuid.uuid4().hex
        self.redis = Redis.from_url(settings.REDIS_URL, decode_responses=True, socket_timeout=5)
        self.upstream = Upstream(REQUEST_SECONDS)
        self.meter = Meter(self.redis, self.in_database, self.instance)
        self.unsettled: set[asyncio.Task[None]] = set()
        self._threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="gateway")
        self._deployments: tuple[float, dict[str, Deployment]] = (0.0, {})
        self._heart = asyncio.create_task(self._beat())

    async def in_database(self, act: Callable[..., Any], **words: Any) -> Any:
        """Run an action or a read in a thread, and give its connection back afterwards."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(with_connection, act, **words))

    async def deployments(self) -> dict[str, Deployment]:
        """The published models by name, at most a few seconds old."""
        read_at, known = self._deployments
        if time.monotonic() - read_at > DEPLOYMENTS_SECONDS:
            known = await self.in_database(published)
            self._deployments = (time.monotonic(), known)
        return known

    async def alive(self) -> None:
        """Without this key the clock takes what this process has pending for left behind."""
        await self.redis.set(f"{balance.ALIVE}{self.instance}", 1, ex=4 * HEARTBEAT_SECONDS)

    async def _beat(self) -> None:
        while True:
            with contextlib.suppress(RedisError):  # the next beat may find it back
                await self.alive()
            await asyncio.sleep(HEARTBEAT_SECONDS)

    async def stop(self) -> None:
        """Settle what is under way, then close everything."""
        while self.unsettled:
            await asyncio.gather(*self.unsettled, return_exceptions=True)
        self._heart.cancel()
        with contextlib.suppress(RedisError):
            await self.redis.delete(f"{balance.ALIVE}{self.instance}")
        await self.upstream.close()
        await self.redis.aclose()
        self._threads.shutdown(wait=False)


def with_connection(act: Callable[..., Any], **words: Any) -> Any:
    try:
        return act(**words)
    finally:
        connection.close()  # back to the pool


def published() -> dict[str, Deployment]:
    return {deployment.name: deployment for deployment in Deployment.objects.published()}


_running: "weakref.WeakKeyDictionary[asyncio.AbstractEventLoop, Running]" = weakref.WeakKeyDictionary()


def running() -> Running:
    """The one of this event loop, made when first asked for."""
    loop = asyncio.get_running_loop()
    if loop not in _running:
        _running[loop] = Running()
    return _running[loop]


async def stop() -> None:
    kept = _running.pop(asyncio.get_running_loop(), None)
    if kept is not None:
        await kept.stop()


@asynccontextmanager
async def for_a_moment() -> AsyncIterator[Running]:
    """For a page that asks a model: the web process's own; in a passing event loop, one for the moment."""
    loop = asyncio.get_running_loop()
    passing = loop not in _running
    try:
        yield running()
    finally:
        if passing:
            await stop()

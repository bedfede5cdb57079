"""Connections are kept for whoever comes next: those to the database go back to the pool in the thread that
took them, as soon as an answer is made; those to Valkey are one pool's for the whole process."""

from functools import cache
from typing import Any, Self

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from django.db import connections
from redis import BlockingConnectionPool, Redis


def give_back() -> None:
    """Those of this thread, but for one inside a transaction: that is somebody's who goes on with it."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


class SharedPool(BlockingConnectionPool):
    """Django makes a cache, and with it a pool, for each request it answers (ticket 35651): each opened a
    connection to Valkey of its own, which took longer than all it then asked. Who finds every connection in
    use waits for one."""

    @classmethod
    @cache
    def from_url(cls, url: str, **options: Any) -> Self:
        return super().from_url(url, **options)


@cache
def client_of(*, connection_pool: SharedPool) -> Redis:
    """Threads may share it. To make one for each command, as Django does, takes as long as the command."""
    return Redis(connection_pool=connection_pool)


class SharedClient(RedisCacheClient):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._client = client_of


class SharedCache(RedisCache):
    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = SharedClient

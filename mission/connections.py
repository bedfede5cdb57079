"""Connections are kept for whoever comes next: those to the database go back to the pool in the thread that
took them, as soon as an answer is made; those to Valkey are one pool's for the whole process."""

from functools import cache
from typing import Any, Self

from django.db import connections
from redis import BlockingConnectionPool


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

"""Database connections go back to the pool in the thread that took them, as soon as an answer is made."""

from django.db import connections


def give_back() -> None:
    """Those of this thread, but for one inside a transaction: that is somebody's who goes on with it."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()

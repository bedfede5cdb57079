"""Parts of pages that take long to work out and to draw: kept in Valkey for all processes, and drawn ahead.

A part is a function of names alone, of which there are so many and no more: codes of nations, slugs of
metrics. It has one place for each of them in each language, so that what is kept is bounded. A part is good
while the data it hangs on stay as they are; a reader who finds it standing at another state works it out,
and puts it there for the others. dashboards/ahead.py does so before a reader comes.
"""

import contextlib
import pickle
import time
import zlib
from collections.abc import Callable, Iterable
from functools import partial
from typing import Generic, NamedTuple, TypeVar, cast

from django.core.cache import cache as store
from django.utils.translation import get_language
from redis.exceptions import RedisError

from dashboards.charts.figure import Figure
from dashboards.freshness import digest
from dashboards.stamp import build
from mission.afterwards import afterwards
from mission.remembered import Subject, remembered_while, state_of

T = TypeVar("T")

# Two changes at once may leave no trace of the one that was stored last, so no part is good for ever: it is
# drawn again in time, so that no reader waits for it.
GOOD, RENEWED = 1800, 900  # seconds


class Kept(NamedTuple):
    state: str
    at: float  # seconds, of the clock
    packed: bytes  # some 15 KB


class Part(Generic[T]):
    """Called as the function is. What it gives is read by many and written to by nobody."""

    def __init__(self, function: Callable[..., T], subjects: tuple[Subject, ...]) -> None:
        self.function, self.subjects = function, subjects
        self.near = remembered_while(*subjects)(self.far)

    def __call__(self, *names: str) -> T:
        return self.near(*names)

    def far(self, *names: str) -> T:
        """As another process has left it, else worked out. Outside a page that knows its state it is always
        worked out."""
        state = self.state()
        kept = self.look_up(names) if state else None
        if kept and kept.state == state and time.time() - kept.at < GOOD:
            return cast(T, pickle.loads(zlib.decompress(kept.packed)))  # noqa: S301  (our own)
        return self.put(names, state)

    def renew(self, *names: str) -> bool:
        """Drawn again where it will not do for much longer. Whether it was."""
        state = self.state()
        kept = self.look_up(names)
        if kept and kept.state == state and time.time() - kept.at < RENEWED:
            return False
        self.put(names, state)
        return True

    def state(self) -> str:
        known = state_of(*self.subjects)
        return known and digest(build(), known)

    def place(self, names: tuple[str, ...]) -> str:
        """Each build has places of its own: what another one has kept may be of another shape."""
        name = f"{self.function.__module__}.{self.function.__name__}"
        return ":".join(["part", digest(build())[:8], name, get_language() or "", *names])

    def look_up(self, names: tuple[str, ...]) -> Kept | None:
        with contextlib.suppress(RedisError):
            return cast("Kept | None", store.get(self.place(names)))
        return None

    def put(self, names: tuple[str, ...], state: str) -> T:
        answer = self.function(*names)
        if state:
            written = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
            afterwards(partial(_pack, self.place(names), state, time.time(), written))
        return answer


def _pack(place: str, state: str, at: float, written: bytes) -> None:
    with contextlib.suppress(RedisError):
        store.set(place, Kept(state, at, zlib.compress(written, 1)), GOOD)


def part_while(*subjects: Subject) -> Callable[[Callable[..., T]], Part[T]]:
    """For what hangs on these. See mission/remembered.py."""

    def told(function: Callable[..., T]) -> Part[T]:
        return Part(function, subjects)

    return told


def drawn(figures: Iterable[Figure]) -> list[Figure]:
    """With their markup, so that who finds them kept need not draw them. What it was made of is not kept:
    it is larger, and only a picture asks for it."""
    every = list(figures)
    for figure in every:
        if figure.rows:
            _ = figure.mould
        vars(figure).pop("drawing", None)
    return every

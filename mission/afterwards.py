"""Work that nobody need wait for: done once the answer is sent."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.http.response import HttpResponseBase

Work = Callable[[], object]

_waiting: ContextVar[list[Work] | None] = ContextVar("waiting", default=None)


def afterwards(work: Work) -> None:
    """Done when the request is over that is answered now; outside of one, at once."""
    waiting = _waiting.get()
    if waiting is None:
        work()
    else:
        waiting.append(work)


@contextmanager
def answering() -> Iterator[list[Work]]:
    """While a request is answered; gives the work that waits. See `closed_by`."""
    waiting: list[Work] = []
    token = _waiting.set(waiting)
    try:
        yield waiting
    finally:
        _waiting.reset(token)


def closed_by(response: HttpResponseBase, waiting: list[Work]) -> None:
    """The server closes a response when it has been sent: then what waits is done, in its order."""
    close = response.close

    def closed() -> None:
        close()
        while waiting:
            waiting.pop(0)()

    if waiting:
        response.close = closed  # type: ignore[method-assign]

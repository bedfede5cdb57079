"""Work that nobody need wait for: done once the answer is sent."""

from collections.abc import Callable
from contextvars import ContextVar

from django.http import HttpRequest, HttpResponse

Work = Callable[[], object]

_waiting: ContextVar[list[Work] | None] = ContextVar("waiting", default=None)


def afterwards(work: Work) -> None:
    """Done when the request is over that is answered now; outside of one, at once."""
    waiting = _waiting.get()
    if waiting is None:
        work()
    else:
        waiting.append(work)


class Afterwards:
    """Stands outside of all others. The server closes a response when it has been sent: then what waits is
    done, in its order."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        waiting: list[Work] = []
        token = _waiting.set(waiting)
        try:
            response = self.get_response(request)
        finally:
            _waiting.reset(token)
        if waiting:
            close = response.close

            def closed() -> None:
                close()
                while waiting:
                    waiting.pop(0)()

            response.close = closed  # type: ignore[method-assign]
        return response

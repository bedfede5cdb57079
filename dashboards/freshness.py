"""Public pages carry a tag of the data they were drawn from; dashboards/kept.py answers by it."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.utils.http import urlencode

from dashboards.addresses import is_canonical
from dashboards.exports import format_of
from dashboards.stamp import build, read_stamp, stamp_of
from mission.errors import Refused
from mission.remembered import standing_at

View = Callable[..., HttpResponse]
MAX_AGE = 300


def is_anonymous(request: HttpRequest) -> bool:
    """Without looking at the session: whoever has no session has signed in nowhere and was told nothing."""
    return not {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()


def address(request: HttpRequest) -> str:
    """The same for every order in which the same things may be asked for."""
    if not request.META.get("QUERY_STRING"):
        return request.path
    asked = sorted(request.GET.lists())
    return f"{request.path}?{urlencode(asked, doseq=True)}"


def digest(*parts: Any) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:32]


def key_of(request: HttpRequest) -> str:
    """All that an answer depends on, but the data; its language is in its address. Raises Refused where the
    format asked for is none."""
    return digest(request.scheme, request.get_host(), address(request), format_of(request))


def tag(key: str, state: str) -> str:
    """One tag for one address, which names the language, host, format, build and state of what is shown."""
    return f'"{digest(key, build(), state)}"'


class Freshness(NamedTuple):
    """What changes a page, in one word, and for how many seconds a copy is good unasked; 0: never."""

    state: Callable[[HttpRequest], str] = stamp_of
    seconds: int = MAX_AGE

    def told_by(self, response: HttpResponse) -> None:
        if self.seconds:
            patch_cache_control(response, public=True, max_age=self.seconds)
        else:
            patch_cache_control(response, no_cache=True)


def fresh(view: View) -> View:
    """For public pages. Anonymous visitors share a copy for five minutes; others get a private one."""
    return fresh_while(Freshness())(view)


def fresh_while(kind: Freshness) -> Callable[[View], View]:
    """The same for a page that hangs on something else than the data."""

    def decorate(view: View) -> View:
        @wraps(view)
        def told(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            """Who asked for data is refused in data, by whichever way the format was said."""
            try:
                return answered(request, *args, **kwargs)
            except Refused as refused:
                if format_of(request) == "html":
                    raise
                return JsonResponse(refused.as_json(), status=refused.status)

        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not is_anonymous(request):
                with standing_at(now(request)):
                    response = view(request, *args, **kwargs)
                patch_cache_control(response, private=True, no_cache=True)
                return response
            state = kind.state(request)
            with standing_at(state):
                response = view(request, *args, **kwargs)
            keep(request, response, state)
            if response.status_code == 200:
                response["ETag"] = tag(key_of(request), state)  # dashboards/kept.py knows it again
                kind.told_by(response)
            patch_vary_headers(response, ["Accept", "Cookie"])
            return response

        def now(request: HttpRequest) -> str:
            """Who is signed in may just have changed the data."""
            return read_stamp() if kind.state is stamp_of else kind.state(request)

        told.freshness = kind  # type: ignore[attr-defined]
        return told

    return decorate


def keep(request: HttpRequest, response: HttpResponse, stamp: str) -> None:
    """Mark an answer that many will ask for; dashboards/kept.py keeps it when it is whole."""
    many_ask = not request.META.get("QUERY_STRING") or is_canonical(response)
    if many_ask and response.status_code == 200 and "ETag" not in response:
        response.kept_at = stamp  # type: ignore[attr-defined]

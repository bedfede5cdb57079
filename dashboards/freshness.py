"""Public pages carry a tag of the data they were drawn from; dashboards/kept.py answers by it."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

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


def tag(request: HttpRequest, stamp: str) -> str:
    """One tag for one address, which names the language, host, format, build and state of the data."""
    where = (request.scheme, request.get_host(), address(request))
    return f'"{digest(*where, format_of(request), build(), stamp)}"'


def fresh(view: View) -> View:
    """For public pages. Anonymous visitors share a copy for five minutes; others get a private one."""

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
            with standing_at(read_stamp()):
                response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_cache=True)
            return response
        stamp = stamp_of(request)
        with standing_at(stamp):
            response = view(request, *args, **kwargs)
        keep(request, response, stamp)
        if response.status_code == 200:
            response["ETag"] = tag(request, stamp)  # by which dashboards/kept.py knows it again
            patch_cache_control(response, public=True, max_age=MAX_AGE)
        patch_vary_headers(response, ["Accept", "Cookie"])
        return response

    return told


def keep(request: HttpRequest, response: HttpResponse, stamp: str) -> None:
    """Mark an answer that many will ask for; dashboards/kept.py keeps it when it is whole."""
    many_ask = not request.META.get("QUERY_STRING") or is_canonical(response)
    if many_ask and response.status_code == 200 and "ETag" not in response:
        response.kept_at = stamp  # type: ignore[attr-defined]

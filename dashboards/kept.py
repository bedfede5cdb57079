"""Public pages as they were drawn for somebody else, answered before anything else is asked.

A page is kept whole, compressed, with its headers, under its address, host and format, and is good while the
data stay as they are. There is a fixed number of places, and who comes later takes the place: made-up
addresses can push pages out, but they cannot fill the store.
"""

import contextlib
import gzip
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.cache import cache as store
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import ResolverMatch, resolve
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import parse_http_date_safe
from django.utils.translation import override
from redis.exceptions import RedisError

from dashboards.exports import format_of
from dashboards.freshness import MAX_AGE, address, digest, is_anonymous, tag
from dashboards.stamp import build, stamp_of
from mission.errors import Refused
from mission.languages import spoken_in

PLACES = 2048  # for plain addresses, and as many for those that ask for something
LARGEST = 128 * 1024  # bytes, compressed: so Valkey holds 512 MB at the very most, and some 40 in use
OWN = frozenset({"content-encoding", "content-length", "x-request-id", "etag"})  # not those of the page


class Kept(NamedTuple):
    key: str
    stamp: str
    etag: str
    headers: list[tuple[str, str]]
    body: bytes  # compressed
    view: tuple[list[str | None], str]  # namespaces and name, for the count of requests


class KeptPages:
    """Stands outside of compression, session, language and access: a page that is kept costs none of them.
    Only for who has no session; only pages that @fresh has marked are ever kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or not is_anonymous(request):
            return self.get_response(request)
        key = key_of(request)
        if named := has_it_already(request, key):
            return unchanged(request, named)
        found = look_up(request, key)
        if found is not None:
            return again(request, found)
        response = self.get_response(request)
        if request.method == "GET" and (stamp := getattr(response, "kept_at", "")):
            put(request, response, key, stamp)
        return response


def key_of(request: HttpRequest) -> str:
    """All that an answer depends on, but the data; its language is in its address. Empty where the format
    asked for is none."""
    try:
        wanted = format_of(request)
    except Refused:
        return ""
    return digest(request.scheme, request.get_host(), address(request), wanted)


def place_of(request: HttpRequest, key: str) -> str:
    kind = "asked" if request.META.get("QUERY_STRING") else "plain"
    return f"page:{kind}:{int(key[:8], 16) % PLACES}"


def look_up(request: HttpRequest, key: str) -> Kept | None:
    """What is kept for the address, if the data and the program are still the same. At most one query."""
    if not key:
        return None
    try:
        found: Kept | None = store.get(place_of(request, key))
    except RedisError:
        return None
    if found is None or found.key != key or found.stamp != f"{build()}|{stamp_of(request)}":
        return None
    return found


def has_it_already(request: HttpRequest, key: str) -> str:
    """The tag by which the visitor names the page in its present state, which nobody knows who was not given
    it; so also where the page itself is kept for nobody. Empty where there is none. At most one query."""
    named = request.META.get("HTTP_IF_NONE_MATCH", "")
    if not key or not named:
        return ""
    own = tag(request, stamp_of(request))
    return next((one for one in (f"W/{own}", own) if one in named), "")


def unchanged(request: HttpRequest, named: str) -> HttpResponse:
    response = HttpResponseNotModified(headers={"ETag": named})
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    patch_vary_headers(response, ["Accept", "Cookie", "Accept-Encoding"])
    with override(spoken_in(request.path_info)):
        request.resolver_match = resolve(request.path_info)  # for the count of requests
    return response


def takes_gzip(request: HttpRequest) -> bool:
    accepted = (part.split(";") for part in request.META.get("HTTP_ACCEPT_ENCODING", "").split(","))
    return any(
        name.strip().lower() == "gzip" and "q=0" not in {p.strip() for p in more} for name, *more in accepted
    )


def again(request: HttpRequest, kept: Kept) -> HttpResponse:
    namespaces, name = kept.view
    request.resolver_match = ResolverMatch(KeptPages, (), {}, name, namespaces=namespaces)
    small = takes_gzip(request)
    response = HttpResponse(kept.body if small else gzip.decompress(kept.body), headers=dict(kept.headers))
    response["ETag"] = f"W/{kept.etag}" if small else kept.etag
    if small:
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    moment = parse_http_date_safe(response.get("Last-Modified", ""))  # of feeds
    answer: HttpResponse | None = get_conditional_response(request, response["ETag"], moment, response)
    return answer or response


def put(request: HttpRequest, response: HttpResponse, key: str, stamp: str) -> None:
    """No cookie ever, and nothing that is no page any more."""
    etag = response.get("ETag", "").removeprefix("W/")
    match = request.resolver_match
    if response.status_code != 200 or response.cookies or not etag or not key or not match:
        return
    is_small = response.get("Content-Encoding") == "gzip"
    body = response.content if is_small else gzip.compress(response.content, 6, mtime=0)
    headers: list[tuple[str, Any]] = [(k, v) for k, v in response.items() if k.lower() not in OWN]
    view: tuple[list[str | None], str] = (list(match.namespaces), match.url_name or "")
    if len(body) <= LARGEST:
        kept = Kept(key, f"{build()}|{stamp}", etag, headers, body, view)
        with contextlib.suppress(RedisError):
            store.set(place_of(request, key), kept, MAX_AGE)

"""Public pages as they were drawn for somebody else, answered before anything else is asked.

A page is kept whole, compressed, with its headers, under its address, host and format, and is good while the
data stay as they are. There is a fixed number of places, and who comes later takes the place: made-up
addresses can push pages out, but they cannot fill the store.
"""

import contextlib
import gzip
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, NamedTuple

from django.core.cache import cache as store
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import parse_http_date_safe
from django.utils.translation import override
from redis.exceptions import RedisError

from dashboards.freshness import MAX_AGE, Freshness, digest, is_anonymous, key_of, tag
from dashboards.stamp import build
from mission.afterwards import afterwards
from mission.errors import Refused
from mission.languages import spoken_in

LONGEST = 300  # characters of an address that may be a public page's
PLACES = 2048  # for plain addresses, and as many for those that ask for something
LARGEST = 128 * 1024  # bytes, compressed: so Valkey holds 512 MB at the very most, and some 40 in use
OWN = frozenset({"content-encoding", "content-length", "x-request-id", "etag"})  # not those of the page


class Kept(NamedTuple):
    key: str
    state: str
    etag: str
    headers: list[tuple[str, str]]
    body: bytes  # compressed


class KeptPages:
    """Stands outside of compression, session, language and access: a page that is kept costs none of them.
    Only for who has no session; only pages that @fresh has marked are ever kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in {"GET", "HEAD"} or not is_anonymous(request):
            return self.get_response(request)
        match, key = match_of(request.path_info), named_by(request)
        if match is None or not key:
            return self.get_response(request)
        freshness: Freshness = getattr(match.func, "freshness", Freshness())
        answer = unchanged(request, key, freshness) or again(request, key, freshness)
        if answer is not None:
            request.resolver_match = match  # for the count of requests
            return answer
        response = self.get_response(request)
        if request.method == "GET" and (state := getattr(response, "kept_at", "")):
            afterwards(partial(put, request, response, key, state))
        return response


@lru_cache(PLACES)
def match_of(path: str) -> ResolverMatch | None:
    """Which view answers: looked for once, among more than a hundred. None where none does."""
    if len(path) > LONGEST:
        return None
    try:
        with override(spoken_in(path)):
            return resolve(path)
    except Resolver404:
        return None


def named_by(request: HttpRequest) -> str:
    """Empty where the format asked for is none."""
    try:
        return key_of(request)
    except Refused:
        return ""


def place_of(request: HttpRequest, key: str) -> str:
    """Each build has places of its own: what another one has kept may be of another shape."""
    kind = "asked" if request.META.get("QUERY_STRING") else "plain"
    return f"page:{digest(build())[:8]}:{kind}:{int(key[:8], 16) % PLACES}"


def look_up(request: HttpRequest, key: str, freshness: Freshness) -> Kept | None:
    """What is kept for the address, if the data are still the same. At most one query."""
    try:
        found: Kept | None = store.get(place_of(request, key))
    except RedisError:
        return None
    if found is None or found.key != key or found.state != freshness.state(request):
        return None
    return found


def unchanged(request: HttpRequest, key: str, freshness: Freshness) -> HttpResponse | None:
    """Where the visitor names the page in its present state by its tag, which nobody knows who was not given
    it; so also where the page itself is kept for nobody. At most one query."""
    named = request.META.get("HTTP_IF_NONE_MATCH", "")
    if not named:
        return None
    own = tag(key, freshness.state(request))
    known = next((one for one in (f"W/{own}", own) if one in named), "")
    if not known:
        return None
    response = HttpResponseNotModified(headers={"ETag": known})
    freshness.told_by(response)
    patch_vary_headers(response, ["Accept", "Cookie", "Accept-Encoding"])
    return response


def takes_gzip(request: HttpRequest) -> bool:
    accepted = (part.split(";") for part in request.META.get("HTTP_ACCEPT_ENCODING", "").split(","))
    return any(
        name.strip().lower() == "gzip" and "q=0" not in {p.strip() for p in more} for name, *more in accepted
    )


def again(request: HttpRequest, key: str, freshness: Freshness) -> HttpResponse | None:
    kept = look_up(request, key, freshness)
    if kept is None:
        return None
    small = takes_gzip(request)
    response = HttpResponse(kept.body if small else gzip.decompress(kept.body), headers=dict(kept.headers))
    response["ETag"] = f"W/{kept.etag}" if small else kept.etag
    if small:
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    moment = parse_http_date_safe(response.get("Last-Modified", ""))  # of feeds
    answer: HttpResponse | None = get_conditional_response(request, response["ETag"], moment, response)
    return answer or response


def put(request: HttpRequest, response: HttpResponse, key: str, state: str) -> None:
    """No cookie ever, and nothing that is no page any more."""
    etag = response.get("ETag", "").removeprefix("W/")
    if response.status_code != 200 or response.cookies or not etag:
        return
    is_small = response.get("Content-Encoding") == "gzip"
    body = response.content if is_small else gzip.compress(response.content, 6, mtime=0)
    headers: list[tuple[str, Any]] = [(k, v) for k, v in response.items() if k.lower() not in OWN]
    if len(body) <= LARGEST:
        kept = Kept(key, state, etag, headers, body)
        with contextlib.suppress(RedisError):
            store.set(place_of(request, key), kept, MAX_AGE)

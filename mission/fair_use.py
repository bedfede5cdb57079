"""How much one address may ask of /api/, told in every answer: nobody finds out by being cut off.

Counted in Valkey per window of time; an answer that says "unchanged" (304) costs nothing. Where Valkey is
lost nothing is counted and everything is answered. Public reads may be read by other sites' scripts, see
docs/decisions/0010-public-reads-answer-any-origin.md.
"""

import ipaddress
import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from mission.access import ACCESS, verb_of

logger = logging.getLogger(__name__)
TOLD = "ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"


class FairUseMiddleware:
    """Stands outside of everything that costs something, for /api/ alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/") or request.path == "/api/":  # the page about it
            return self.get_response(request)
        now = int(time.time())
        ends = settings.API_WINDOW - now % settings.API_WINDOW
        key = f"fair:{source(request)}:{now // settings.API_WINDOW}"
        asked = count(key, ends)
        if asked > settings.API_LIMIT:
            return told(too_many(ends), 0, ends)
        response = self.get_response(request)
        if response.status_code == 304:
            give_back(key)
            asked -= 1
        if is_public(request):
            response["Access-Control-Allow-Origin"] = "*"
            response["Access-Control-Expose-Headers"] = TOLD
        return told(response, settings.API_LIMIT - asked, ends)


def source(request: HttpRequest) -> str:
    """Who asks, as a keyed digest: an address, or the network of an IPv6 address, which is one household.
    Behind a proxy the web server has put the visitor's own address there."""
    address = request.META.get("REMOTE_ADDR", "")
    try:
        read = ipaddress.ip_address(address)
        if read.version == 6:
            address = str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))
    except ValueError:
        pass  # no address at all, as behind a local socket: everybody there is one asker
    return salted_hmac("mission.fair_use", address).hexdigest()[:24]


def count(key: str, seconds: int) -> int:
    """How many it is with this one; 0 without Valkey."""
    try:
        return 1 if cache.add(key, 1, seconds + 1) else int(cache.incr(key))
    except (RedisError, ValueError):  # ValueError: the window ended between the two
        logger.warning("requests to the API are not counted")
        return 0


def give_back(key: str) -> None:
    try:
        cache.decr(key)
    except (RedisError, ValueError):
        logger.warning("an unchanged answer was counted")


def too_many(seconds: int) -> HttpResponse:
    sentence = _(
        "%(limit)s requests came from your address within %(minutes)s minutes. Ask again in %(seconds)s "
        "seconds, ask for more rows at once (limit), or take whole tables from /data/. Unchanged answers "
        "(If-None-Match) are not counted."
    ) % {"limit": settings.API_LIMIT, "minutes": round(settings.API_WINDOW / 60), "seconds": seconds}
    error = {"code": "too_many_requests", "message": sentence, "field": None}
    response = JsonResponse({"error": error}, status=429)
    response["Retry-After"] = str(seconds)
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = TOLD
    return response


def told(response: HttpResponse, left: int, seconds: int) -> HttpResponse:
    """The limit, what is left of it and for how long, as the IETF's draft on rate limit headers writes it."""
    response["RateLimit-Policy"] = f'"reads";q={settings.API_LIMIT};w={settings.API_WINDOW}'
    response["RateLimit"] = f'"reads";r={max(left, 0)};t={seconds}'
    return response


def is_public(request: HttpRequest) -> bool:
    """Whether the address answers everybody alike. What nobody has routed tells nobody anything."""
    if request.method not in {"GET", "HEAD"}:
        return False
    match = request.resolver_match
    verb = verb_of(match.func, request.path) if match else None
    return ACCESS[verb].public if verb else not request.COOKIES

"""Revalidation before any work: a page whose rows did not change is answered by 304 after one query."""

import contextlib
import hashlib
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.core.cache import cache as store
from django.db import connection
from django.db.models import CharField, Count, Max, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat, Now
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language
from redis.exceptions import RedisError

from contributions.models import Artifact, BaselineRelease, Exchange, Reading, Rollup, Source
from dashboards.exports import format_of
from grants.models import Call, Lot
from mission.errors import Refused
from mission.models import AuditEntry, Nation

View = Callable[..., HttpResponse]
MAX_AGE = 300


def is_anonymous(request: HttpRequest) -> bool:
    """Without looking at the session: whoever has no session has signed in nowhere and was told nothing."""
    return not {settings.SESSION_COOKIE_NAME, "messages"} & request.COOKIES.keys()


@cache
def build() -> str:
    """Changes with every deployment: the newest time at which code, templates or styles were written."""
    folders = [settings.BASE_DIR / name for name in ("dashboards", "templates", "static")]
    return str(max(path.stat().st_mtime_ns for folder in folders for path in folder.rglob("*.*")))


def _stamp(rows: "QuerySet[Any]", *facts: Any) -> "QuerySet[Any]":
    """One row, one column: the facts as text."""
    told = [Cast(fact, CharField()) for fact in facts]
    parts = [piece for fact in told for piece in (fact, Value(" "))]
    grouped = rows.order_by().annotate(one=Value(1)).values("one")
    stamp: QuerySet[Any] = grouped.annotate(told=Concat(*parts)).values_list("told")
    return stamp


@cache
def _stamp_sql() -> tuple[str, tuple[Any, ...]]:
    """Written once; only the database's clock decides which calls are open."""
    open_calls = Call.objects.public().filter(opens_at__lte=Now(), closes_at__gt=Now())
    stamps = [
        _stamp(BaselineRelease.objects.all(), Count("pk"), Max("retrieved_at")),
        _stamp(Rollup.objects.all(), Max("computed_at")),
        _stamp(Exchange.objects.all(), Max("computed_at")),
        _stamp(AuditEntry.objects.all(), Max("pk")),  # whatever people do here leaves an entry
        _stamp(Source.objects.all(), Max("synced_at"), Sum("rows_new"), Sum("rows_changed")),
        _stamp(Artifact.objects.all(), Max("pk")),
        _stamp(Reading.objects.all(), Max("pk")),
        _stamp(Lot.objects.all(), Count("pk"), Sum("used_ms")),
        _stamp(open_calls, Count("pk"), Sum("held_gpu_ms")),
        _stamp(Nation.objects.all(), Count("pk"), Sum("population")),
    ]
    written = [stamp.query.sql_with_params() for stamp in stamps]
    return " UNION ALL ".join(f"({sql})" for sql, _ in written), tuple(
        p for _, params in written for p in params
    )


def data_stamp() -> str:
    """Changes whenever a public figure may. One query, of sums and newest keys."""
    with connection.cursor() as cursor:
        cursor.execute(*_stamp_sql())
        return "|".join(sorted(str(told) for (told,) in cursor.fetchall()))


def tag(request: HttpRequest) -> str:
    """One tag for one address, host, language, format, build and state of the data."""
    asked = [
        request.get_host(),
        request.get_full_path(),
        get_language(),
        format_of(request),
        build(),
        data_stamp(),
    ]
    return f'"{hashlib.sha256("|".join(map(str, asked)).encode()).hexdigest()[:32]}"'


def kept(etag: str) -> HttpResponse | None:
    """The page as it was rendered for somebody else, while nothing has changed since: its tag is its key."""
    try:
        found: HttpResponse | None = store.get(f"page:{etag}")
        return found
    except RedisError:
        return None


def keep(etag: str, request: HttpRequest, response: HttpResponse) -> None:
    """Only plain addresses, so that nobody can fill the store with made-up ones."""
    if request.META.get("QUERY_STRING") or response.status_code != 200 or "ETag" in response:
        return
    response["ETag"] = etag
    with contextlib.suppress(RedisError):
        store.set(f"page:{etag}", response, MAX_AGE)


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
            response = view(request, *args, **kwargs)
            patch_cache_control(response, private=True, no_cache=True)
            return response
        etag = tag(request)
        response = (
            get_conditional_response(request, etag=etag) or kept(etag) or view(request, *args, **kwargs)
        )
        keep(etag, request, response)
        if response.status_code == 200:
            response["ETag"] = etag
        if response.status_code in {200, 304}:
            patch_cache_control(response, public=True, max_age=MAX_AGE)
        patch_vary_headers(response, ["Accept", "Cookie"])
        return response

    return told

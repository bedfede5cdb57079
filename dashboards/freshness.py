"""Revalidation before any work: a page whose rows did not change is answered by 304 after one query."""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.conf import settings
from django.db.models import CharField, Count, Max, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.translation import get_language

from contributions.models import BaselineRelease, Rollup
from dashboards.exports import format_of
from grants.models import Award, Call, Lot
from mission.errors import Refused
from mission.models import Nation

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


def data_stamp() -> str:
    """Changes whenever a public figure may: imports, rollups, awards, draws, calls, nations. One query."""
    stamps = [
        _stamp(BaselineRelease.objects.all(), Count("pk"), Max("retrieved_at")),
        _stamp(Rollup.objects.all(), Max("computed_at")),
        _stamp(Award.objects.all(), Count("status", distinct=True), Count("pk"), Max("awarded_at")),
        _stamp(Lot.objects.all(), Count("pk"), Sum("used_ms")),
        _stamp(Call.objects.public().open(), Count("pk"), Sum("held_gpu_ms")),
        _stamp(Nation.objects.all(), Count("pk"), Sum("population")),
    ]
    return "|".join(sorted(str(told) for (told,) in stamps[0].union(*stamps[1:], all=True)))


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
        asked = [request.get_host(), request.get_full_path(), get_language(), format_of(request), build()]
        etag = f'"{hashlib.sha256("|".join([*map(str, asked), data_stamp()]).encode()).hexdigest()[:32]}"'
        # Without an answer yet, None means: not the same, go on.
        response = get_conditional_response(request, etag=etag) or view(request, *args, **kwargs)
        if response.status_code == 200:
            response["ETag"] = etag
        if response.status_code in {200, 304}:
            patch_cache_control(response, public=True, max_age=MAX_AGE)
        patch_vary_headers(response, ["Accept", "Cookie"])
        return response

    return told

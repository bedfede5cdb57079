"""/api/calls/ and /api/awards/: what the mission gives, for machines. Public, paged, plainly named.

A filter that is none is refused with 422 and its name, instead of being passed over.
"""

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, Value
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from grants.api_shapes import (
    AwardPageSerializer,
    AwardSerializer,
    CallDetailSerializer,
    CallPageSerializer,
    CallSerializer,
)
from grants.models import Award, Call, CallStatus, ProgrammeKind
from mission.access import requires
from mission.errors import Refused

Filter = Callable[[str], Q]
PAGE = OpenApiParameter("page", int, description="50 a page, from 1")
KIND = OpenApiParameter("kind", str, enum=ProgrammeKind.values, description="of the programme")
NATION = OpenApiParameter("nation", str, description="ISO 3166-1 alpha-2, such as IN")
PROGRAMME = OpenApiParameter("programme", str, description="its slug")


def known(name: str, value: str, values: list[str]) -> str:
    if value not in values:
        sentence = _("“%(value)s” is no %(name)s. There are: %(values)s.")
        words = {"value": value[:40], "name": name, "values": ", ".join(values)}
        raise Refused(sentence % words, field=name, code="invalid", status=422)
    return value


def like(name: str, value: str, pattern: str, example: str) -> str:
    if not re.fullmatch(pattern, value):
        words = {"value": value[:40], "name": name, "example": example}
        sentence = _("“%(value)s” is no %(name)s, such as %(example)s.") % words
        raise Refused(sentence, field=name, code="invalid", status=422)
    return value


def year(value: str) -> int:
    return int(like("year", value, "(19|20)[0-9]{2}", "2026"))


def nation(value: str) -> str:
    return like("nation", value.upper(), "[A-Z]{2}", "IN")


def in_phase(value: str) -> Q:
    """As `Call.phase` says it, with the minutes of grace."""
    known("phase", value, ["upcoming", "open", "closed"])
    now, published = timezone.now(), Q(status=CallStatus.PUBLISHED)
    if value == "upcoming":
        return published & Q(opens_at__gt=now)
    is_open = published & Q(opens_at__lte=now, last_moment_at__gt=now)
    return is_open if value == "open" else ~is_open & ~(published & Q(opens_at__gt=now))


def open_to(value: str) -> Q:
    """Calls that name nations, and this one among them; and those that name none."""
    named: list[dict[str, object]] = [{"rule": "nation"}]
    this = [{"rule": "nation", "any_of": [nation(value)]}]
    return ~Q(eligibility__contains=named) | Q(eligibility__contains=this)


CALL_FILTERS: Mapping[str, Filter] = {
    "kind": lambda value: Q(programme__kind=known("kind", value, ProgrammeKind.values)),
    "phase": in_phase,
    "nation": open_to,
    "programme": lambda value: Q(programme__slug=value),
    "year": lambda value: Q(opens_at__year=year(value)),
}
AWARD_FILTERS: Mapping[str, Filter] = {
    "kind": lambda value: Q(application__call__programme__kind=known("kind", value, ProgrammeKind.values)),
    "nation": lambda value: Q(nation=nation(value)),
    "programme": lambda value: Q(application__call__programme__slug=value),
    "call": lambda value: Q(application__call__slug=value),
    "year": lambda value: Q(awarded_at__year=year(value)),
    "reference": lambda value: Q(reference=value),
}


def asked_for(request: Request, filters: Mapping[str, Filter]) -> Q:
    found = Q()
    for name, condition in filters.items():
        value = request.query_params.get(name, "").replace("\0", "")
        if value:
            found &= condition(value)
    return found


def paged(request: Request, rows: Any, serializer: type[serializers.Serializer[Any]]) -> Response:
    """`{"count", "next", "previous", "results"}`, 50 a page."""
    pages = PageNumberPagination()
    page: Any = pages.paginate_queryset(rows, request)
    return pages.get_paginated_response(serializer(page, many=True).data)


@requires("public.read")
@extend_schema(
    responses=CallPageSerializer,
    parameters=[
        PAGE,
        KIND,
        OpenApiParameter(
            "phase", str, enum=["upcoming", "open", "closed"], description="where it stands now"
        ),
        OpenApiParameter("nation", str, description="open to applicants of this nation, such as IN"),
        PROGRAMME,
        OpenApiParameter("year", int, description="in which it opens"),
    ],
    operation_id="calls_list",
    summary="Calls: open, upcoming and closed, the newest first",
)
@api_view(["GET"])
def calls(request: Request) -> Response:
    grace = ExpressionWrapper(F("grace_minutes") * Value(datetime.timedelta(minutes=1)), DurationField())
    last = ExpressionWrapper(F("closes_at") + grace, DateTimeField())
    rows = Call.objects.public().select_related("programme").annotate(last_moment_at=last)
    found = rows.filter(asked_for(request, CALL_FILTERS)).order_by("-opens_at", "pk")
    return paged(request, found, CallSerializer)


@requires("public.read")
@extend_schema(
    responses=CallDetailSerializer, operation_id="calls_one", summary="One call, with all that applicants see"
)
@api_view(["GET"])
def call(request: Request, slug: str) -> Response:
    rows = Call.objects.public().select_related("programme").prefetch_related("amendments__call")
    found = rows.filter(slug=slug).first()
    if found is None:
        raise Http404
    return Response(CallDetailSerializer(found).data)


@requires("public.read")
@extend_schema(
    responses=AwardPageSerializer,
    parameters=[
        PAGE,
        KIND,
        NATION,
        PROGRAMME,
        OpenApiParameter("call", str, description="its slug"),
        OpenApiParameter("year", int, description="in which it was awarded"),
        OpenApiParameter("reference", str, description="this award alone, such as OSAI-2026-0001"),
    ],
    operation_id="awards_list",
    summary="The register of awards, newest first",
)
@api_view(["GET"])
def awards(request: Request) -> Response:
    rows = Award.objects.public().filter(asked_for(request, AWARD_FILTERS))
    return paged(request, rows.with_compute(), AwardSerializer)

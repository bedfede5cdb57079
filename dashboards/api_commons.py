"""/api/nations/, /api/languages/, /api/metrics/, /api/artifacts/ and one award: what figures are about."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from contributions.api_shapes import ArtifactDetailSerializer, ArtifactSerializer, MetricSerializer
from contributions.models import Account, Artifact, ArtifactLink, Platform
from dashboards.api_shapes import (
    ARTIFACT_PAGE,
    LANGUAGE_PAGE,
    NATION_PAGE,
    AwardDetailSerializer,
    NationDetailSerializer,
)
from dashboards.figures.catalogue import catalogue
from dashboards.figures.languages import NEEDS, spoken
from dashboards.figures.places import Place, places
from dashboards.forms.api import ArtifactFilters, LanguageFilters, NoFilters
from dashboards.freshness import fresh
from dashboards.measures import EVERY_METRIC
from grants.models import Award
from mission.access import requires
from mission.api import asked, keyset, listed
from mission.models import Nation
from mission.openapi import parameters

CHILDREN, READINGS = 100, 90


@requires("public.read")
@fresh
@extend_schema(operation_id="nations_list", summary="All nations, by name", responses=NATION_PAGE)
@api_view(["GET"])
def nations(request: Request) -> Response:
    """Those of ISO 3166-1, and Kosovo (XK), which the baseline counts."""
    asked(request, NoFilters)
    known = places()
    longer = dict(Nation.objects.order_by().values_list("code", "alpha3"))
    return listed([nation_row(request, each, longer.get(each.code)) for each in known.values()], len(known))


def nation_row(request: Request, place: Place, alpha3: str | None) -> dict[str, Any]:
    return {
        "code": place.code,
        "alpha3": alpha3,
        "name": place.name,
        "population": place.population,
        "url": request.build_absolute_uri(place.url),
    }


@requires("public.read")
@fresh
@extend_schema(
    operation_id="nations_one",
    summary="One nation, and where its figures are",
    responses=NationDetailSerializer,
)
@api_view(["GET"])
def nation(request: Request, code: str) -> Response:
    asked(request, NoFilters)
    place = places().get(code.upper())
    if place is None:
        raise Http404
    row = nation_row(
        request, place, Nation.objects.filter(pk=place.code).values_list("alpha3", flat=True).first()
    )
    here = {
        name: request.build_absolute_uri(f"/api/{name}/?nation={place.code}")
        for name in ("rollups", "baseline", "artifacts", "awards", "languages")
    }
    return Response({**row, "links": here})


@requires("public.read")
@fresh
@extend_schema(
    operation_id="languages_list",
    summary="Languages by speakers, and what the commons holds for each",
    parameters=parameters(LanguageFilters),
    responses=LANGUAGE_PAGE,
)
@api_view(["GET"])
def languages(request: Request) -> Response:
    """All with known speakers, most spoken first."""
    code = asked(request, LanguageFilters).get("nation", "").upper()
    known = places()
    if code and code not in known:
        raise Http404
    found = spoken(known.get(code))
    rows = [
        {
            "code": each.code,
            "name": each.name,
            "autonym": each.autonym,
            "speakers": each.speakers,
            "artifacts": {need.key: each.counts.get(need.key, 0) for need in NEEDS},
        }
        for each in found
    ]
    return listed(rows, len(rows))


@requires("public.read")
@fresh
@extend_schema(
    operation_id="metrics_list",
    summary="Every metric: what it counts, in which unit, from which rows, under which rule",
    responses=MetricSerializer(many=True),
)
@api_view(["GET"])
def metrics(request: Request) -> Response:
    """Those of what people add, and those of the compute ledger, with known ways to game each."""
    asked(request, NoFilters)
    rows: Any = list(EVERY_METRIC.values())
    return Response(MetricSerializer(rows, many=True).data)


@requires("public.read")
@fresh
@extend_schema(
    operation_id="artifacts_list",
    summary="Repositories, models, datasets and applications, newest first",
    parameters=parameters(ArtifactFilters),
    responses=ARTIFACT_PAGE,
)
@api_view(["GET"])
def artifacts(request: Request) -> Response:
    """What is there now, as last looked at. Copies are listed and name their original."""
    said = asked(request, ArtifactFilters)
    nation = said.get("nation", "").upper()
    if nation and nation not in places():
        raise Http404
    named = ("q", "kind", "language", "licence", "openness", "task", "runs_on")
    filters = {name: said.get(name, "") for name in named}
    rows = catalogue(**filters, nation=nation)
    if owner := said.get("owner"):
        rows = rows.filter(owner__in=owners(owner))
    rows = rows.select_related("owner").prefetch_related("parents")
    shape = ArtifactSerializer().to_representation  # one for all rows: its fields are made once
    return keyset(request, rows, ("-created_at", "-id"), said, shape)


def owners(name: str) -> list[int]:
    """Accounts of that name, on whichever platform. One query."""
    first, *others = (
        Account.objects.named(platform, name).values_list("pk", flat=True) for platform in Platform.values
    )
    return list(first.union(*others))  # a look into account_login for each; with OR all are read


@requires("public.read")
@fresh
@extend_schema(
    operation_id="artifacts_one",
    summary="One artefact: what it was built on, what was built from it, and its counters",
    responses=ArtifactDetailSerializer,
)
@api_view(["GET"])
def artifact(request: Request, pk: int) -> Response:
    asked(request, NoFilters)
    there = Artifact.objects.there().select_related("owner").prefetch_related("languages", "parents")
    found: Any = there.filter(pk=pk).first() if pk < 2**63 else None
    if found is None:
        raise Http404
    links = ArtifactLink.objects.filter(parent=found, child__gone_at=None).select_related("child")
    found.first_children = list(links.order_by("child__name", "pk")[:CHILDREN])
    found.children_count = links.count()
    found.last_readings = list(found.readings.order_by("-day")[:READINGS])
    return Response(ArtifactDetailSerializer(found).data)


@requires("public.read")
@fresh
@extend_schema(
    operation_id="awards_one", summary="One award and what it asks for", responses=AwardDetailSerializer
)
@api_view(["GET"])
def award(request: Request, reference: str) -> Response:
    asked(request, NoFilters)
    rows = Award.objects.public().with_compute().prefetch_related("deliverables")
    found = rows.filter(reference=reference).first() if "\0" not in reference else None
    if found is None:
        raise Http404
    return Response(AwardDetailSerializer(found).data)

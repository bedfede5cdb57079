"""/api/artifacts/ and /api/metrics/: what people add and how it is counted, for machines."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from contributions.measures import PEOPLE_FLOOR, SHARED_DEFINITION
from contributions.models import METRICS, Artifact, ArtifactKind, Metric
from mission.access import requires
from mission.errors import Refused


class LinkSerializer(serializers.Serializer[Any]):
    relation = serializers.CharField(
        source="kind", help_text="base, finetune, adapter, quantized, merge, dataset"
    )
    kind = serializers.CharField(source="parent_kind")
    name = serializers.CharField(source="parent_name")


class ArtifactSerializer(serializers.Serializer[Artifact]):
    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    platform = serializers.CharField()
    platform_id = serializers.CharField(help_text="the platform's own id, which outlives a rename")
    name = serializers.CharField()
    url = serializers.CharField()
    owner = serializers.CharField(source="owner.login", default=None)
    licence = serializers.CharField(help_text="SPDX; empty where unknown, LicenseRef-… where not on the list")
    openness_class = serializers.IntegerField(
        help_text="Model Openness Framework: 3, 2 or 1; null: not classed"
    )
    openness = serializers.JSONField(help_text="evidence of the class, by component; {}: not classed")
    open_source_ai_definition = serializers.JSONField(
        source="osaid", help_text="code, parameters, data: met, not met, or null where nobody can tell"
    )
    copy_of = serializers.IntegerField(
        source="duplicate_of_id", help_text="id of the original of a mirror, fork or re-upload; not counted"
    )
    size_after_quantisation = serializers.IntegerField(source="quantised_bytes", help_text="bytes")
    runs_on = serializers.CharField(help_text="phone, laptop or server; empty where unknown")
    task = serializers.CharField()
    parameters = serializers.IntegerField()
    gated = serializers.BooleanField()
    languages = serializers.SerializerMethodField(help_text="ISO 639-3")
    built_on = LinkSerializer(source="parents", many=True)
    created_at = serializers.DateTimeField()
    observed_at = serializers.DateTimeField(help_text="when it was last seen to differ")

    def get_languages(self, artifact: Artifact) -> list[str]:
        return [language.pk for language in artifact.languages.all()]


class MetricSerializer(serializers.Serializer[Metric]):
    slug = serializers.CharField()
    name = serializers.CharField(source="label")
    unit = serializers.CharField()
    definition = serializers.CharField()
    counting = serializers.SerializerMethodField(help_text="how shares are counted, the same for all")
    kinds = serializers.ListField(child=serializers.CharField())
    rows_from = serializers.CharField(source="source")
    known_gaming = serializers.CharField(source="gaming")
    group = serializers.CharField(help_text="the subject it is listed under")
    amount = serializers.CharField(help_text="sum, subjects, half, top_share or ratio")
    cumulative = serializers.BooleanField(help_text="a state, never to be added over months")
    rule_version = serializers.IntegerField()
    suppressed_below = serializers.SerializerMethodField(help_text="people; the same for all metrics")

    def get_counting(self, metric: Metric) -> str:
        return str(SHARED_DEFINITION)

    def get_suppressed_below(self, metric: Metric) -> int:
        return PEOPLE_FLOOR


FILTERS = [
    OpenApiParameter("page", int, description="50 a page, from 1"),
    OpenApiParameter("kind", str, enum=ArtifactKind.values),
    OpenApiParameter("language", str, description="ISO 639-3"),
    OpenApiParameter("owner", str, description="name of the account on its platform"),
]


@requires("public.read")
@extend_schema(responses=ArtifactSerializer(many=True), parameters=FILTERS)
@api_view(["GET"])
def artifacts(request: Request) -> Response:
    """Repositories, models, datasets and spaces, newest first."""
    rows = Artifact.objects.there().select_related("owner").prefetch_related("languages", "parents")
    asked = request.query_params
    if kind := asked.get("kind"):
        if kind not in ArtifactKind.values:
            raise Refused(f"kind is one of {', '.join(ArtifactKind.values)}.", field="kind", status=422)
        rows = rows.of_kind(kind)
    if language := asked.get("language"):
        rows = rows.filter(languages=language)
    if owner := asked.get("owner"):
        rows = rows.filter(owner__login__iexact=owner)
    pages = PageNumberPagination()
    page: Any = pages.paginate_queryset(rows.order_by("-created_at", "-pk"), request)
    return pages.get_paginated_response(ArtifactSerializer(page, many=True).data)


@requires("public.read")
@extend_schema(responses=MetricSerializer(many=True))
@api_view(["GET"])
def metrics(request: Request) -> Response:
    """Every metric with its definition, unit, source, rule version and known ways to game it."""
    rows: Any = list(METRICS.values())
    return Response(MetricSerializer(rows, many=True).data)

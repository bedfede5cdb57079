"""/api/calls/ and /api/awards/: what the mission gives, for machines. Public, paged, plainly named."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from grants.models import Award, Call
from grants.models.gpu_time import gpu_hours
from mission.access import requires

PAGE = OpenApiParameter("page", int, description="50 a page, from 1")


class CallSerializer(serializers.Serializer[Call]):
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    programme = serializers.CharField(source="programme.name")
    kind = serializers.CharField(source="programme.kind")
    phase = serializers.CharField(help_text="upcoming, open or closed")
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    budget_gpu_hours = serializers.SerializerMethodField()
    awarded_gpu_hours = serializers.SerializerMethodField()
    url = serializers.CharField(source="get_absolute_url")

    def get_budget_gpu_hours(self, call: Call) -> float:
        return float(gpu_hours(call.budget_gpu_ms))

    def get_awarded_gpu_hours(self, call: Call) -> float:
        return float(gpu_hours(call.held_gpu_ms))


class CallDetailSerializer(CallSerializer):
    description = serializers.CharField()
    eligibility = serializers.ListField(child=serializers.CharField(), source="rules_in_words")
    criteria = serializers.ListField(child=serializers.DictField(), source="weighted_criteria")
    questions = serializers.ListField(child=serializers.DictField(), source="all_questions")


class AwardSerializer(serializers.Serializer[Award]):
    reference = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    organisation = serializers.CharField(source="organisation.name")
    nation = serializers.CharField(source="nation_id", help_text="ISO 3166-1 alpha-2")
    programme = serializers.CharField(source="application.call.programme.name")
    call = serializers.CharField(source="application.call.slug")
    status = serializers.CharField()
    awarded_at = serializers.DateTimeField()
    granted_gpu_hours = serializers.SerializerMethodField()
    used_gpu_hours = serializers.SerializerMethodField()
    granted_gpu_ms = serializers.IntegerField(help_text="the exact number, in GPU-milliseconds")
    used_gpu_ms = serializers.IntegerField(help_text="the exact number, in GPU-milliseconds")
    url = serializers.CharField(source="get_absolute_url")

    def get_granted_gpu_hours(self, award: Any) -> float:
        return float(gpu_hours(award.granted_gpu_ms))

    def get_used_gpu_hours(self, award: Any) -> float:
        return float(gpu_hours(award.used_gpu_ms))


def paged(request: Request, rows: Any, serializer: type[serializers.Serializer[Any]]) -> Response:
    """`{"count", "next", "previous", "results"}`, 50 a page."""
    pages = PageNumberPagination()
    page: Any = pages.paginate_queryset(rows, request)
    return pages.get_paginated_response(serializer(page, many=True).data)


@requires("public.read")
@extend_schema(responses=CallSerializer(many=True), parameters=[PAGE])
@api_view(["GET"])
def calls(request: Request) -> Response:
    rows = Call.objects.public().select_related("programme").order_by("-opens_at", "pk")
    return paged(request, rows, CallSerializer)


@requires("public.read")
@extend_schema(responses=CallDetailSerializer)
@api_view(["GET"])
def call(request: Request, slug: str) -> Response:
    found = Call.objects.public().select_related("programme").filter(slug=slug).first()
    if found is None:
        raise Http404
    return Response(CallDetailSerializer(found).data)


@requires("public.read")
@extend_schema(responses=AwardSerializer(many=True), parameters=[PAGE])
@api_view(["GET"])
def awards(request: Request) -> Response:
    return paged(request, Award.objects.public().with_compute(), AwardSerializer)

"""/api/applications/: an applicant's own applications, for machines that sign in as the person does."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from grants.api import PAGE, paged
from grants.models import Application, ApplicationVersion
from grants.models.gpu_time import gpu_hours
from mission.access import requires

STATES = (
    "draft, submitted, returned, being_decided, waitlisted, offered, awarded, turned_down, lapsed, "
    "declined or withdrawn"
)


class VersionSerializer(serializers.Serializer[ApplicationVersion]):
    number = serializers.IntegerField()
    submitted_at = serializers.DateTimeField()
    submitted_by = serializers.CharField(source="submitted_by.name")
    title = serializers.CharField()
    answers = serializers.DictField(help_text="by the key of the question, as submitted")
    sha256 = serializers.CharField(
        source="fingerprint", help_text="of the answers as JSON in UTF-8, keys sorted, without blanks"
    )


class ApplicationSerializer(serializers.Serializer[Application]):
    reference = serializers.CharField()
    title = serializers.CharField()
    call = serializers.CharField(source="call.slug")
    organisation = serializers.CharField(source="organisation.name")
    status = serializers.CharField(source="public_status", help_text=STATES)
    since = serializers.DateTimeField(source="public_since")
    submitted_at = serializers.DateTimeField(allow_null=True)
    complete_by = serializers.DateTimeField(allow_null=True, help_text="where it was returned")
    due_on = serializers.DateField(allow_null=True, help_text="the decision, as the call promised")
    requested_gpu_hours = serializers.SerializerMethodField()
    requested_gpu_ms = serializers.IntegerField(help_text="the exact number, in GPU-milliseconds")
    requested_money = serializers.DecimalField(max_digits=16, decimal_places=2)
    currency = serializers.CharField(source="call.currency")
    url = serializers.CharField(source="get_absolute_url")

    def get_requested_gpu_hours(self, application: Application) -> float:
        return float(gpu_hours(application.requested_gpu_ms))


class ApplicationDetailSerializer(ApplicationSerializer):
    questions = serializers.SerializerMethodField()
    answers = serializers.DictField(help_text="by the key of the question, as saved last")
    saved_at = serializers.DateTimeField()
    versions = serializers.SerializerMethodField()
    feedback = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.DictField()))
    def get_questions(self, application: Application) -> list[dict[str, Any]]:
        asked = application.read_questions()
        return [{"key": q.key, "kind": q.kind, "label": q.label, "required": q.required} for q in asked]

    @extend_schema_field(VersionSerializer(many=True))
    def get_versions(self, application: Application) -> Any:
        rows: Any = application.versions.select_related("submitted_by")
        return VersionSerializer(rows, many=True).data

    def get_feedback(self, application: Application) -> str:
        """What the Mission wrote with the decision; empty before it is announced."""
        decision = application.announced_decision
        return decision.feedback if decision else ""


@requires("application.read")
@extend_schema(
    operation_id="applications_list",
    summary="Your applications, the one saved last first",
    responses=ApplicationSerializer(many=True),
    parameters=[PAGE, OpenApiParameter("call", str, description="only those to this call, by its slug")],
)
@api_view(["GET"])
def applications(request: Request) -> Response:
    mine = Application.objects.of(request.user).select_related("call", "organisation")
    slug = request.GET.get("call", "")
    rows = mine.filter(call__slug=slug) if slug else mine
    return paged(request, rows.order_by("-saved_at", "-pk"), ApplicationSerializer)


@requires("application.read")
@extend_schema(
    operation_id="applications_read",
    summary="One of your applications, with its answers and every submitted version",
    responses=ApplicationDetailSerializer,
)
@api_view(["GET"])
def application(request: Request, reference: str) -> Response:
    mine = Application.objects.of(request.user).select_related("call", "organisation")
    found = mine.filter(reference=reference).first()
    if found is None:
        raise NotFound(_("You have no application with this reference."))
    return Response(ApplicationDetailSerializer(found).data)

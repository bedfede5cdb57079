"""What artefacts and metrics look like in the API. The addresses are in dashboards/api_commons.py."""

from typing import Any

from rest_framework import serializers

from contributions.measures import PEOPLE_FLOOR, SHARED_DEFINITION
from contributions.models import Artifact, ArtifactLink, Metric


class LinkSerializer(serializers.Serializer[Any]):
    relation = serializers.CharField(
        source="kind", help_text="base, finetune, adapter, quantized, merge, dataset"
    )
    kind = serializers.CharField(source="parent_kind")
    name = serializers.CharField(source="parent_name")
    id = serializers.IntegerField(
        source="parent_id", allow_null=True, help_text="in /api/artifacts/; null: nobody has looked at it"
    )


class ArtifactSerializer(serializers.Serializer[Artifact]):
    id = serializers.IntegerField(source="pk")
    kind = serializers.CharField()
    platform = serializers.CharField()
    platform_id = serializers.CharField(help_text="the platform's own id, which outlives a rename")
    name = serializers.CharField()
    url = serializers.CharField()
    owner = serializers.CharField(source="owner.login", default=None, allow_null=True)
    licence = serializers.CharField(help_text="SPDX; empty where unknown, LicenseRef-… where not on the list")
    openness_class = serializers.IntegerField(
        allow_null=True, help_text="Model Openness Framework: 3, 2 or 1; null: not classed"
    )
    openness = serializers.DictField(help_text="evidence of the class, by component; {}: not classed")
    open_source_ai_definition = serializers.DictField(
        source="osaid", help_text="code, parameters, data: met, not met, or null where nobody can tell"
    )
    copy_of = serializers.IntegerField(
        source="duplicate_of_id",
        allow_null=True,
        help_text="id of the original of a mirror, fork or re-upload; not counted",
    )
    size_after_quantisation = serializers.IntegerField(
        source="quantised_bytes", allow_null=True, help_text="bytes"
    )
    runs_on = serializers.CharField(help_text="phone, laptop or server; empty where unknown")
    task = serializers.CharField()
    parameters = serializers.IntegerField(allow_null=True)
    gated = serializers.BooleanField()
    languages = serializers.SerializerMethodField(help_text="ISO 639-3")
    built_on = LinkSerializer(source="parents", many=True)
    created_at = serializers.DateTimeField()
    observed_at = serializers.DateTimeField(help_text="when it was last seen to differ")

    def get_languages(self, artifact: Artifact) -> list[str]:
        return [language.pk for language in artifact.languages.all()]


class ReadingSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    downloads = serializers.IntegerField(
        allow_null=True, help_text="of the 30 days before; never add days up"
    )
    downloads_all_time = serializers.IntegerField(allow_null=True)
    likes = serializers.IntegerField(allow_null=True)
    stars = serializers.IntegerField(allow_null=True)


class ChildSerializer(serializers.Serializer[ArtifactLink]):
    relation = serializers.CharField(source="kind")
    id = serializers.IntegerField(source="child_id")
    kind = serializers.CharField(source="child.kind")
    name = serializers.CharField(source="child.name")


class ArtifactDetailSerializer(ArtifactSerializer):
    """Both ways of its lineage, and its counters of the last 90 days that were read."""

    built_from_it = ChildSerializer(many=True, source="first_children", help_text="the first 100, by name")
    built_from_it_count = serializers.IntegerField(source="children_count", help_text="all of them")
    readings = ReadingSerializer(many=True, source="last_readings", help_text="newest first")


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

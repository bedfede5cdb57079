"""What the read API answers, for its schema."""

from typing import Any

from drf_spectacular.utils import inline_serializer
from rest_framework import serializers

from contributions.api_shapes import ArtifactSerializer
from dashboards.charts.figure import Known
from grants.api_shapes import AwardSerializer

STATUS = (
    "known: between lower and upper. suppressed: it would tell of fewer than ten people, and is not zero. "
    "unknown: nobody can say. at_most: only the upper bound may be told. at_least: a sum of which some "
    "months are suppressed, so it has no upper bound (sums on pages only; a single month never has it)."
)
Words = serializers.CharField
Number = serializers.FloatField


def page_of(rows: type[serializers.Serializer[Any]], name: str) -> serializers.Serializer[Any]:
    """`{"count", "next", "results"}`."""
    fields: dict[str, Any] = {
        "count": serializers.IntegerField(
            allow_null=True, help_text="all that match; null where they are more than 10,000"
        ),
        "next": Words(allow_null=True, help_text="address of the next page; null after the last"),
        "results": rows(many=True),
    }
    page: serializers.Serializer[Any] = inline_serializer(name, fields)
    return page


class BoundsSerializer(serializers.Serializer[Any]):
    value = Number(allow_null=True, help_text="the lower bound again, for who wants one number")
    lower = Number(allow_null=True, help_text="evidence of grades A and B: declared, or in a register")
    upper = Number(allow_null=True, help_text="all evidence")
    status = serializers.ChoiceField([str(each) for each in Known], help_text=STATUS)


class RollupSerializer(BoundsSerializer):
    metric = Words(help_text="its slug, as in /api/metrics/")
    nation = Words(help_text="ISO 3166-1 alpha-2, or unknown, or international")
    month = Words(help_text="2026-03")
    unknown_share = Number(
        allow_null=True, help_text="of the metric in that month, over the world; null: withheld"
    )
    top_share = Number(allow_null=True, help_text="of the largest single part, where a counter can jump")
    spike = serializers.BooleanField(help_text="more than three times the median of the half year before")
    rule_version = serializers.IntegerField()
    computed_at = serializers.DateTimeField()
    opened_at = Words(allow_null=True, help_text="the page that opens the figure to its rows")


class BaselineSerializer(serializers.Serializer[Any]):
    metric = Words()
    nation = Words(help_text="ISO 3166-1 alpha-2, and XK")
    quarter = Words(help_text="2025-Q3")
    dimension = Words(
        allow_null=True, help_text="licence, topic or nation of destination, where there is one"
    )
    value = serializers.IntegerField()


class ExchangeSerializer(BoundsSerializer):
    giver = Words(help_text="ISO 3166-1 alpha-2, or unknown, or international")
    taker = Words(help_text="ISO 3166-1 alpha-2, or unknown, or international")
    month = Words()
    kind = Words(help_text="base, finetune, adapter, quantized, merge, dataset or evaluated")
    rule_version = serializers.IntegerField()
    computed_at = serializers.DateTimeField()


class NationSerializer(serializers.Serializer[Any]):
    code = Words(help_text="ISO 3166-1 alpha-2, and XK")
    alpha3 = Words(allow_null=True)
    name = Words(help_text="in the language of the answer")
    population = serializers.IntegerField(allow_null=True, help_text="people; null: unknown")
    url = Words(help_text="its page")


class NationLinksSerializer(serializers.Serializer[Any]):
    rollups = Words()
    baseline = Words()
    artifacts = Words()
    awards = Words()
    languages = Words()


class NationDetailSerializer(NationSerializer):
    links = NationLinksSerializer(help_text="what there is of it")


class LanguageSerializer(serializers.Serializer[Any]):
    code = Words(help_text="ISO 639-3")
    name = Words()
    autonym = Words(help_text="its own name; empty where unknown")
    speakers = serializers.IntegerField(help_text="people, first and further language")
    artifacts = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="how many name the language, by what it needs; zero is a gap",
    )


class DeliverableSerializer(serializers.Serializer[Any]):
    title = Words()
    kind = Words()
    due_on = serializers.DateField()
    status = Words(help_text="due, submitted, confirmed or waived")
    evidence_url = Words(help_text="empty where there is none yet")


class AwardDetailSerializer(AwardSerializer):
    deliverables = DeliverableSerializer(many=True, source="deliverables.all")


class ReleaseSerializer(serializers.Serializer[Any]):
    name = Words(help_text="its day")
    published_at = serializers.DateTimeField()
    rows = serializers.IntegerField(help_text="of all tables")
    sha256 = Words(help_text="over the tables")
    url = Words(help_text="its page, with its files and what changed")


RELEASE_PAGE = page_of(ReleaseSerializer, "ReleasePage")
ROLLUP_PAGE = page_of(RollupSerializer, "RollupPage")
BASELINE_PAGE = page_of(BaselineSerializer, "BaselinePage")
EXCHANGE_PAGE = page_of(ExchangeSerializer, "ExchangePage")
NATION_PAGE = page_of(NationSerializer, "NationPage")
LANGUAGE_PAGE = page_of(LanguageSerializer, "LanguagePage")
ARTIFACT_PAGE = page_of(ArtifactSerializer, "ArtifactPage")

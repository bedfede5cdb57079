"""What calls and awards look like in the API: names that say their unit, the exact number beside hours."""

from typing import Any

from rest_framework import serializers

from grants.models import Amendment, Award, Call
from grants.models.gpu_time import gpu_hours

Words = serializers.CharField


def money(**more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=16, decimal_places=2, **more)


class CallSerializer(serializers.Serializer[Call]):
    slug = Words()
    title = Words()
    summary = Words()
    programme = Words(source="programme.name")
    programme_slug = Words(source="programme.slug")
    kind = Words(source="programme.kind", help_text="of the programme, such as compute or fellowship")
    track = Words(help_text="of a fellowship; empty elsewhere")
    phase = Words(help_text="upcoming, open or closed")
    applicants = Words(help_text="organisations, individuals or either")
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    grace_minutes = serializers.IntegerField(help_text="accepted after closes_at")
    time_zone = Words()
    results_at = serializers.DateTimeField(
        allow_null=True, help_text="decisions are told then; null: as they are made"
    )
    appeal_days = serializers.IntegerField(help_text="0: no appeals")
    budget_gpu_hours = serializers.SerializerMethodField()
    awarded_gpu_hours = serializers.SerializerMethodField()
    budget_money = money()
    awarded_money = money(source="announced.money")
    currency = Words(help_text="ISO 4217; empty where the call gives no money")
    url = Words(source="get_absolute_url")

    def get_budget_gpu_hours(self, call: Call) -> float:
        return float(gpu_hours(call.budget_gpu_ms))

    def get_awarded_gpu_hours(self, call: Call) -> float:
        return float(gpu_hours(call.announced.gpu_ms))


class StepSerializer(serializers.Serializer[Any]):
    step = Words(help_text="check, technical, review, panel, decision or answer")
    reviews = serializers.IntegerField(required=False, help_text="at the review: how many")
    blind = serializers.BooleanField(required=False)
    days = serializers.IntegerField(required=False, help_text="at the answer: how many there are for it")


class RouteSerializer(serializers.Serializer[Any]):
    route = Words(help_text="desk, review or panel")
    up_to_gpu_hours = Words(allow_null=True, help_text="null: every size")
    up_to_money = Words(allow_null=True, help_text="null: every size")
    service_days = serializers.IntegerField(
        allow_null=True, help_text="working days from submission to decision; null: none promised"
    )
    steps = StepSerializer(many=True)


class CriterionSerializer(serializers.Serializer[Any]):
    key = Words()
    label = Words()  # type: ignore[assignment]  # declared fields are taken out of the class
    help = Words(required=False)
    weight = serializers.IntegerField()
    share = serializers.IntegerField(help_text="percent of all weights")
    anchors = serializers.DictField(
        child=serializers.CharField(), required=False, help_text="what points mean, by points"
    )


class SectionSerializer(serializers.Serializer[Any]):
    title = Words(help_text="empty where the call names none")
    questions = serializers.ListField(child=serializers.DictField(), help_text="as the call keeps them")


class AmendmentSerializer(serializers.Serializer[Amendment]):
    number = serializers.IntegerField()
    announced_at = serializers.DateTimeField()
    words = Words(help_text="what changes and why")
    changes = serializers.ListField(child=serializers.CharField(), source="in_words")


class CallDetailSerializer(CallSerializer):
    description = Words()
    eligibility = serializers.ListField(child=serializers.CharField(), source="rules_in_words")
    rules = serializers.ListField(
        child=serializers.DictField(), source="eligibility", help_text="the same rules as data"
    )
    criteria = CriterionSerializer(many=True, source="weighted_criteria")
    routes = RouteSerializer(many=True, source="all_routes")
    sections = serializers.SerializerMethodField(help_text="the questions, topic by topic, in their order")
    questions = serializers.ListField(child=serializers.DictField(), source="all_questions")
    deliverables = serializers.ListField(child=serializers.DictField())
    declarations = serializers.ListField(child=serializers.CharField())
    terms = Words(help_text="of an award; each offer keeps its own copy")
    terms_version = serializers.IntegerField()
    revision = serializers.IntegerField()
    amendments = AmendmentSerializer(many=True, source="amendments.all")

    def get_sections(self, call: Call) -> SectionSerializer(many=True):  # type: ignore[valid-type]
        found: dict[str, list[dict[str, Any]]] = {}
        for question in call.all_questions():
            found.setdefault(question.get("section", ""), []).append(question)
        return [{"title": title, "questions": questions} for title, questions in found.items()]


class AwardSerializer(serializers.Serializer[Award]):
    reference = Words()
    title = Words()
    summary = Words()
    organisation = Words(source="organisation.public_name", help_text="an individual is not named")
    organisation_type = Words(source="organisation.type")
    nation = Words(source="nation_id", help_text="ISO 3166-1 alpha-2")
    programme = Words(source="application.call.programme.name")
    kind = Words(source="application.call.programme.kind")
    call = Words(source="application.call.slug")
    status = Words(help_text="active, completed or terminated")
    awarded_at = serializers.DateTimeField()
    granted_gpu_hours = serializers.SerializerMethodField()
    used_gpu_hours = serializers.SerializerMethodField()
    granted_gpu_ms = serializers.IntegerField(help_text="the exact number, in GPU-milliseconds")
    used_gpu_ms = serializers.IntegerField(help_text="the exact number, in GPU-milliseconds")
    money = money()
    currency = Words(help_text="ISO 4217; empty where the award gives no money")
    url = Words(source="get_absolute_url")

    def get_granted_gpu_hours(self, award: Any) -> float:
        return float(gpu_hours(award.granted_gpu_ms))

    def get_used_gpu_hours(self, award: Any) -> float:
        return float(gpu_hours(award.used_gpu_ms))


class CallPageSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = Words(allow_null=True)
    previous = Words(allow_null=True)
    results = CallSerializer(many=True)


class AwardPageSerializer(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    next = Words(allow_null=True)
    previous = Words(allow_null=True)
    results = AwardSerializer(many=True)

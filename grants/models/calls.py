"""Calls of a programme. Everything a call sets is data, and is pinned on what is submitted to it."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from grants.addresses import call_address
from grants.models.call_parts import validate_criteria, validate_deliverables, validate_time_zone
from grants.models.eligibility import Applicant, describe, validate_rules
from grants.models.fellowships import Track
from grants.models.moments import in_zone
from grants.models.programmes import Programme
from grants.models.questions import Question, read_question, standing_questions, validate_questions
from grants.models.routes import in_words, plain_route, route_for, step_of, validate_routes
from grants.models.states import Stateful, one_of
from mission.access import Person, scopes

if TYPE_CHECKING:
    from grants.models.announced import Given


class CallStatus(models.TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    PUBLISHED = "published", gettext_lazy("Published")
    CLOSED = "closed", gettext_lazy("Closed for good")


class Applicants(models.TextChoices):
    ORGANISATIONS = "organisations", gettext_lazy("Organisations")
    INDIVIDUALS = "individuals", gettext_lazy("Individuals")
    EITHER = "either", gettext_lazy("Organisations and individuals")


class CallQuerySet(models.QuerySet["Call"]):
    def public(self) -> "CallQuerySet":
        return self.exclude(status=CallStatus.DRAFT)

    def open(self, now: datetime.datetime | None = None) -> "CallQuerySet":
        now = now or timezone.now()
        return self.filter(status=CallStatus.PUBLISHED, opens_at__lte=now, closes_at__gt=now)

    def for_lists(self) -> "CallQuerySet":
        """With the programme, and without the long texts that no list tells."""
        long = ("description", "terms", "letters", "questions", "criteria", "deliverables", "declarations")
        return self.select_related("programme").defer(*long)

    def visible_to(self, user: Person) -> "CallQuerySet":
        """Drafts are the desk's; everything else is everybody's."""
        return self if scopes(user, "desk.open") else self.public()


class Call(Stateful):
    TRANSITIONS = {
        CallStatus.DRAFT: frozenset({CallStatus.PUBLISHED}),
        CallStatus.PUBLISHED: frozenset({CallStatus.CLOSED}),
    }

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="calls")
    track = models.CharField(max_length=16, choices=Track, blank=True)
    slug = models.SlugField(unique=True, max_length=80)
    title = models.CharField(max_length=160)
    summary = models.CharField(max_length=300)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=10, choices=CallStatus, default=CallStatus.DRAFT)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    grace_minutes = models.PositiveSmallIntegerField(default=0)
    time_zone = models.CharField(max_length=60, default="UTC", validators=[validate_time_zone])
    budget_gpu_ms = models.BigIntegerField(default=0, help_text=gettext_lazy("GPU-milliseconds to give"))
    held_gpu_ms = models.BigIntegerField(default=0, help_text=gettext_lazy("GPU-milliseconds awarded"))
    budget_money = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    held_money = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, blank=True, help_text=gettext_lazy("ISO 4217, such as INR"))
    applicants = models.CharField(max_length=14, choices=Applicants, default=Applicants.ORGANISATIONS)
    publish_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("published by itself then")
    )
    results_at = models.DateTimeField(
        null=True, blank=True, help_text=gettext_lazy("decisions are held until then")
    )
    appeal_days = models.PositiveSmallIntegerField(default=0, help_text=gettext_lazy("0: no appeals"))
    terms = models.TextField(
        blank=True, help_text=gettext_lazy("of the award; each offer keeps its own copy")
    )
    terms_version = models.PositiveSmallIntegerField(default=1)
    routes: "models.JSONField[Any, Any]" = models.JSONField(
        default=list, blank=True, validators=[validate_routes]
    )
    letters: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict, blank=True, help_text=gettext_lazy("the desk's own words: {kind: {subject, body}}")
    )
    cloned_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reviews_needed = models.PositiveSmallIntegerField(default=2)
    eligibility: "models.JSONField[Any, Any]" = models.JSONField(
        default=list, blank=True, validators=[validate_rules]
    )
    questions: "models.JSONField[Any, Any]" = models.JSONField(
        default=list, blank=True, validators=[validate_questions]
    )
    criteria: "models.JSONField[Any, Any]" = models.JSONField(
        default=list, blank=True, validators=[validate_criteria]
    )
    deliverables: "models.JSONField[Any, Any]" = models.JSONField(
        default=list, blank=True, validators=[validate_deliverables]
    )
    declarations: "models.JSONField[Any, Any]" = models.JSONField(default=list, blank=True)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = CallQuerySet.as_manager()

    class Meta:
        ordering = ["closes_at", "pk"]
        constraints = [
            one_of(CallStatus.values, "call_status_known"),
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")),
                name="call_closes_after_it_opens",
                violation_error_message=gettext_lazy("A call closes after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(held_gpu_ms__gte=0, held_gpu_ms__lte=F("budget_gpu_ms")),
                name="call_held_within_budget",
                violation_error_message=gettext_lazy("More has been awarded than this budget."),
            ),
            models.CheckConstraint(
                condition=Q(held_money__gte=0, held_money__lte=F("budget_money")),
                name="call_held_money_within_budget",
                violation_error_message=gettext_lazy("More has been awarded than this budget."),
            ),
            models.CheckConstraint(
                condition=Q(budget_money=0) | ~Q(currency=""),
                name="call_money_has_currency",
                violation_error_message=gettext_lazy("Say in which currency the budget is."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return call_address(self.slug)

    @property
    def free_gpu_ms(self) -> int:
        return self.budget_gpu_ms - self.held_gpu_ms

    @property
    def free_money(self) -> Decimal:
        return self.budget_money - self.held_money

    @property
    def announced(self) -> "Given":
        """What was awarded, as far as everybody may know."""
        from grants.models.announced import announced  # decisions refer to calls

        return announced(self)

    @property
    def last_moment(self) -> datetime.datetime:
        """Until when the desk accepts: the published deadline and the grace it gives."""
        return self.closes_at + datetime.timedelta(minutes=self.grace_minutes)

    @property
    def is_open(self) -> bool:
        published = self.status == CallStatus.PUBLISHED
        return published and self.opens_at <= timezone.now() < self.last_moment

    @property
    def phase(self) -> str:
        """draft, upcoming, open or closed: the state and the clock together."""
        if self.status == CallStatus.DRAFT:
            return "draft"
        if self.is_open:
            return "open"
        upcoming = self.status == CallStatus.PUBLISHED and timezone.now() < self.opens_at
        return "upcoming" if upcoming else "closed"

    @property
    def phase_label(self) -> str:
        return str(PHASES[self.phase])

    @property
    def phase_tone(self) -> str:
        return PHASE_TONES[self.phase]

    def in_words(self, moment: datetime.datetime) -> str:
        """A moment in the call's own time zone, and which that is."""
        return in_zone(moment, self.time_zone)

    @property
    def opens_in_words(self) -> str:
        return self.in_words(self.opens_at)

    @property
    def closes_in_words(self) -> str:
        return self.in_words(self.closes_at)

    @property
    def publishes_in_words(self) -> str:
        return self.in_words(self.publish_at) if self.publish_at else ""

    @property
    def results_in_words(self) -> str:
        return self.in_words(self.results_at) if self.results_at else ""

    def all_questions(self) -> list[dict[str, Any]]:
        """The standing questions and the call's own."""
        standing = standing_questions(
            asks_gpu_hours=self.budget_gpu_ms > 0, currency=self.currency if self.budget_money else ""
        )
        return [*standing, *self.questions]

    def all_routes(self) -> list[dict[str, Any]]:
        """The call's routes; the plain one where it names none."""
        return self.routes or [plain_route(self.reviews_needed)]

    def routes_in_words(self) -> list[dict[str, Any]]:
        """Each route as people read it: for which sizes, through which steps, within how many days."""
        return in_words(self.all_routes(), self.currency)

    @property
    def needs_reviews(self) -> bool:
        return any(step_of(route, "review") for route in self.all_routes())

    def read_questions(self) -> list[Question]:
        return [read_question(item) for item in self.all_questions()]

    def rules(self) -> list[dict[str, Any]]:
        """Who may apply at all, and the call's own rules."""
        return [{"rule": "applicants", "who": self.applicants}, *self.eligibility]

    def rules_for(self, applicant: Applicant) -> list[dict[str, Any]]:
        """The rules this applicant is judged by: who is meant anyway is not told so."""
        meant = {Applicants.EITHER, Applicants.ORGANISATIONS}
        if self.applicants == Applicants.INDIVIDUALS or applicant.is_individual:
            meant = {Applicants.EITHER}
        return self.eligibility if self.applicants in meant else self.rules()

    def rules_in_words(self) -> list[str]:
        return [describe(rule) for rule in self.rules()]

    def licences_in(self, answers: Mapping[str, Any] | None) -> list[str] | None:
        """What is promised so far; None where nothing has been answered, or nothing of the kind is asked."""
        if answers is None:
            return None
        asked = [item for item in self.questions if item["kind"] == "licence"]
        said = [(item, str(answers.get(item["key"], "")).strip()) for item in asked]
        return [answer for item, answer in said if answer or item.get("required", True)] or None

    def weighted_criteria(self) -> list[dict[str, Any]]:
        """Criteria with `share`: the weight as a percentage of all weights."""
        total = sum(item["weight"] for item in self.criteria) or 1
        return [{**item, "share": round(100 * item["weight"] / total)} for item in self.criteria]

    def pinned(self, requested_gpu_ms: int = 0, requested_money: Decimal = Decimal(0)) -> dict[str, Any]:
        """What the call asked at this moment, to be kept with what is submitted, and the way it goes."""
        route = route_for(self.all_routes(), requested_gpu_ms, requested_money)
        review = step_of(route, "review")
        return {
            "route": route,
            "appeal_days": self.appeal_days,
            "revision": self.revision,
            "questions": self.all_questions(),
            "eligibility": self.eligibility,
            "criteria": self.weighted_criteria(),
            "deliverables": self.deliverables,
            "declarations": self.declarations,
            "reviews_needed": review["reviews"] if review else 0,
        }


PHASES = {
    "draft": gettext_lazy("Draft"),
    "open": pgettext_lazy("a call", "Open"),
    "upcoming": gettext_lazy("Opens later"),
    "closed": gettext_lazy("Closed"),
}
PHASE_TONES = {"open": "good", "upcoming": "info", "closed": "neutral", "draft": "warn"}


def in_order(calls: CallQuerySet) -> list[Call]:
    """Open ones first, the next to close on top; then those to come; then the past, newest first."""
    place = {"draft": 0, "open": 1, "upcoming": 2, "closed": 3}

    def rank(call: Call) -> tuple[int, float]:
        moment = call.closes_at.timestamp()
        return place[call.phase], -moment if call.phase == "closed" else moment

    return sorted(calls, key=rank)

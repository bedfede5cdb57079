"""Programmes and their calls. Everything a call sets is data, and is pinned on what is submitted to it."""

import datetime
import zoneinfo
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.eligibility import describe, validate_rules
from grants.models.fellowships import Track
from grants.models.moments import in_zone
from grants.models.questions import Question, read_question, standing_questions, validate_questions
from grants.models.states import Stateful, one_of
from mission.access import Person, scopes

HIGHEST_POINTS = 5


class ProgrammeKind(models.TextChoices):
    COMPUTE = "compute", gettext_lazy("Compute grant")
    FELLOWSHIP = "fellowship", gettext_lazy("Fellowship")
    DATASET = "dataset", gettext_lazy("Public dataset grant")
    BENCHMARK = "benchmark", gettext_lazy("Benchmark lab")
    EFFICIENCY = "efficiency", gettext_lazy("Efficient-AI research")
    CONTRIBUTION = "contribution", gettext_lazy("Contribution incentive")
    PROCUREMENT = "procurement", gettext_lazy("Procurement preference")


PROGRAMME_NAMES = {
    ProgrammeKind.COMPUTE: "Compute grants",
    ProgrammeKind.FELLOWSHIP: "Fellowships",
    ProgrammeKind.DATASET: "Public dataset grants",
    ProgrammeKind.BENCHMARK: "Benchmark labs",
    ProgrammeKind.EFFICIENCY: "Efficient-AI research",
    ProgrammeKind.CONTRIBUTION: "Contribution incentives",
    ProgrammeKind.PROCUREMENT: "Procurement preference",
}


class Programme(models.Model):
    """An instrument of the mission; its calls share a kind and a name."""

    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=12, choices=ProgrammeKind)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


def validate_criteria(value: Any) -> None:
    """For the JSON column: criteria with distinct keys, labels, and weights above 0."""
    keys = [item.get("key") for item in value] if isinstance(value, list) else []
    if not isinstance(value, list) or len(set(keys)) != len(keys) or not all(keys):
        raise ValidationError(_("Each criterion needs a key of its own."))
    for item in value:
        weight = item.get("weight")
        if not item.get("label") or not isinstance(weight, int) or isinstance(weight, bool) or weight <= 0:
            raise ValidationError(_("Each criterion needs a label and a weight, a whole number above 0."))


def validate_deliverables(value: Any) -> None:
    """For the JSON column: what every award of the call asks for, and after how many days."""
    for item in value if isinstance(value, list) else [None]:
        if not isinstance(item, dict) or not item.get("title") or not isinstance(item.get("due_days"), int):
            raise ValidationError(_("Each deliverable needs a title and after how many days it is due."))


def validate_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(zone)s” is not a time zone, such as Asia/Kolkata.") % {"zone": value})


class CallStatus(models.TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    PUBLISHED = "published", gettext_lazy("Published")
    CLOSED = "closed", gettext_lazy("Closed for good")


class CallQuerySet(models.QuerySet["Call"]):
    def public(self) -> "CallQuerySet":
        return self.exclude(status=CallStatus.DRAFT)

    def open(self, now: datetime.datetime | None = None) -> "CallQuerySet":
        now = now or timezone.now()
        return self.filter(status=CallStatus.PUBLISHED, opens_at__lte=now, closes_at__gt=now)

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
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("grants:call", args=[self.slug])

    @property
    def free_gpu_ms(self) -> int:
        return self.budget_gpu_ms - self.held_gpu_ms

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

    def all_questions(self) -> list[dict[str, Any]]:
        """The standing questions and the call's own."""
        return [*standing_questions(asks_gpu_hours=self.budget_gpu_ms > 0), *self.questions]

    def read_questions(self) -> list[Question]:
        return [read_question(item) for item in self.all_questions()]

    def rules_in_words(self) -> list[str]:
        return [describe(rule) for rule in self.eligibility]

    def weighted_criteria(self) -> list[dict[str, Any]]:
        """Criteria with `share`: the weight as a percentage of all weights."""
        total = sum(item["weight"] for item in self.criteria) or 1
        return [{**item, "share": round(100 * item["weight"] / total)} for item in self.criteria]

    def pinned(self) -> dict[str, Any]:
        """What the call asked at this moment, to be kept with what is submitted."""
        return {
            "revision": self.revision,
            "questions": self.all_questions(),
            "eligibility": self.eligibility,
            "criteria": self.weighted_criteria(),
            "deliverables": self.deliverables,
            "declarations": self.declarations,
            "reviews_needed": self.reviews_needed,
        }


PHASES = {
    "draft": gettext_lazy("Draft"),
    "open": gettext_lazy("Open"),
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

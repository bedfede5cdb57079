"""Applications: a draft that saves itself, and versions that never change once submitted."""

import datetime
import hashlib
import json
import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.applications_states import (
    EDITABLE,
    INSIDE,
    TRANSITIONS,
    UNDECIDED,
    ApplicationStatus,
    told,
    told_label,
)
from grants.models.bonds import bound
from grants.models.calls import Call
from grants.models.eligibility import Applicant, Finding, judge
from grants.models.questions import Question, read_question, shown
from grants.models.routes import RouteName, Step
from grants.models.states import Stateful, one_of
from mission.access import Person, Scope, scopes
from mission.models import Organisation, User

if TYPE_CHECKING:
    from grants.models.decisions import Decision

__all__ = ["INSIDE", "UNDECIDED", "Application", "ApplicationQuerySet", "ApplicationStatus"]
__all__ += ["ApplicationVersion", "Passage", "findings"]
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without look-alikes


def new_reference() -> str:
    """Eight of 31 signs: 852 thousand million references, so none can be guessed."""
    return "A-" + "".join(secrets.choice(ALPHABET) for _i in range(8))


class ApplicationQuerySet(models.QuerySet["Application"]):
    def undecided(self) -> "ApplicationQuerySet":
        return self.filter(status__in=UNDECIDED)

    def of(self, user: Person) -> "ApplicationQuerySet":
        """Those of the organisations the person belongs to today: what `/apply/` lists."""
        return self.filter(organisation__in=Organisation.objects.of(user).values("pk"))

    def before_the_desk(self) -> "ApplicationQuerySet":
        """Drafts are nobody's business but the applicant's."""
        return self.filter(submitted_at__isnull=False)

    def at_the_desk(self, user: User) -> "ApplicationQuerySet":
        """What this member of the desk may work on: nothing of organisations they belong or belonged to."""
        return self.visible_to(user).before_the_desk().without_conflict(user)

    def visible_to(self, user: Person) -> "ApplicationQuerySet":
        reach = scopes(user, "application.read")
        if not reach or not isinstance(user, User):
            return self.none()
        if Scope.ALL in reach:
            return self.filter(Q(submitted_at__isnull=False) | Q(pk__in=Application.objects.of(user)))
        seen = Q(pk__in=Application.objects.of(user))
        if Scope.ASSIGNED in reach:
            mine = Q(reviews__reviewer=user, reviews__status__in=["assigned", "accepted", "submitted"])
            seen |= Q(pk__in=Application.objects.filter(mine).without_conflict(user))
        return self.filter(seen)

    def without_conflict(self, user: User) -> "ApplicationQuerySet":
        """Without those of organisations the person belongs or belonged to, or said they are bound to."""
        return self.exclude(bound(user))


class Application(Stateful):
    TRANSITIONS = TRANSITIONS

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=11, choices=ApplicationStatus, default=ApplicationStatus.DRAFT)
    status_since = models.DateTimeField(default=timezone.now, help_text=_("when it came to this state"))
    route = models.CharField(max_length=6, choices=RouteName, blank=True, help_text=_("set when submitted"))
    first_step = models.CharField(max_length=9, choices=Step, blank=True, help_text=_("of its route"))
    reviews_needed = models.PositiveSmallIntegerField(default=0, help_text=_("by its route"))
    due_on = models.DateField(null=True, blank=True, help_text=_("the decision, by the call's promise"))
    complete_by = models.DateTimeField(
        null=True, blank=True, help_text=_("returned: to be completed by then")
    )
    returned_once = models.BooleanField(default=False)
    title = models.CharField(max_length=200, blank=True)
    answers: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    requested_gpu_ms = models.BigIntegerField(default=0)
    requested_money = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    section_versions: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict, blank=True, help_text=_("counts the saves of each section")
    )
    asked = models.PositiveSmallIntegerField(default=0, help_text=_("reviewers asked, recomputed from rows"))
    scored = models.PositiveSmallIntegerField(default=0, help_text=_("reviews in, recomputed from rows"))
    mean_total = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    spread = models.DecimalField(
        max_digits=5, decimal_places=2, null=True, blank=True, help_text=_("highest total less lowest")
    )
    search = SearchVectorField(null=True, editable=False)
    draft_version = models.PositiveIntegerField(default=0, help_text=_("counts the saves of the draft"))
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [
            models.Index(fields=["call", "status", "submitted_at"], name="application_desk"),
            models.Index(fields=["status", "submitted_at", "id"], name="application_by_status"),
            models.Index(fields=["call", "-mean_total", "id"], name="application_ranking"),
            models.Index(fields=["status", "status_since", "id"], name="application_waiting"),
            models.Index(fields=["-submitted_at", "-id"], name="application_newest"),
            models.Index(fields=["due_on", "id"], name="application_by_due"),
            models.Index(models.F("mean_total").desc(nulls_last=True), "id", name="application_by_score"),
            models.Index(fields=["due_on"], condition=Q(status__in=UNDECIDED), name="application_due"),
            GinIndex(fields=["search"], name="application_search"),
        ]
        constraints = [
            one_of(ApplicationStatus.values, "application_status_known"),
            models.UniqueConstraint(
                fields=["call", "organisation"], condition=~Q(status="withdrawn"), name="application_once"
            ),
            models.CheckConstraint(
                condition=Q(requested_gpu_ms__gte=0, requested_money__gte=0),
                name="application_asks_0_or_more",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="application_submitted_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(_("Untitled application"))

    def get_absolute_url(self) -> str:
        return reverse("grants:application", args=[self.reference])

    @property
    def is_draft(self) -> bool:
        return self.status == ApplicationStatus.DRAFT

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED

    @property
    def public_status(self) -> str:
        """The state as applicants are told it."""
        return told(self)[0]

    @property
    def public_label(self) -> str:
        return told_label(self.public_status)

    @property
    def public_since(self) -> datetime.datetime:
        """Since when it is in that state; the steps inside leave no trace."""
        return told(self)[1]

    @property
    def may_be_withdrawn(self) -> bool:
        return self.may_become(ApplicationStatus.WITHDRAWN)

    @property
    def is_editable(self) -> bool:
        """Its team may write: a draft, or one returned for completion."""
        return self.status in EDITABLE

    @property
    def is_lapsed(self) -> bool:
        """Returned for completion, and not completed in time."""
        late = self.complete_by is not None and self.complete_by <= timezone.now()
        return self.status == ApplicationStatus.RETURNED and late

    @property
    def decision(self) -> "Decision | None":
        """The latest that stands, announced or held."""
        return self.decisions.filter(undone_at=None).order_by("-number").first()

    @property
    def announced_decision(self) -> "Decision | None":
        """The latest the applicant may know of."""
        return self.decisions.filter(announced_at__isnull=False).order_by("-number").first()

    def submitted_version(self) -> "ApplicationVersion | None":
        return self.versions.order_by("-number").first()

    def read_questions(self) -> list[Question]:
        """What it was asked: the call's questions, pinned since it was first submitted."""
        version = self.submitted_version() if self.submitted_at else None
        return version.questions() if version else self.call.read_questions()

    def seen_version(self, section: str) -> int:
        """How often this section was saved: `section_versions` is `{section: {version, by, at}}`."""
        return int(self.section_versions.get(section, {}).get("version", 0))

    def findings(self) -> list[Finding]:
        """Each eligibility rule of the call, judged for this application."""
        asks = (self.requested_gpu_ms, self.requested_money, self.answers)
        return findings(self.call, self.organisation, *asks)


def findings(
    call: Call,
    organisation: Organisation,
    requested_gpu_ms: int | None = None,
    requested_money: Decimal | None = None,
    answers: Mapping[str, Any] | None = None,
) -> list[Finding]:
    """Each eligibility rule of the call, judged for an organisation; shown before anyone starts.

    A rule that is not met passes where the desk let this organisation in, with its reason.
    """
    applicant = Applicant(
        organisation,
        Application.objects.filter(organisation=organisation, status="awarded").exclude(call=call).count(),
        requested_gpu_ms,
        requested_money,
        call.licences_in(answers),
    )
    allowed = dict(call.overrides.filter(organisation=organisation).values_list("rule", "reason"))
    return judge(call.rules_for(applicant), applicant, timezone.localdate(), allowed)


class ApplicationVersion(models.Model):
    """What was submitted, with what the call asked at that moment. A trigger forbids changing it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField()
    answers: "models.JSONField[Any, Any]" = models.JSONField()
    requested_gpu_ms = models.BigIntegerField()
    requested_money = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    pinned: "models.JSONField[Any, Any]" = models.JSONField()
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["application", "-number"]
        constraints = [models.UniqueConstraint(fields=["application", "number"], name="version_once")]

    def __str__(self) -> str:
        return f"{self.application.reference} v{self.number}"

    def questions(self) -> list[Question]:
        return [read_question(item) for item in self.pinned["questions"]]

    def fingerprint(self) -> str:
        """SHA-256 of the answers as JSON: UTF-8, keys sorted, no blanks. Whoever has them can check it."""
        plain = json.dumps(self.answers, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(plain.encode()).hexdigest()

    def answered(self) -> list[tuple[Question, str]]:
        """Question and answer, in the call's order; without those that were not asked."""
        return [(one, self.answers.get(one.key, "")) for one in shown(self.questions(), self.answers)]


class Passage(models.Model):
    """How long an application was in a state: one row each time, for the officers' statistics."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="passages")
    status = models.CharField(max_length=11, choices=ApplicationStatus)
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["entered_at", "pk"]
        indexes = [models.Index(fields=["status", "entered_at"], name="passage_of_status")]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(left_at=None), name="passage_in_one_state"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=models.F("entered_at")),
                name="passage_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application} {self.status}"

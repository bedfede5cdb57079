"""Applications: a draft that saves itself, and versions that never change once submitted."""

import secrets
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.calls import Call
from grants.models.eligibility import Applicant, Finding, judge
from grants.models.questions import Question, read_question
from grants.models.states import Stateful, one_of
from mission.access import Person, Scope, scopes
from mission.models import Membership, Organisation, User

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without look-alikes


def new_reference() -> str:
    """Eight of 31 signs: 852 thousand million references, so none can be guessed."""
    return "A-" + "".join(secrets.choice(ALPHABET) for _i in range(8))


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    IN_REVIEW = "in_review", _("In review")
    REVIEWED = "reviewed", _("Reviewed")
    AWARDED = "awarded", _("Awarded")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_S = ApplicationStatus
UNDECIDED = (_S.SUBMITTED, _S.IN_REVIEW, _S.REVIEWED)


class ApplicationQuerySet(models.QuerySet["Application"]):
    def undecided(self) -> "ApplicationQuerySet":
        return self.filter(status__in=UNDECIDED)

    def of(self, user: Person) -> "ApplicationQuerySet":
        """Those of the organisations the person belongs to today: what `/apply/` lists."""
        return self.filter(organisation__in=Organisation.objects.of(user).values("pk"))

    def before_the_desk(self) -> "ApplicationQuerySet":
        """Drafts are nobody's business but the applicant's."""
        return self.filter(submitted_at__isnull=False)

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
        """Without those of organisations the person belongs or ever belonged to."""
        return self.exclude(organisation__in=Membership.objects.filter(user=user).values("organisation"))


class Application(Stateful):
    TRANSITIONS = {
        _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
        _S.SUBMITTED: frozenset({_S.IN_REVIEW, _S.REVIEWED, _S.DECLINED, _S.WITHDRAWN}),
        _S.IN_REVIEW: frozenset({_S.REVIEWED, _S.DECLINED, _S.WITHDRAWN}),
        _S.REVIEWED: frozenset({_S.IN_REVIEW, _S.AWARDED, _S.DECLINED, _S.WITHDRAWN}),
    }

    reference = models.CharField(max_length=12, unique=True, default=new_reference, editable=False)
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="applications")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="applications")
    started_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=ApplicationStatus, default=ApplicationStatus.DRAFT)
    title = models.CharField(max_length=200, blank=True)
    answers: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    requested_gpu_ms = models.BigIntegerField(default=0)
    draft_version = models.PositiveIntegerField(default=0, help_text=_("counts the saves of the draft"))
    saved_at = models.DateTimeField(default=timezone.now)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now, editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["call", "status", "submitted_at"], name="application_desk")]
        constraints = [
            one_of(ApplicationStatus.values, "application_status_known"),
            models.UniqueConstraint(
                fields=["call", "organisation"], condition=~Q(status="withdrawn"), name="application_once"
            ),
            models.CheckConstraint(condition=Q(requested_gpu_ms__gte=0), name="application_asks_0_or_more"),
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

    def submitted_version(self) -> "ApplicationVersion | None":
        return self.versions.order_by("-number").first()

    def findings(self) -> list[Finding]:
        """Each eligibility rule of the call, judged for this application."""
        return findings(self.call, self.organisation, self.requested_gpu_ms)


def findings(call: Call, organisation: Organisation, requested_gpu_ms: int | None = None) -> list[Finding]:
    """Each eligibility rule of the call, judged for an organisation; shown before anyone starts."""
    earlier = Application.objects.filter(organisation=organisation, status=ApplicationStatus.AWARDED)
    applicant = Applicant(organisation, earlier.count(), requested_gpu_ms)
    return judge(call.eligibility, applicant, timezone.localdate())


class ApplicationVersion(models.Model):
    """What was submitted, with what the call asked at that moment. A trigger forbids changing it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField()
    answers: "models.JSONField[Any, Any]" = models.JSONField()
    requested_gpu_ms = models.BigIntegerField()
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

    def answered(self) -> list[tuple[Question, str]]:
        """Question and answer, in the call's order."""
        return [(question, self.answers.get(question.key, "")) for question in self.questions()]

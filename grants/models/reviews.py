"""Reviews: one reviewer's assignment to one application, their word on conflicts, and their scores."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.applications import Application
from grants.models.blindness import is_blind
from grants.models.bonds import bound
from grants.models.routes import step_of
from grants.models.states import Stateful, one_of
from mission.access import Person, Scope, scopes
from mission.models import Language, Membership, Organisation, Role, RoleGrant, User


class ReviewStatus(models.TextChoices):
    ASSIGNED = "assigned", gettext_lazy("Conflict not declared yet")
    ACCEPTED = "accepted", gettext_lazy("Being scored")
    SUBMITTED = "submitted", gettext_lazy("Submitted")
    CONFLICTED = "conflicted", gettext_lazy("Conflict declared")
    DECLINED = "declined", gettext_lazy("Declined to review")
    RELEASED = "released", gettext_lazy("Released")


REVIEW_DAYS = 14  # where the route does not say
_S = ReviewStatus
WAITING = (_S.ASSIGNED, _S.ACCEPTED)


class ReviewQuerySet(models.QuerySet["Review"]):
    def waiting(self) -> "ReviewQuerySet":
        return self.filter(status__in=WAITING)

    def submitted(self) -> "ReviewQuerySet":
        return self.filter(status=ReviewStatus.SUBMITTED)

    def visible_to(self, user: Person) -> "ReviewQuerySet":
        """Staff: all but where they are bound. A reviewer: their own, never a conflicting one.

        Who has a review of their own to hand in sees nobody else's of that application, staff or not.
        """
        reach = scopes(user, "review.read")
        if not reach or not isinstance(user, User):
            return self.none()
        free = self.exclude(bound(user, "application__organisation"))
        if Scope.ALL in reach:
            to_write = Review.objects.filter(reviewer=user).waiting().values("application")
            return free.exclude(~Q(reviewer=user), application__in=to_write)
        return free.filter(reviewer=user).exclude(status__in=[_S.CONFLICTED, _S.DECLINED, _S.RELEASED])

    def peers_of(self, own: "Review") -> "ReviewQuerySet":
        """What others scored, for a reviewer whose own review is in; never where the step is blind."""
        if own.status != ReviewStatus.SUBMITTED or own.is_blind:
            return self.none()
        return self.submitted().filter(application=own.application_id).exclude(pk=own.pk)


class Review(Stateful):
    TRANSITIONS = {
        _S.ASSIGNED: frozenset({_S.ACCEPTED, _S.CONFLICTED, _S.DECLINED, _S.RELEASED}),
        _S.ACCEPTED: frozenset({_S.SUBMITTED, _S.CONFLICTED, _S.DECLINED, _S.RELEASED}),
        _S.RELEASED: frozenset({_S.ASSIGNED}),
    }

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews")
    status = models.CharField(max_length=10, choices=ReviewStatus, default=ReviewStatus.ASSIGNED)
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)
    declared_at = models.DateTimeField(null=True, blank=True)
    conflict_reason = models.TextField(blank=True)
    decline_reason = models.TextField(blank=True)
    override_reason = models.TextField(
        blank=True, help_text=gettext_lazy("why an officer asked despite a conflict that is not membership")
    )
    due_on = models.DateField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    scores: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    comment = models.TextField(blank=True)
    recommended_gpu_ms = models.BigIntegerField(null=True, blank=True)
    recommended_money = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["assigned_at", "pk"]
        indexes = [
            models.Index(fields=["reviewer", "status"], name="review_of_reviewer"),
            models.Index(
                fields=["due_on"], condition=Q(status__in=["assigned", "accepted"]), name="review_due"
            ),
        ]
        constraints = [
            one_of(ReviewStatus.values, "review_status_known"),
            models.UniqueConstraint(fields=["application", "reviewer"], name="review_once"),
            models.CheckConstraint(
                condition=~Q(status="submitted") | Q(total__isnull=False, submitted_at__isnull=False),
                name="review_submitted_has_total",
            ),
            models.CheckConstraint(
                condition=Q(recommended_gpu_ms__isnull=True) | Q(recommended_gpu_ms__gte=0),
                name="review_recommends_0_or_more",
            ),
            models.CheckConstraint(
                condition=Q(recommended_money__isnull=True) | Q(recommended_money__gte=0),
                name="review_recommends_0_or_more_money",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} on {self.application}"

    def get_absolute_url(self) -> str:
        return reverse("grants:review", args=[self.pk])

    @property
    def is_blind(self) -> bool:
        """The reviewer is not told who applies: by the step pinned when it was submitted."""
        version = self.application.submitted_version()
        return version is not None and is_blind(version.pinned)

    @property
    def is_waiting(self) -> bool:
        return self.status in WAITING

    @property
    def is_overdue(self) -> bool:
        return self.is_waiting and self.due_on is not None and self.due_on < timezone.localdate()

    def scored(self, criteria: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each criterion with the points and words given so far."""
        empty = {"points": None, "comment": ""}
        return [{**item, **self.scores.get(item["key"], empty)} for item in criteria]


def due_day(route: Mapping[str, Any], promised: datetime.date | None) -> datetime.date:
    """By when a review asked for today is due: by its route, or two weeks, and before the decision."""
    step = step_of(route, "review") or {}
    today = timezone.localdate()
    day = today + datetime.timedelta(days=step.get("days") or REVIEW_DAYS)
    return promised if promised is not None and today < promised < day else day


def conflict_of(user: User, application: Application) -> str:
    """Why this person may never judge this application; empty when they may. See also `conflicts`."""
    name = application.organisation.name
    shared = Membership.objects.filter(user=user, organisation=application.organisation_id).first()
    if shared is not None:
        words = _("was a member of %(name)s") if shared.until else _("is a member of %(name)s")
        return words % {"name": name}
    if Application.objects.filter(bound(user), pk=application.pk).exists():
        return _("declared a conflict with %(name)s") % {"name": name}
    return ""


def possible_reviewers(application: Application) -> "models.QuerySet[Any]":
    """Everybody who holds the role, with `belongs` (own organisation, now or once) and `load` (waiting)."""
    holds = RoleGrant.objects.current().filter(user=OuterRef("pk"), role=Role.REVIEWER)
    belongs = Membership.objects.filter(user=OuterRef("pk"), organisation=application.organisation_id)
    asked = Review.objects.filter(reviewer=OuterRef("pk"), application=application).exclude(
        status=ReviewStatus.RELEASED
    )
    load = models.Count("reviews", filter=Q(reviews__status__in=WAITING))
    return (
        User.objects.filter(Exists(holds), ~Exists(asked), is_active=True)
        .annotate(belongs=Exists(belongs), load=load)
        .order_by("belongs", "load", "name")
    )


class ReviewerProfile(models.Model):
    """What a reviewer knows and how much they can take on. A reviewer without one is asked like any other."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="reviewer_profile")
    expertise: "models.JSONField[Any, Any]" = models.JSONField(
        default=list, blank=True, help_text=gettext_lazy("words such as speech, evaluation, quantisation")
    )
    languages = models.ManyToManyField(Language, blank=True, related_name="+")
    most_at_once = models.PositiveSmallIntegerField(default=10)
    away_until = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.user} as a reviewer"


class ConflictDeclaration(models.Model):
    """A reviewer's own word, given beforehand: this organisation is one I may not judge."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="conflicts")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    declared_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-declared_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=Q(ended_at=None), name="conflict_declared_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.organisation}"

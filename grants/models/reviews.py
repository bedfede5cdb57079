"""Reviews: one reviewer's assignment to one application, their word on conflicts, and their scores.

Decisions, which weigh them, stand here too: requested, recommended and awarded are kept apart.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.applications import Application
from grants.models.calls import HIGHEST_POINTS
from grants.models.states import Stateful, one_of
from mission.access import Person, Scope, scopes
from mission.models import Membership, Role, RoleGrant, User


class ReviewStatus(models.TextChoices):
    ASSIGNED = "assigned", gettext_lazy("Conflict not declared yet")
    ACCEPTED = "accepted", gettext_lazy("Being scored")
    SUBMITTED = "submitted", gettext_lazy("Submitted")
    CONFLICTED = "conflicted", gettext_lazy("Conflict declared")
    RELEASED = "released", gettext_lazy("Released")


_S = ReviewStatus
WAITING = (_S.ASSIGNED, _S.ACCEPTED)


class ReviewQuerySet(models.QuerySet["Review"]):
    def waiting(self) -> "ReviewQuerySet":
        return self.filter(status__in=WAITING)

    def submitted(self) -> "ReviewQuerySet":
        return self.filter(status=ReviewStatus.SUBMITTED)

    def visible_to(self, user: Person) -> "ReviewQuerySet":
        """Staff: all but those of their own organisations. A reviewer: their own, never a conflicting one."""
        reach = scopes(user, "review.read")
        if not reach or not isinstance(user, User):
            return self.none()
        free = self.exclude(
            application__organisation__in=Membership.objects.filter(user=user).values("organisation")
        )
        if Scope.ALL in reach:
            return free
        return free.filter(reviewer=user).exclude(status__in=[_S.CONFLICTED, _S.RELEASED])


class Review(Stateful):
    TRANSITIONS = {
        _S.ASSIGNED: frozenset({_S.ACCEPTED, _S.CONFLICTED, _S.RELEASED}),
        _S.ACCEPTED: frozenset({_S.SUBMITTED, _S.CONFLICTED, _S.RELEASED}),
        _S.RELEASED: frozenset({_S.ASSIGNED}),
    }

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reviews")
    status = models.CharField(max_length=10, choices=ReviewStatus, default=ReviewStatus.ASSIGNED)
    assigned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assigned_at = models.DateTimeField(default=timezone.now, editable=False)
    declared_at = models.DateTimeField(null=True, blank=True)
    conflict_reason = models.TextField(blank=True)
    scores: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    comment = models.TextField(blank=True)
    recommended_gpu_ms = models.BigIntegerField(null=True, blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    saved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["assigned_at", "pk"]
        indexes = [models.Index(fields=["reviewer", "status"], name="review_of_reviewer")]
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
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} on {self.application}"

    def get_absolute_url(self) -> str:
        return reverse("grants:review", args=[self.pk])

    def scored(self, criteria: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Each criterion with the points and words given so far."""
        empty = {"points": None, "comment": ""}
        return [{**item, **self.scores.get(item["key"], empty)} for item in criteria]


def weighted_total(criteria: list[dict[str, Any]], scores: Mapping[str, Any]) -> Decimal:
    """Out of 100: points × weight over the most there is."""
    weights = sum(item["weight"] for item in criteria) or 1
    points = sum(item["weight"] * scores[item["key"]]["points"] for item in criteria)
    return (Decimal(100 * points) / (weights * HIGHEST_POINTS)).quantize(Decimal("0.01"))


def conflict_of(user: User, application: Application) -> str:
    """Why this person may not judge this application; empty when they may."""
    shared = Membership.objects.filter(user=user, organisation=application.organisation_id).first()
    if shared is not None:
        words = _("was a member of %(name)s") if shared.until else _("is a member of %(name)s")
        return words % {"name": application.organisation.name}
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


class DecisionKind(models.TextChoices):
    AWARD = "award", gettext_lazy("Award")
    DECLINE = "decline", gettext_lazy("Decline")


class Decision(models.Model):
    """What was decided and why. `reason` is the desk's, `feedback` goes to the applicant."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="decision")
    kind = models.CharField(max_length=8, choices=DecisionKind)
    requested_gpu_ms = models.BigIntegerField()
    recommended_gpu_ms = models.BigIntegerField(null=True)
    awarded_gpu_ms = models.BigIntegerField(default=0)
    reason = models.TextField()
    feedback = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(awarded_gpu_ms__gte=0), name="decision_awards_0_or_more"),
            models.CheckConstraint(
                condition=Q(kind="award") | Q(awarded_gpu_ms=0), name="decision_decline_awards_nothing"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.application}"

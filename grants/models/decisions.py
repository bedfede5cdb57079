"""Decisions and what follows: offer and appeal. Requested, recommended and awarded are kept apart."""

import datetime
from decimal import Decimal

from django.db import models
from django.db.models import Avg, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.applications import UNDECIDED, Application, ApplicationStatus
from grants.models.compute import Resource
from grants.models.moments import end_of_day
from grants.models.states import Stateful, one_of
from mission.models import User


class DecisionKind(models.TextChoices):
    AWARD = "award", _("Award")
    WAIT = "wait", _("Waiting list")
    DECLINE = "decline", _("Decline")


# From which states each may be decided; what the reviewers found is needed for all but a decline.
DECIDABLE = {
    DecisionKind.AWARD: frozenset({ApplicationStatus.REVIEWED, ApplicationStatus.WAITLISTED}),
    DecisionKind.WAIT: frozenset({ApplicationStatus.REVIEWED}),
    DecisionKind.DECLINE: frozenset({*UNDECIDED, ApplicationStatus.WAITLISTED}),
}


class Decision(models.Model):
    """What was decided and why. `reason` is the desk's, `feedback` goes to the applicant.

    An application may have several, numbered: a waiting list, then an award; an appeal upheld. While
    `announced_at` is empty the applicant knows nothing of it. `undone_at`: taken back before that.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="decisions")
    number = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8, choices=DecisionKind)
    requested_gpu_ms = models.BigIntegerField()
    recommended_gpu_ms = models.BigIntegerField(null=True)
    awarded_gpu_ms = models.BigIntegerField(default=0)
    requested_money = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    recommended_money = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    awarded_money = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    resource = models.ForeignKey(Resource, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    lot_expires_at = models.DateTimeField(null=True, blank=True)
    place = models.PositiveIntegerField(null=True, blank=True, help_text=_("on the waiting list, from 1"))
    reason = models.TextField()
    feedback = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now, editable=False)
    announced_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["application", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="decision_numbered_once"),
            models.CheckConstraint(
                condition=Q(awarded_gpu_ms__gte=0, awarded_money__gte=0), name="decision_awards_0_or_more"
            ),
            models.CheckConstraint(
                condition=Q(kind="award") | Q(awarded_gpu_ms=0, awarded_money=0),
                name="decision_only_awards_give",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_a_reason"),
            models.CheckConstraint(
                condition=Q(announced_at=None) | Q(undone_at=None), name="decision_announced_stands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.application}"

    @property
    def is_held(self) -> bool:
        """Decided, and nobody outside the desk knows."""
        return self.announced_at is None and self.undone_at is None

    def appeal_until(self) -> datetime.datetime | None:
        """The end of the window that was pinned when it was submitted; None where there is none."""
        if self.kind != DecisionKind.DECLINE or self.announced_at is None:
            return None
        call = self.application.call
        version = self.application.submitted_version() if self.application.pk else None
        days = version.pinned.get("appeal_days", 0) if version else call.appeal_days
        if not days:
            return None
        return end_of_day(self.announced_at + datetime.timedelta(days=days), call.time_zone)


def recommended(application: Application) -> tuple[int | None, Decimal | None]:
    """The panel's newest record; where it names no amount, the mean of the reviewers'."""
    names = ("recommended_gpu_ms", "recommended_money")
    panel = application.panel_records.values_list(*names).first() or (None, None)
    mean = application.reviews.submitted().aggregate(gpu_ms=Avg(names[0]), money=Avg(names[1]))
    gpu_ms = panel[0] if panel[0] is not None or mean["gpu_ms"] is None else int(mean["gpu_ms"])
    money = panel[1] if panel[1] is not None or mean["money"] is None else round(mean["money"], 2)
    return gpu_ms, money


class OfferStatus(models.TextChoices):
    OPEN = "open", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    LAPSED = "lapsed", _("Lapsed")


_O = OfferStatus


class OfferQuerySet(models.QuerySet["Offer"]):
    def overdue(self) -> "OfferQuerySet":
        return self.filter(status=OfferStatus.OPEN, answer_by__lte=timezone.now())


class Offer(Stateful):
    """An award offered, with the terms as they were. Only an owner of the applicant may answer."""

    TRANSITIONS = {_O.OPEN: frozenset({_O.ACCEPTED, _O.DECLINED, _O.LAPSED})}

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="offer")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="offers")
    status = models.CharField(max_length=8, choices=OfferStatus, default=OfferStatus.OPEN)
    terms = models.TextField(blank=True)
    terms_version = models.PositiveSmallIntegerField(default=1)
    offered_at = models.DateTimeField(default=timezone.now)
    answer_by = models.DateTimeField()
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True, help_text=_("of the applicant, where they decline"))

    objects = OfferQuerySet.as_manager()

    class Meta:
        ordering = ["-offered_at", "-pk"]
        indexes = [models.Index(fields=["answer_by"], condition=Q(status="open"), name="offer_due")]
        constraints = [
            one_of(OfferStatus.values, "offer_status_known"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(status="open"), name="offer_open_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.application}"

    @property
    def is_overdue(self) -> bool:
        """Its time has passed, whether or not the clock has lapsed it yet."""
        return self.answer_by <= timezone.now()


class AppealStatus(models.TextChoices):
    OPEN = "open", _("Being looked at")
    UPHELD = "upheld", _("Upheld")
    DISMISSED = "dismissed", _("Dismissed")


_A = AppealStatus


class Appeal(Stateful):
    """The applicant's word against a decision. Whoever decided first may not decide again."""

    TRANSITIONS = {_A.OPEN: frozenset({_A.UPHELD, _A.DISMISSED})}

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="appeals")
    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="appeal")
    status = models.CharField(max_length=9, choices=AppealStatus, default=AppealStatus.OPEN)
    grounds = models.TextField()
    filed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["filed_at", "pk"]
        constraints = [
            one_of(AppealStatus.values, "appeal_status_known"),
            models.CheckConstraint(condition=~Q(grounds=""), name="appeal_has_grounds"),
            models.CheckConstraint(
                condition=Q(status="open") | ~Q(reason=""), name="appeal_decided_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()}: {self.application}"

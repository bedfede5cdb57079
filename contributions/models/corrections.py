"""Anyone may contest a figure or an attribution; officers decide; the change is dated and public."""

import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.models.accounts import Account
from contributions.models.artifacts import Artifact
from contributions.models.attribution import Affiliation
from contributions.models.contributions import Contribution
from mission.models import Nation, User


class CorrectionState(models.TextChoices):
    OPEN = "open", _("Being looked at")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def open(self) -> "CorrectionQuerySet":
        return self.filter(state=CorrectionState.OPEN)

    def decided(self) -> "CorrectionQuerySet":
        return self.exclude(state=CorrectionState.OPEN)

    def letters_due(self, now: datetime.datetime) -> "CorrectionQuerySet":
        return self.filter(letter_due_at__lte=now)


class Correction(models.Model):
    """What is contested is named by exactly what fits: a figure (metric, nation, month), or a row.

    What the person wrote and the e-mail address are for the officers; `public_summary`, written by the
    officer who decides, is what everybody reads, with what was changed.
    """

    reference = models.CharField(max_length=20, unique=True, help_text="COR-2026-0001")
    page = models.CharField(_("page it was contested from"), max_length=400)
    metric = models.CharField(max_length=40, blank=True)
    nation = models.ForeignKey(Nation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    month = models.DateField(null=True, blank=True)
    contribution = models.ForeignKey(
        Contribution, null=True, blank=True, on_delete=models.SET_NULL, related_name="corrections"
    )
    artifact = models.ForeignKey(
        Artifact, null=True, blank=True, on_delete=models.SET_NULL, related_name="corrections"
    )
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.SET_NULL, related_name="corrections"
    )
    affiliation = models.ForeignKey(
        Affiliation, null=True, blank=True, on_delete=models.SET_NULL, related_name="corrections"
    )
    text = models.TextField(_("what is wrong, and what would be right"), max_length=4000)
    evidence_url = models.URLField(_("where that can be seen"), max_length=400, blank=True)
    email = models.EmailField(_("e-mail address for the answer"), max_length=254, blank=True)
    filed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=CorrectionState, default=CorrectionState.OPEN)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    public_summary = models.TextField(_("what everybody reads"), max_length=2000, blank=True)
    changes: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(
        _("what was changed"), default=list, blank=True
    )
    letter_due_at = models.DateTimeField(_("the answer is to be sent"), null=True, blank=True)
    letter_sent_at = models.DateTimeField(_("the answer was sent"), null=True, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-filed_at"]
        indexes = [
            models.Index(fields=["state", "-filed_at"], name="correction_state"),
            models.Index(
                fields=["letter_due_at"], name="correction_letter", condition=Q(letter_due_at__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="correction_decided_by_somebody_in_words",
                condition=Q(state="open", decided_by=None, decided_at=None)
                | (
                    ~Q(state="open")
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(public_summary="")
                ),
            )
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("dashboards:correction", args=[self.reference])

    @property
    def waits(self) -> bool:
        return self.state == CorrectionState.OPEN

    def was_filed_by(self, user: User) -> bool:
        """Signed in, or with the address they sign in with."""
        return self.filed_by_id == user.pk or self.email.lower() == user.email.lower()

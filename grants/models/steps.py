"""What was found at the steps beside the reviews: administrative check, technical assessment, panel."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.applications import Application
from grants.models.eligibility import describe
from mission.models import User


class Outcome(models.TextChoices):
    PASSED = "passed", _("Passed")
    RETURNED = "returned", _("Returned for completion")
    FAILED = "failed", _("Failed")


class StepResult(models.Model):
    """One officer's finding at one step. Rows are added, never changed."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="step_results")
    step = models.CharField(
        max_length=10,
        choices=[("check", _("Administrative check")), ("technical", _("Technical assessment"))],
    )
    outcome = models.CharField(max_length=8, choices=Outcome)
    note = models.TextField(blank=True, help_text=_("for the desk"))
    words = models.TextField(blank=True, help_text=_("to the applicant, where something is missing"))
    recommended_gpu_ms = models.BigIntegerField(null=True, blank=True)
    found_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["found_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome="returned") | ~Q(words=""), name="returned_with_words"
            )
        ]

    def __str__(self) -> str:
        return f"{self.step}: {self.outcome}"


class PanelRecord(models.Model):
    """What the panel held of an application, and why: the newest row counts, the earlier ones stay."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="panel_records")
    moderated: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict, help_text=_("{criterion: points}, where the panel moved them")
    )
    total = models.DecimalField(max_digits=5, decimal_places=2)
    recommended_gpu_ms = models.BigIntegerField(null=True, blank=True)
    recommended_money = models.DecimalField(max_digits=16, decimal_places=2, null=True, blank=True)
    reasons = models.TextField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-recorded_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reasons=""), name="panel_has_reasons")]

    def __str__(self) -> str:
        return f"{self.application}: {self.total}"


class EligibilityOverride(models.Model):
    """An officer lets an applicant in despite a rule of the call; the reason is kept."""

    call = models.ForeignKey("grants.Call", on_delete=models.PROTECT, related_name="overrides")
    organisation = models.ForeignKey("mission.Organisation", on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=40, help_text=_("its name in grants.models.eligibility.RULES"))
    reason = models.TextField()
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["given_at"]
        constraints = [
            models.UniqueConstraint(fields=["call", "organisation", "rule"], name="rule_overridden_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} for {self.organisation}"

    def rule_in_words(self) -> str:
        """As the call has it; its bare name where the call no longer does."""
        rules = [rule for rule in self.call.rules() if rule["rule"] == self.rule]
        return describe(rules[0]) if rules else self.rule

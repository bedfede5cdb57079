"""One human behind several accounts: who says so, since when, and how it was undone."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.models.accounts import Account
from mission.models import User


class Identity(models.Model):
    """Accounts of one person. `user` where that person signed in here and claimed them."""

    user = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="identity"
    )
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"identity {self.pk}"


class OperationKind(models.TextChoices):
    CLAIM = "claim", _("Claimed by its owner")
    RELEASE = "release", _("Given up by its owner")
    MERGE = "merge", _("Merged by an officer")
    SPLIT = "split", _("Split off by an officer")


class IdentityOperation(models.Model):
    """The log: which account moved from where to where, by whom, why. Never changed, only reversed."""

    kind = models.CharField(max_length=8, choices=OperationKind)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="operations")
    before = models.ForeignKey(Identity, null=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Identity, null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(default=timezone.now)
    reverses = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="reversed_by"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["account", "-at"], name="identity_operation_account")]
        constraints = [
            models.CheckConstraint(
                name="identity_operation_has_a_reason",
                condition=Q(kind__in=["claim", "release"]) | ~Q(reason=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.account}"

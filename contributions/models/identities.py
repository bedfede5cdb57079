"""One human behind several accounts: who says so, since when, and how it was undone."""

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.models.accounts import Account, AccountQuerySet, Platform
from mission.models import User

# Names of sign-in providers that prove who an account is; see SOCIALACCOUNT_PROVIDERS in settings.
PROVIDERS: dict[str, Platform] = {"github": Platform.GITHUB, "huggingface": Platform.HUGGINGFACE}


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


CLAIMS = (OperationKind.CLAIM, OperationKind.RELEASE)


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


def claimed_by(user: User) -> AccountQuerySet:
    """Accounts whose owner proved by signing in there that they are theirs, and has not given them up.

    An account an officer merged with them belongs to the same identity, and is not among these.
    """
    last = IdentityOperation.objects.filter(account=OuterRef("pk"), kind__in=CLAIMS).order_by("-pk")
    mine = Account.objects.filter(identity__user=user)
    told = mine.annotate(
        last_claim=Subquery(last.values("kind")[:1]), last_claimant=Subquery(last.values("actor")[:1])
    )
    return told.filter(last_claim=OperationKind.CLAIM, last_claimant=user.pk)


def owner_of(account: Account) -> User | None:
    """Who claimed the account, if anybody."""
    identity = Identity.objects.filter(accounts=account).select_related("user").first()
    if identity is None or identity.user is None:
        return None
    return identity.user if claimed_by(identity.user).filter(pk=account.pk).exists() else None

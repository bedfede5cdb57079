"""Accounts on the platforms where people work, keyed on the platform's own id; names are only aliases."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mission.search import SearchWords


class Platform(models.TextChoices):
    GITHUB = "github", "GitHub"
    HUGGINGFACE = "huggingface", "Hugging Face"


class AccountKind(models.TextChoices):
    PERSON = "person", _("Person")
    ORGANISATION = "organisation", _("Organisation")
    BOT = "bot", _("Bot")
    AGENT = "agent", _("Coding agent")


MACHINES = frozenset({AccountKind.BOT, AccountKind.AGENT})


class AccountQuerySet(models.QuerySet["Account"]):
    def people(self) -> "AccountQuerySet":
        return self.filter(kind=AccountKind.PERSON)

    def machines(self) -> "AccountQuerySet":
        """Bots and coding agents: listed in public, counted nowhere."""
        return self.filter(kind__in=MACHINES)

    def named(self, platform: str, login: str) -> "AccountQuerySet":
        """Accounts whose newest known name this is. An old name may have passed to another account."""
        return self.annotate(login_lower=Lower("login")).filter(platform=platform, login_lower=login.lower())


class Account(models.Model):
    platform = models.CharField(max_length=12, choices=Platform)
    platform_id = models.CharField(_("the platform's own id"), max_length=64)
    login = models.CharField(_("name on the platform"), max_length=100)
    name = models.CharField(_("display name"), max_length=200, blank=True)
    kind = models.CharField(max_length=12, choices=AccountKind)
    kind_rule = models.CharField(
        _("why it is of that kind"),
        max_length=200,
        blank=True,
        help_text=_("Empty where the platform says so"),
    )
    kind_fixed = models.BooleanField(_("decided by an officer"), default=False)
    identity = models.ForeignKey(
        "Identity", null=True, blank=True, on_delete=models.SET_NULL, related_name="accounts"
    )
    gone_at = models.DateTimeField(_("not found since"), null=True, blank=True)
    observed_at = models.DateTimeField(default=timezone.now)

    objects = AccountQuerySet.as_manager()

    class Meta:
        ordering = ["login"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "platform_id"], name="account_once"),
        ]
        indexes = [
            models.Index("platform", Lower("login"), name="account_login"),
            models.Index(
                fields=["login", "id"], name="account_machines", condition=Q(kind__in=sorted(MACHINES))
            ),  # the public list of bots
            models.Index(
                fields=["id"], name="account_organisations", condition=Q(kind="organisation")
            ),  # which of a nation's ties are those of organisations
            GinIndex(
                SearchWords("login", "name"),
                name="organisation_account_words",
                condition=Q(kind="organisation"),
            ),  # search; people's accounts are not searched
        ]

    def __str__(self) -> str:
        return f"{self.login} ({self.get_platform_display()})"

    @property
    def url(self) -> str:
        """Where anyone can look at the account."""
        host = "https://github.com" if self.platform == Platform.GITHUB else "https://huggingface.co"
        return f"{host}/{self.login}"


class AccountAlias(models.Model):
    """A name the account had before; it may mean somebody else today."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="aliases")
    login = models.CharField(max_length=100)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "login"], name="account_alias_once")]

    def __str__(self) -> str:
        return f"{self.login}, now {self.account}"

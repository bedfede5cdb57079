"""Organisations and who belongs to them, with dates: conflicts and attribution look at the past too."""

from typing import TYPE_CHECKING

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mission.models.nations import Nation
from mission.models.people import User
from mission.search import SearchWords

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class OrganisationType(models.TextChoices):
    STARTUP = "startup", _("Startup")
    COMPANY = "company", _("Company")
    RESEARCH = "research", _("University or research institute")
    NONPROFIT = "nonprofit", _("Non-profit or community")
    PUBLIC = "public", _("Public body")
    INDIVIDUAL = "individual", _("Individual")


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def of(self, user: "User | AnonymousUser") -> "OrganisationQuerySet":
        """Those the person belongs to today."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user, memberships__until=None)

    def registered(
        self, *, ror_id: str = "", registry_id: str = "", nation: str = ""
    ) -> "OrganisationQuerySet":
        """By a register's own number: a ROR id, or a registration number within its nation."""
        by_ror = models.Q(ror_id=ror_id) & ~models.Q(ror_id="")
        by_number = models.Q(registry_id=registry_id, nation=nation) & ~models.Q(registry_id="")
        return self.filter(by_ror | by_number)


class Organisation(models.Model):
    name = models.CharField(_("official name"), max_length=200)
    type = models.CharField(_("type"), max_length=12, choices=OrganisationType)
    nation = models.ForeignKey(
        Nation, verbose_name=_("nation"), on_delete=models.PROTECT, related_name="organisations"
    )
    registry_id = models.CharField(_("registration number"), max_length=60, blank=True)
    ror_id = models.CharField(_("ROR id"), max_length=9, blank=True)
    website = models.URLField(_("website"), blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    members = models.ManyToManyField(User, through="Membership", related_name="organisations")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [GinIndex(SearchWords("name", Value("")), name="organisation_words")]
        constraints = [
            models.UniqueConstraint(
                fields=["nation", "registry_id"],
                condition=~models.Q(registry_id=""),
                name="organisation_registered_once",
                violation_error_message=_("An organisation with this registration number is already here."),
            ),
            models.UniqueConstraint(
                fields=["ror_id"],
                condition=~models.Q(ror_id=""),
                name="organisation_ror_once",
                violation_error_message=_("An organisation with this ROR id is already here."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def public_name(self) -> str:
        return public_name(self.name, self.type)


def public_name(name: str, kind: str) -> str:
    """As the public register and open data show it: an individual is a person and is not named."""
    return gettext("An individual") if kind == OrganisationType.INDIVIDUAL else name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(until=None)


class Membership(models.Model):
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateField(default=timezone.localdate)
    until = models.DateField(null=True, blank=True)
    is_owner = models.BooleanField(_("may add members"), default=False)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation"], condition=models.Q(until=None), name="member_once"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="membership_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} of {self.organisation}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        return self.filter(answered_at=None)

    def for_person(self, user: User) -> "InvitationQuerySet":
        """Open ones sent to the address the person signs in with."""
        return self.open().filter(email__iexact=user.email)


class Invitation(models.Model):
    """Nobody is made a member without saying yes: membership is a conflict of interest for a reviewer."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(_("e-mail address"), max_length=254)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True, blank=True)
    accepted = models.BooleanField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["invited_at"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "organisation",
                condition=models.Q(answered_at=None),
                name="invited_once",
                violation_error_message=_("This person has been invited already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.organisation}"

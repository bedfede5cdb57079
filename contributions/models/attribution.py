"""Whose it is: dated evidence that ties accounts to organisations and nations, and what follows from it."""

import datetime
from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.models.accounts import Account
from contributions.models.contributions import Contribution, ContributionKind
from mission.models import Nation, Organisation, User


class Grade(models.TextChoices):
    """How good the evidence is. The lower bound of every figure counts A and B, the upper bound all four."""

    A = "A", _("A: declared by the person, account verified")
    B = "B", _("B: from a register")
    C = "C", _("C: institutional e-mail address")
    D = "D", _("D: text on the profile")


ATTRIBUTION_RULE = 1  # of sharing: see actions.attribution.shares
SURE = frozenset({Grade.A, Grade.B})


class Method(models.TextChoices):
    """How the evidence came to us. Never a name, never a time zone."""

    SELF_DECLARED = "self_declared", _("Declared by the account's owner")
    REGISTRY = "registry", _("Register of organisations")
    EMAIL = "email", _("Institutional e-mail address")
    PROFILE = "profile", _("Profile on the platform")
    OFFICER = "officer", _("Entered by an officer, with a source")


GRADES_OF: dict[str, frozenset[str]] = {
    Method.SELF_DECLARED: frozenset({Grade.A}),
    Method.REGISTRY: frozenset({Grade.B}),
    Method.EMAIL: frozenset({Grade.C}),
    Method.PROFILE: frozenset({Grade.D}),
    Method.OFFICER: frozenset({Grade.B, Grade.C, Grade.D}),
}


def _number(expression: Func | F) -> Func:
    """A number as a range, so that GiST can compare it without a database extension."""
    return Func(expression, expression, Value("[]"), function="int8range")


def _days() -> Func:
    return Func(
        F("valid_from"), F("valid_to"), Value("[)"), function="daterange", output_field=DateRangeField()
    )


class AffiliationQuerySet(models.QuerySet["Affiliation"]):
    def standing(self) -> "AffiliationQuerySet":
        """Not revoked by the person it is about."""
        return self.filter(revoked_at=None)

    def valid_on(self, day: datetime.date) -> "AffiliationQuerySet":
        return self.standing().filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)


class Affiliation(models.Model):
    """An account belongs to an organisation, or to a nation, or is international; from a day, up to a day.

    `valid_to` is the first day it no longer holds; empty means it still does.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="affiliations")
    organisation = models.ForeignKey(
        Organisation,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="affiliations",
        db_index=False,
    )
    nation = models.ForeignKey(
        Nation, null=True, blank=True, on_delete=models.PROTECT, related_name="affiliations", db_index=False
    )
    international = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    method = models.CharField(max_length=14, choices=Method)
    grade = models.CharField(max_length=1, choices=Grade)
    source_url = models.URLField(max_length=400, blank=True)
    observed_at = models.DateTimeField(default=timezone.now)
    organisation_role = models.CharField(_("role there"), max_length=100, blank=True)
    recorded_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="affiliation_to_one_thing",
                condition=Q(organisation__isnull=False, nation=None, international=False)
                | Q(organisation=None, nation__isnull=False, international=False)
                | Q(organisation=None, nation=None, international=True),
            ),
            models.CheckConstraint(
                name="affiliation_ends_after_it_began",
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
            ),
            ExclusionConstraint(
                name="affiliation_organisation_once",
                expressions=[
                    (_number(F("account")), "&&"),
                    (_number(F("organisation")), "&&"),
                    (_days(), "&&"),
                ],
                condition=Q(revoked_at=None, organisation__isnull=False),
                violation_error_message=_("This account already belongs to this organisation in that time."),
            ),
            ExclusionConstraint(
                name="affiliation_nation_once",
                expressions=[(_number(F("account")), "&&"), (_days(), "&&")],
                condition=Q(revoked_at=None, organisation=None),
                violation_error_message=_("This account already belongs to a nation in that time."),
            ),
        ]
        indexes = [
            models.Index(fields=["account", "valid_from"], name="affiliation_account"),
            # Who is tied to it today, without reading the rows: a nation's page asks for all of them.
            models.Index(
                fields=["organisation"],
                include=["account", "valid_to", "revoked_at"],
                name="affiliation_organisation",
                condition=Q(organisation__isnull=False),
            ),
            models.Index(
                fields=["nation"],
                include=["account", "valid_to", "revoked_at"],
                name="affiliation_nation",
                condition=Q(nation__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        target = self.organisation or self.nation or _("international")
        return f"{self.account}: {target} ({self.grade})"


class Attribution(models.Model):
    """A share of a contribution. The shares of one contribution add to one; nation empty and not
    international means unknown, which stays in every denominator. `kind` and `happened_at` are the
    contribution's, so that what falls to a place in a month is found by one index."""

    contribution = models.ForeignKey(
        Contribution, on_delete=models.CASCADE, related_name="attributions", db_index=False
    )
    kind = models.CharField(max_length=14, choices=ContributionKind)
    happened_at = models.DateTimeField()
    nation = models.ForeignKey(Nation, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    international = models.BooleanField(default=False)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    affiliation = models.ForeignKey(
        Affiliation, null=True, on_delete=models.PROTECT, related_name="attributions", db_index=False
    )
    fraction = models.DecimalField(max_digits=9, decimal_places=8)
    grade = models.CharField(max_length=1, choices=Grade, blank=True, help_text=_("Empty where unknown"))
    rule_version = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            # Every figure walks it from a month's contributions, and needs nothing that is not in it.
            models.UniqueConstraint(
                fields=["contribution", "affiliation"],
                name="attribution_once",
                nulls_distinct=False,
                include=["nation", "international", "fraction", "grade"],
            ),
            models.CheckConstraint(
                name="attribution_fraction", condition=Q(fraction__gt=Decimal(0), fraction__lte=Decimal(1))
            ),
            models.CheckConstraint(
                name="attribution_international_has_no_nation",
                condition=Q(international=False) | Q(nation=None),
            ),
        ]
        indexes = [
            # A number opened (cell_rows.py): what falls to its place in a month, or up to it. Nobody looks
            # shares up by organisation or affiliation.
            models.Index(
                fields=["nation", "international", "kind", "happened_at", "contribution"],
                name="attribution_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fraction} of {self.contribution} to {self.nation or '?'}"

"""Awards: what an application received. The public register reads `Award.objects.public()`."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.addresses import award_address
from grants.models.applications import Application
from grants.models.states import Stateful, one_of
from mission.access import Person, Scope, scopes
from mission.models import Nation, Organisation, User
from mission.search import SearchWords


class AwardStatus(models.TextChoices):
    ACTIVE = "active", _("Active")
    COMPLETED = "completed", _("Completed")
    TERMINATED = "terminated", _("Terminated")


class AwardQuerySet(models.QuerySet["Award"]):
    def public(self) -> "AwardQuerySet":
        """What the register shows: every award there is or was, ended ones with their state."""
        return self.filter(status__in=AwardStatus.values).select_related(
            "organisation", "nation", "application__call__programme"
        )

    def of(self, user: Person) -> "AwardQuerySet":
        return self.filter(organisation__in=Organisation.objects.of(user).values("pk"))

    def visible_to(self, user: Person) -> "AwardQuerySet":
        """With everything in it, which the register does not show."""
        reach = scopes(user, "application.read")
        return self if Scope.ALL in reach else self.of(user)

    def with_compute(self) -> "AwardQuerySet":
        """Adds `granted_gpu_ms` and `used_gpu_ms`, summed over the award's lots."""
        from grants.models.compute import Lot  # the ledger refers to awards

        def over_lots(column: str) -> Coalesce:
            rows = Lot.objects.filter(award=OuterRef("pk")).order_by().values("award")
            total = Subquery(rows.annotate(total=Sum(column)).values("total"))
            return Coalesce(total, 0, output_field=models.BigIntegerField())

        return self.annotate(granted_gpu_ms=over_lots("granted_ms"), used_gpu_ms=over_lots("used_ms"))


class Award(Stateful):
    """`title`, `summary`, organisation and nation are copied when it is made: the register keeps them."""

    TRANSITIONS = {AwardStatus.ACTIVE: frozenset({AwardStatus.COMPLETED, AwardStatus.TERMINATED})}

    reference = models.CharField(max_length=20, unique=True)
    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="award")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="awards")
    nation = models.ForeignKey(Nation, on_delete=models.PROTECT, related_name="awards")
    title = models.CharField(max_length=200)
    summary = models.TextField()
    status = models.CharField(max_length=10, choices=AwardStatus, default=AwardStatus.ACTIVE)
    gpu_ms = models.BigIntegerField(help_text=_("GPU-milliseconds awarded"))
    money = models.DecimalField(max_digits=16, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, blank=True)
    awarded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    awarded_at = models.DateTimeField(default=timezone.now)

    objects = AwardQuerySet.as_manager()

    class Meta:
        ordering = ["-awarded_at", "-pk"]
        indexes = [
            models.Index(fields=["nation", "awarded_at"], name="award_of_nation"),
            models.Index(fields=["-awarded_at", "-id"], name="award_newest"),  # the register, page by page
            GinIndex(SearchWords("title", "summary"), name="award_words"),
        ]
        constraints = [
            one_of(AwardStatus.values, "award_status_known"),
            models.CheckConstraint(condition=Q(gpu_ms__gte=0, money__gte=0), name="award_gives_0_or_more"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        return award_address(self.reference)


class AwardNumber(models.Model):
    """The last number given out in a year: OSAI-2026-0001 is its first. Counted by one conditional UPDATE."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"OSAI-{self.year}-{self.last:04d}"

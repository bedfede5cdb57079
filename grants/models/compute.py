"""The compute ledger. The unit is the integer GPU-millisecond: one GPU-hour is 3,600,000.

A resource is promised in lots; a lot is drawn by draws. What the sandbox may spend without asking
the database again is a lease: a slice of a lot, held until it is settled or given back.
"""

import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grants.models.gpu_time import GPU_MS_PER_HOUR
from mission.access import Scope, scopes
from mission.models import Organisation, User
from mission.numerals import native

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


def in_words(gpu_ms: int) -> str:
    """An amount of GPU time for people: hours, or seconds or milliseconds where hours would show nothing."""
    if abs(gpu_ms) >= GPU_MS_PER_HOUR // 100 or gpu_ms == 0:
        return gettext("%(amount)s GPU-hours") % {"amount": short(gpu_ms / GPU_MS_PER_HOUR)}
    if abs(gpu_ms) >= 1000:
        return gettext("%(amount)s GPU-seconds") % {"amount": short(gpu_ms / 1000)}
    return gettext("%(amount)s GPU-milliseconds") % {"amount": gpu_ms}


def short(amount: float) -> str:
    """Two decimals at most, none that say nothing."""
    rounded = round(amount, 2)
    return native(number_format(int(rounded) if rounded == int(rounded) else rounded))


class Resource(models.Model):
    """GPUs of one type at one provider. `operator` is set when its people report draws here."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    provider = models.CharField(_("provider"), max_length=120)
    gpu_type = models.CharField(_("GPU type"), max_length=60)
    capacity = models.PositiveIntegerField(_("GPUs"), help_text=_("how many there are"))
    operator = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="resources"
    )

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=Q(capacity__gt=0), name="resource_has_capacity")]

    def __str__(self) -> str:
        return self.name


class LotQuerySet(models.QuerySet["Lot"]):
    def open(self, now: datetime.datetime | None = None) -> "LotQuerySet":
        """Begun and not expired."""
        now = now or timezone.now()
        return self.filter(opens_at__lte=now, expires_at__gt=now)

    def usable(self, now: datetime.datetime | None = None) -> "LotQuerySet":
        """Open, and something is left."""
        return self.open(now).filter(granted_ms__gt=F("used_ms") + F("held_ms"))

    def visible_to(self, user: "User | AnonymousUser") -> "LotQuerySet":
        reach = scopes(user, "compute.read")
        if Scope.ALL in reach:
            return self
        if Scope.OWN not in reach:
            return self.none()
        own = Organisation.objects.of(user)
        return self.filter(Q(award__organisation__in=own) | Q(resource__operator__in=own))

    def of(self, user: "User | AnonymousUser") -> "LotQuerySet":
        """Those the person may spend: granted to an organisation the person belongs to today."""
        return self.filter(award__organisation__in=Organisation.objects.of(user))


class Lot(models.Model):
    """GPU time promised to an award on a resource. All amounts in GPU-milliseconds."""

    award = models.ForeignKey("grants.Award", on_delete=models.PROTECT, related_name="lots")
    resource = models.ForeignKey(Resource, on_delete=models.PROTECT, related_name="lots")
    granted_ms = models.BigIntegerField(_("granted"))
    used_ms = models.BigIntegerField(_("used"), default=0)
    held_ms = models.BigIntegerField(_("held by leases"), default=0)
    opens_at = models.DateTimeField(_("opens"))
    expires_at = models.DateTimeField(_("expires"))
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LotQuerySet.as_manager()

    class Meta:
        ordering = ["expires_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(granted_ms__gte=F("used_ms") + F("held_ms")), name="lot_never_above_granted"
            ),
            models.CheckConstraint(
                condition=Q(granted_ms__gt=0, used_ms__gte=0, held_ms__gte=0), name="lot_amounts_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("opens_at")), name="lot_expires_after_it_opens"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id}: {self.granted_ms} GPU-ms on {self.resource_id}"

    @property
    def remaining_ms(self) -> int:
        """Neither used nor held."""
        return self.granted_ms - self.used_ms - self.held_ms

    @property
    def left_ms(self) -> int:
        """Not used: what is held counts as left, for it comes back unless spent."""
        return self.granted_ms - self.used_ms

    @property
    def is_open(self) -> bool:
        return self.opens_at <= timezone.now() < self.expires_at


class DrawSource(models.TextChoices):
    CLUSTER = "cluster", _("Cluster")
    SANDBOX = "sandbox", _("Sandbox")
    STAFF = "staff", _("Entered by staff")


class Draw(models.Model):
    """GPU time used from a lot on a day. `external_id` makes a repeat harmless; a provisional draw
    (`final` false) may be corrected once by a final one of the same id."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="draws")
    external_id = models.CharField(max_length=120, unique=True)
    day = models.DateField(_("day"))
    gpu_ms = models.BigIntegerField(_("GPU-milliseconds"))
    final = models.BooleanField(_("final"), default=True)
    source = models.CharField(_("source"), max_length=8, choices=DrawSource)
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-day", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(gpu_ms__gte=0), name="draw_not_negative")]
        indexes = [models.Index(fields=["lot", "day"], name="draw_of_lot_by_day")]

    def __str__(self) -> str:
        return f"{self.external_id}: {self.gpu_ms} GPU-ms"


class LeaseQuerySet(models.QuerySet["Lease"]):
    def open(self) -> "LeaseQuerySet":
        return self.filter(closed_at=None)

    def overdue(self, now: datetime.datetime) -> "LeaseQuerySet":
        """Open, though nothing may be reserved on them any more."""
        return self.open().filter(expires_at__lte=now)


class Lease(models.Model):
    """A slice of a lot, held for the sandbox. Taken = settled + returned once it is closed."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="leases")
    taken_ms = models.BigIntegerField()
    settled_ms = models.BigIntegerField(default=0)
    returned_ms = models.BigIntegerField(default=0)
    taken_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = LeaseQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    taken_ms__gte=F("settled_ms") + F("returned_ms"), settled_ms__gte=0, returned_ms__gte=0
                ),
                name="lease_never_above_taken",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(taken_ms=F("settled_ms") + F("returned_ms")),
                name="lease_closed_with_nothing_left",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(closed_at=None), name="lease_open_by_expiry")
        ]

    def __str__(self) -> str:
        return f"lease {self.pk} on lot {self.lot_id}: {self.settled_ms} of {self.taken_ms} GPU-ms"

    @property
    def left_ms(self) -> int:
        return self.taken_ms - self.settled_ms - self.returned_ms

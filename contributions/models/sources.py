"""What we look at: an organisation or a repository, when it is due, and how far the last look came."""

import datetime
import uuid
from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.models.accounts import Platform
from contributions.models.artifacts import CommonsRole

FRESH_FOR = datetime.timedelta(hours=12)
RECONCILED_FOR = datetime.timedelta(hours=24)


class SourceKind(models.TextChoices):
    ORGANISATION = "organisation", _("Organisation")
    REPOSITORY = "repository", _("Repository")


class SourceQuerySet(models.QuerySet["Source"]):
    def claimable(self, now: datetime.datetime) -> "SourceQuerySet":
        """Due, and in nobody's hands: never taken, given back, or held by a worker that fell silent."""
        return self.filter(Q(leased_until=None) | Q(leased_until__lte=now), due_at__lte=now)

    def fresh_first(self) -> "SourceQuerySet":
        """The longest due first, and those of which only the past is left to ask behind all others."""
        only_past = Case(When(due_at=F("synced_at"), then=Value(1)), default=Value(0))
        return self.order_by(only_past, "due_at")

    def held(self, pk: int, lease: uuid.UUID) -> "SourceQuerySet":
        """The source, while this very lease still holds it."""
        return self.filter(pk=pk, lease=lease)


class Source(models.Model):
    """The database remembers what is due; Celery only wakes it.

    `cursor` is where an unfinished look stands, `marks` what a finished one reached. A worker writes
    them in the same transaction as the rows they stand for, and only while it holds `lease`.
    """

    platform = models.CharField(max_length=12, choices=Platform)
    kind = models.CharField(max_length=12, choices=SourceKind)
    name = models.CharField(max_length=250, help_text="openai, or openai/whisper")
    platform_id = models.CharField(max_length=64, blank=True)
    commons_role = models.CharField(_("on the watch list as"), max_length=12, choices=CommonsRole, blank=True)
    parent = models.ForeignKey("self", null=True, on_delete=models.CASCADE, related_name="children")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    due_at = models.DateTimeField(null=True, default=timezone.now, help_text=_("Not watched where empty"))
    lease = models.UUIDField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    cursor: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField(default=dict)
    marks: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField(default=dict)

    moved = models.CharField(
        _("when a branch moved, as its owner's list says"), max_length=60, blank=True, default=""
    )

    synced_at = models.DateTimeField(_("last finished"), null=True)
    attempts = models.PositiveIntegerField(_("failures in a row"), default=0)
    trouble = models.CharField(_("what stands in the way"), max_length=300, blank=True)
    missing_since = models.DateTimeField(_("not found since"), null=True)
    reconciled_at = models.DateTimeField(_("last looked through from end to end"), null=True)
    backfill: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField(
        _("slices of the past still to ask"), default=dict, blank=True
    )
    backfill_done = models.PositiveIntegerField(_("slices done"), default=0)
    backfill_slices = models.PositiveIntegerField(_("slices in all"), default=0)
    quota = models.PositiveBigIntegerField(_("quota spent, in the platform's points"), default=0)
    requests = models.PositiveBigIntegerField(_("requests made"), default=0)
    requests_free = models.PositiveBigIntegerField(_("of them answered: nothing new"), default=0)
    rows_new = models.PositiveBigIntegerField(default=0)
    rows_changed = models.PositiveBigIntegerField(default=0)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["platform", "name"]
        constraints = [
            # A name may pass to another id, so it is a key only until the id is known.
            models.UniqueConstraint(
                fields=["platform", "kind", "name"], condition=Q(platform_id=""), name="source_name_once"
            ),
            models.UniqueConstraint(
                fields=["platform", "kind", "platform_id"],
                condition=~Q(platform_id=""),
                name="source_platform_id_once",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="source_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["platform", "kind", "name"], name="source_name"),
        ]

    def __str__(self) -> str:
        return f"{self.platform}:{self.name}"

    @property
    def cursors(self) -> list[dict[str, Any]]:
        """Where the past is still to be asked."""
        return self.backfill.get("cursors", [])  # type: ignore[return-value]

    def only_past_is_due(self, now: datetime.datetime) -> bool:
        """After a finished look whose past is not all in, it is due from the moment it was finished.

        Whoever hurries it makes it due at another moment, and so does trouble: then fresh data come first.
        """
        if not self.cursors or self.cursor or self.synced_at is None:
            return False
        return self.due_at == self.synced_at and now < self.synced_at + FRESH_FOR

    def needs_reconciling(self, now: datetime.datetime) -> bool:
        """A first look goes from end to end by itself."""
        if self.synced_at is None or self.reconciled_at is None:
            return False
        return self.reconciled_at < now - RECONCILED_FOR


class Etag(models.Model):
    """What an address answered last, so that asking again costs nothing. Kept only for pages asked again."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="etags")
    url = models.CharField(max_length=600)
    accept = models.CharField(max_length=80)
    credential = models.CharField(_("class of credential"), max_length=12)
    etag = models.CharField(max_length=200)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "url", "accept", "credential"], name="etag_once"),
        ]

    def __str__(self) -> str:
        return self.url


class Fetch(models.Model):
    """One answered question to a platform: what every row it brought can be traced back to."""

    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="fetches")
    url = models.CharField(max_length=600)
    query = models.CharField(
        _("name of the query, where the address does not tell"), max_length=60, blank=True
    )
    cursor = models.CharField(max_length=300, blank=True)
    etag = models.CharField(max_length=200, blank=True)
    status = models.PositiveSmallIntegerField(default=200)
    quota = models.PositiveSmallIntegerField(_("points it cost"), default=1)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]
        indexes = [BrinIndex(fields=["at"], name="fetch_at")]

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """A webhook that came in, once, however often it was sent. The database remembers; Celery only wakes."""

    platform = models.CharField(max_length=12, choices=Platform)
    delivery_id = models.CharField(max_length=100)
    event = models.CharField(max_length=60)
    name = models.CharField(_("what it is about"), max_length=250, blank=True)
    platform_id = models.CharField(max_length=64, blank=True)
    owner = models.CharField(_("whose that is"), max_length=250, blank=True, default="")
    owner_id = models.CharField(max_length=64, blank=True, default="")
    received_at = models.DateTimeField(default=timezone.now)
    handled_at = models.DateTimeField(null=True)
    sources = models.PositiveIntegerField(_("sources it hurried"), default=0)

    class Meta:
        ordering = ["-received_at"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "delivery_id"], name="delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["received_at"], name="delivery_waiting", condition=Q(handled_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return f"{self.platform} {self.event} {self.delivery_id}"

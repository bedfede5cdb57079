"""Releases of the data: what was published when, in which files, and what had changed since."""

import datetime

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.states import Stateful, one_of
from mission.models import User


class ReleaseStatus(models.TextChoices):
    WRITING = "writing", _("Being written")
    PUBLISHED = "published", _("Published")


class DataReleaseQuerySet(models.QuerySet["DataRelease"]):
    def published(self) -> "DataReleaseQuerySet":
        """What everybody may see, newest first. One that is being written is nobody's."""
        return self.filter(status=ReleaseStatus.PUBLISHED).order_by("-published_at", "-pk")

    def writing(self) -> "DataReleaseQuerySet":
        return self.filter(status=ReleaseStatus.WRITING)

    def of_month(self, moment: datetime.datetime) -> "DataReleaseQuerySet":
        return self.published().filter(published_at__year=moment.year, published_at__month=moment.month)


class DataRelease(Stateful):
    """All tables as they were at one moment. Once published it never changes: its files may be kept for good.

    `name` is its day, with a number where the day has a second one. `lease` is whoever writes it now.
    `changes` is its changelog: rows by table, rules and corrections, since the release before.
    """

    TRANSITIONS = {ReleaseStatus.WRITING: frozenset({ReleaseStatus.PUBLISHED})}

    name = models.CharField(max_length=20, unique=True, null=True, help_text="2026-11-28, 2026-11-28-2")
    status = models.CharField(max_length=9, choices=ReleaseStatus, default=ReleaseStatus.WRITING)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    began_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    rows = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(_("SHA-256 over the tables"), max_length=64, blank=True)
    changes: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField(
        default=dict, blank=True
    )

    objects = DataReleaseQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-pk"]
        constraints = [
            one_of(ReleaseStatus.values, "data_release_status_known"),
            models.UniqueConstraint(
                fields=["status"], condition=Q(status="writing"), name="data_release_one_at_a_time"
            ),
            models.CheckConstraint(
                name="data_release_published_is_whole",
                condition=Q(status="writing", name=None, published_at=None)
                | (
                    Q(status="published", name__isnull=False, published_at__isnull=False, lease=None)
                    & ~Q(digest="")
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.status_label())

    def get_absolute_url(self) -> str:
        return reverse("dashboards:release", args=[self.name])


class DataFile(models.Model):
    """One file of a release. `table` is empty where it describes the others."""

    release = models.ForeignKey(DataRelease, on_delete=models.CASCADE, related_name="files", db_index=False)
    name = models.CharField(max_length=80)
    table = models.CharField(max_length=40, blank=True)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField(_("bytes"))
    packed_size = models.PositiveBigIntegerField(_("bytes as sent, compressed"), null=True)
    rows = models.PositiveBigIntegerField(null=True)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["release", "name"], name="data_file_once")]

    def __str__(self) -> str:
        return self.name

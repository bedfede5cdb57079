"""Files that applicants hand in: outside the web root, in quarantine until scanned, never served inline."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.applications import Application
from grants.models.states import Stateful, one_of
from mission.models import User


class FileStatus(models.TextChoices):
    QUARANTINED = "quarantined", _("Waiting to be scanned")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Refused by the scanner")
    REMOVED = "removed", _("Removed")


_F = FileStatus


class Attachment(Stateful):
    """One file, answering one question of one application. Bytes lie in `VAR_DIR/files/<key>`."""

    TRANSITIONS = {
        _F.QUARANTINED: frozenset({_F.READY, _F.REFUSED, _F.REMOVED}),
        _F.READY: frozenset({_F.REMOVED}),
        _F.REFUSED: frozenset({_F.REMOVED}),
    }

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="files")
    question = models.CharField(max_length=50, help_text=_("the key of the question it answers"))
    name = models.CharField(max_length=200, help_text=_("as the applicant calls it, made harmless"))
    content_type = models.CharField(max_length=100, help_text=_("by its content, never by its name"))
    size = models.PositiveBigIntegerField(help_text=_("bytes"))
    sha256 = models.CharField(max_length=64)
    status = models.CharField(max_length=11, choices=FileStatus, default=FileStatus.QUARANTINED)
    verdict = models.CharField(max_length=200, blank=True, help_text=_("what the scanner said"))
    uploaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    next_scan_at = models.DateTimeField(default=timezone.now, help_text=_("the lease of the scanner"))
    scanned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["uploaded_at", "pk"]
        indexes = [
            models.Index(fields=["next_scan_at"], condition=Q(status="quarantined"), name="file_to_scan")
        ]
        constraints = [one_of(FileStatus.values, "file_status_known")]

    def __str__(self) -> str:
        return self.name

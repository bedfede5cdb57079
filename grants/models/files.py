"""Files that applicants hand in: outside the web root, in quarantine until scanned, never served inline."""

import uuid

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.applications import Application, ApplicationVersion
from grants.models.blindness import BLIND
from grants.models.bonds import bound
from grants.models.reviews import Review, ReviewStatus
from grants.models.states import Stateful, one_of
from mission.access import Person, Scope, scopes
from mission.models import User


class FileStatus(models.TextChoices):
    QUARANTINED = "quarantined", _("Waiting to be scanned")
    READY = "ready", _("Ready")
    REFUSED = "refused", _("Refused by the scanner")
    REMOVED = "removed", _("Removed")


_F = FileStatus
STANDING = (_F.QUARANTINED, _F.READY)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def standing(self) -> "AttachmentQuerySet":
        """Those that answer their question, scanned or not yet."""
        return self.filter(status__in=STANDING)

    def to_scan(self) -> "AttachmentQuerySet":
        return self.filter(status=FileStatus.QUARANTINED, next_scan_at__lte=timezone.now())

    def handed_in(self) -> "AttachmentQuerySet":
        """Part of a submitted version: what came later is a draft, and nobody's business yet."""
        version = ApplicationVersion.objects.filter(
            application=OuterRef("application"), submitted_at__gte=OuterRef("uploaded_at")
        )
        return self.filter(Exists(version))

    def visible_to(self, user: Person) -> "AttachmentQuerySet":
        """Whose bytes the person may have. The applicant's team: what is ready. Staff and reviewers: what
        was submitted and is ready, or was until the team replaced it, unless something binds them to the
        applicant; a reviewer once they have declared that nothing does."""
        reach = scopes(user, "file.read")
        if not reach or not isinstance(user, User):
            return self.none()
        own = Q(status=FileStatus.READY, application__in=Application.objects.of(user).values("pk"))
        if not reach & {Scope.ALL, Scope.ASSIGNED}:
            return self.filter(own)
        theirs = self.handed_in().filter(status__in=[_F.READY, _F.REMOVED])
        theirs = theirs.exclude(bound(user, "application__organisation"))
        if Scope.ALL not in reach:
            declared = [ReviewStatus.ACCEPTED, ReviewStatus.SUBMITTED]
            judged = Review.objects.filter(reviewer=user, status__in=declared)
            judged = judged.exclude(application__versions__pinned__contains=BLIND)  # a file tells whose it is
            theirs = theirs.filter(application__in=judged.values("application"))
        return self.filter(own | Q(pk__in=theirs.values("pk")))


class Attachment(Stateful):
    """One file, answering one question of one application. Bytes lie in `VAR_DIR/files/<key>`.

    They are deleted once it is refused or removed, unless a submitted version holds it: those never change.
    """

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

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "pk"]
        indexes = [
            models.Index(fields=["next_scan_at"], condition=Q(status="quarantined"), name="file_to_scan")
        ]
        constraints = [one_of(FileStatus.values, "file_status_known")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("grants:file", args=[self.key])

    @property
    def is_ready(self) -> bool:
        return self.status == FileStatus.READY

    @property
    def was_submitted(self) -> bool:
        """A submitted version holds it."""
        return self.application.versions.filter(submitted_at__gte=self.uploaded_at).exists()

"""What applicant and desk write to each other on an application, and the desk's own notes, kept apart."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.applications import Application
from mission.models import User


class Message(models.Model):
    """Seen by the applicant's team and the desk. Reviewers never see it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    from_desk = models.BooleanField()
    body = models.TextField()
    written_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True, help_text=_("by the other side"))

    class Meta:
        ordering = ["written_at", "pk"]
        indexes = [
            models.Index(fields=["from_desk", "written_at"], condition=Q(read_at=None), name="message_unread")
        ]
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="message_says_something")]

    def __str__(self) -> str:
        return self.body[:60]


class Note(models.Model):
    """Of the desk, for the desk. No applicant and no reviewer ever sees it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    written_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="note_says_something")]

    def __str__(self) -> str:
        return self.body[:60]

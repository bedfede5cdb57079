"""What applicant and desk write to each other on an application, and the desk's own notes, kept apart."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.applications import Application
from mission.access import Person, Scope, scopes
from mission.models import Membership, User


def beyond_conflict(user: User) -> Q:
    """Not of an organisation the person belongs or ever belonged to."""
    return ~Q(application__organisation__in=Membership.objects.filter(user=user).values("organisation"))


class MessageQuerySet(models.QuerySet["Message"]):
    def visible_to(self, user: Person) -> "MessageQuerySet":
        """The applicant's team of today, and staff. Never a reviewer."""
        if not isinstance(user, User):
            return self.none()
        seen = Q(application__in=Application.objects.of(user))
        if Scope.ALL in scopes(user, "desk.open"):
            seen |= beyond_conflict(user)
        return self.filter(seen)

    def waiting_for_desk(self) -> "MessageQuerySet":
        """Written by applicants, and neither answered nor marked as read."""
        return self.filter(from_desk=False, read_at=None)

    def waiting_for_applicant(self) -> "MessageQuerySet":
        return self.filter(from_desk=True, read_at=None)


class Message(models.Model):
    """Seen by the applicant's team and the desk. Reviewers never see it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="messages")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    from_desk = models.BooleanField()
    body = models.TextField()
    written_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True, help_text=_("by the other side"))

    objects = MessageQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]
        indexes = [
            models.Index(fields=["from_desk", "written_at"], condition=Q(read_at=None), name="message_unread")
        ]
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="message_says_something")]

    def __str__(self) -> str:
        return self.body[:60]


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, user: Person) -> "NoteQuerySet":
        """Staff only, and none on an organisation they belong or belonged to."""
        if not isinstance(user, User) or Scope.ALL not in scopes(user, "desk.open"):
            return self.none()
        return self.filter(beyond_conflict(user))


class Note(models.Model):
    """Of the desk, for the desk. No applicant and no reviewer ever sees it."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    body = models.TextField()
    written_at = models.DateTimeField(default=timezone.now)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="note_says_something")]

    def __str__(self) -> str:
        return self.body[:60]

"""What a person is told, in the page and by e-mail; and the views of the desk that they saved."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.applications import Application
from mission.models import User


class Delivery(models.TextChoices):
    AT_ONCE = "at_once", _("At once, each by itself")
    DAILY = "daily", _("Once a day, together")
    NONE = "none", _("Not by e-mail; letters that change your rights are always sent")


class NotificationPreference(models.Model):
    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="notification_preference")
    by_email = models.CharField(max_length=8, choices=Delivery, default=Delivery.AT_ONCE)
    digest_sent_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user}: {self.by_email}"


class Notification(models.Model):
    """One thing one person should know. `mailed_at` is empty while it waits for the digest."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notifications")
    application = models.ForeignKey(
        Application, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=40)
    text = models.CharField(max_length=300)
    path = models.CharField(max_length=200, help_text=_("where to go, within the house"))
    told_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    for_digest = models.BooleanField(default=False)

    class Meta:
        ordering = ["-told_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-told_at"], name="notification_of_user"),
            models.Index(
                fields=["user"], condition=Q(mailed_at=None, for_digest=True), name="notification_to_mail"
            ),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self) -> str:
        return self.text


class SavedView(models.Model):
    """A filter of the desk under a name: the query of its address."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="saved_views")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "name"],
                name="view_named_once",
                violation_error_message=_("You have a view of this name already."),
            )
        ]

    def __str__(self) -> str:
        return self.name

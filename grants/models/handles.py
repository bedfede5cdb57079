"""Handles on GitHub and Hugging Face that applicants gave: looked up in the background."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HandleStatus(models.TextChoices):
    WAITING = "waiting", _("Being looked up")
    FOUND = "found", _("Found")
    MISSING = "missing", _("Not found")
    UNKNOWN = "unknown", _("Could not be looked up")


class Handle(models.Model):
    """One name on one platform, looked up again when `next_look_at` has come."""

    platform = models.CharField(
        max_length=12, choices=[("github", "GitHub"), ("huggingface", "Hugging Face")]
    )
    name = models.CharField(max_length=100)
    status = models.CharField(max_length=8, choices=HandleStatus, default=HandleStatus.WAITING)
    facts: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict, help_text=_("name, kind, url, public repositories, models, since: as the platform says")
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    next_look_at = models.DateTimeField(default=timezone.now, help_text=_("the lease of whoever looks"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "name"], name="handle_once")]
        indexes = [models.Index(fields=["next_look_at"], name="handle_due")]

    def __str__(self) -> str:
        return f"{self.platform}:{self.name}"

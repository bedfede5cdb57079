"""What was changed in a call after it was published: announced, dated, and kept."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.calls import Call
from mission.models import User


class Amendment(models.Model):
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    words = models.TextField(help_text=_("what changes and why, for everybody"))
    changes: "models.JSONField[Any, Any]" = models.JSONField(help_text=_("{field: {before, after}}"))
    announced_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["call", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="amendment_once"),
            models.CheckConstraint(condition=~Q(words=""), name="amendment_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.call} #{self.number}"

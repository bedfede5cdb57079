"""What was changed in a call after it was published: announced, dated, and kept."""

import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.amending import NAMES
from grants.models.calls import Call
from grants.models.gpu_time import plain_hours
from mission.models import User


class Amendment(models.Model):
    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    words = models.TextField(help_text=gettext_lazy("what changes and why, for everybody"))
    changes: "models.JSONField[Any, Any]" = models.JSONField(
        help_text=gettext_lazy("{field: {before, after}}")
    )
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

    def in_words(self) -> list[str]:
        """Each change in a line; long texts are only named."""
        return [self.change_in_words(name, change) for name, change in self.changes.items()]

    def change_in_words(self, name: str, change: dict[str, Any]) -> str:
        what = str(NAMES.get(name, name))
        before, after = (self.value_in_words(name, change[when]) for when in ("before", "after"))
        if not after:
            return _("%(what)s changed.") % {"what": what}
        if not before:
            return _("%(what)s: %(after)s.") % {"what": what, "after": after}
        return _("%(what)s: %(before)s, now %(after)s.") % {"what": what, "before": before, "after": after}

    def value_in_words(self, name: str, value: Any) -> str:
        """A date in the call's own time zone, an amount with its unit; nothing for texts and lists."""
        if value is None:
            return ""
        if name in {"closes_at", "results_at"}:
            return self.call.in_words(datetime.datetime.fromisoformat(value))
        if name == "budget_gpu_ms":
            return _("%(n)s GPU-hours") % {"n": f"{Decimal(plain_hours(value)):,}"}
        if name == "budget_money":
            return f"{Decimal(value):,.2f} {self.call.currency}"
        return str(value) if isinstance(value, int) else ""

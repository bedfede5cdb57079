"""The audit trail: who did what to what, and when. A trigger in the database forbids changing it."""

from typing import Any

from django.db import models
from django.db.models.functions import Now

from mission.models.people import User


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, target: models.Model) -> "AuditQuerySet":
        return self.filter(target_type=target._meta.label_lower, target_id=str(target.pk))


class AuditEntry(models.Model):
    """One act. `facts` hold plain JSON: old and new values, amounts with their unit, reasons."""

    at = models.DateTimeField(db_default=Now(), editable=False)
    actor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=60)
    facts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["target_type", "target_id", "at"], name="audit_about")]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_type} {self.target_id}"

"""The one way an audit entry comes to be."""

from typing import Any

from django.db import models

from mission.models import AuditEntry, User


def record(*, actor: User | None, verb: str, target: models.Model, **facts: Any) -> AuditEntry:
    """Write down an act, inside the transaction that does it. `actor` is None for the clock itself."""
    return AuditEntry.objects.create(
        actor=actor,
        verb=verb,
        target_type=target._meta.label_lower,
        target_id=str(target.pk),
        facts=facts,
    )

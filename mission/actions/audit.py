"""The one way an audit entry comes to be."""

from collections.abc import Iterable
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


def record_all(
    *, actor: User | None, verb: str, about: Iterable[tuple[models.Model, dict[str, Any]]]
) -> None:
    """The same act on many rows, each with its own facts, written in one statement."""
    AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=actor,
            verb=verb,
            target_type=target._meta.label_lower,
            target_id=str(target.pk),
            facts=facts,
        )
        for target, facts in about
    )

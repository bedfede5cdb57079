"""What an award asks for in return, copied from the call when the award is made."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from grants.models.awards import Award
from grants.models.states import Stateful, one_of


class DeliverableKind(models.TextChoices):
    MODEL = "model", _("Model")
    DATASET = "dataset", _("Dataset")
    BENCHMARK = "benchmark", _("Benchmark")
    SOFTWARE = "software", _("Software")
    REPORT = "report", _("Report")
    OTHER = "other", _("Other")


class DeliverableStatus(models.TextChoices):
    DUE = "due", _("Due")
    SUBMITTED = "submitted", _("Submitted")
    CONFIRMED = "confirmed", _("Confirmed")
    WAIVED = "waived", _("Waived")


_S = DeliverableStatus


def asked_for(items: Iterable[Mapping[str, Any]], start: datetime.date) -> "list[Deliverable]":
    """What a call asks of an award made on that day; rows that are not kept yet."""
    return [
        Deliverable(
            title=item["title"],
            kind=item.get("kind", DeliverableKind.OTHER),
            description=item.get("description", ""),
            due_on=start + datetime.timedelta(days=item["due_days"]),
        )
        for item in items
    ]


class Deliverable(Stateful):
    TRANSITIONS = {
        _S.DUE: frozenset({_S.SUBMITTED, _S.WAIVED}),
        _S.SUBMITTED: frozenset({_S.CONFIRMED, _S.DUE, _S.WAIVED}),
    }

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="deliverables")
    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=DeliverableKind, default=DeliverableKind.OTHER)
    description = models.TextField(blank=True)
    due_on = models.DateField()
    status = models.CharField(max_length=10, choices=DeliverableStatus, default=DeliverableStatus.DUE)
    evidence_url = models.URLField(blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [one_of(DeliverableStatus.values, "deliverable_status_known")]

    def __str__(self) -> str:
        return self.title

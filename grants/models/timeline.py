"""What happened to an application, read from the audit entries."""

import datetime
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.applications import Application
from grants.models.compute import in_words
from mission.models import AuditEntry

WORDS = {
    "application.started": gettext_lazy("Started"),
    "application.submitted": gettext_lazy("Submitted"),
    "application.withdrawn": gettext_lazy("Withdrawn"),
    "application.in_review": gettext_lazy("Sent to review"),
    "application.reviewed": gettext_lazy("All reviews are in"),
    "application.awarded": gettext_lazy("Awarded"),
    "application.declined": gettext_lazy("Declined"),
    "review.assigned": gettext_lazy("Reviewer assigned"),
    "review.accepted": gettext_lazy("No conflict declared"),
    "review.conflicted": gettext_lazy("Conflict declared"),
    "review.released": gettext_lazy("Reviewer released"),
    "review.submitted": gettext_lazy("Review submitted"),
    "award.made": gettext_lazy("Award made"),
}


class Moment(NamedTuple):
    at: datetime.datetime
    who: str
    what: str
    note: str


def timeline(application: Application) -> list[Moment]:
    """Newest first. Two queries, however much happened."""
    reviews = [str(pk) for pk in application.reviews.values_list("pk", flat=True)]
    about = Q(target_type="grants.application", target_id=str(application.pk))
    about |= Q(target_type="grants.review", target_id__in=reviews)
    entries = AuditEntry.objects.filter(about).select_related("actor")
    return [_moment(entry) for entry in entries]


def _moment(entry: AuditEntry) -> Moment:
    facts = entry.facts
    notes = [str(facts[key]) for key in ("reviewer_name", "reason") if facts.get(key)]
    if facts.get("gpu_ms"):
        notes.append(in_words(facts["gpu_ms"]))
    who = str(entry.actor) if entry.actor else _("The clock")
    return Moment(entry.at, who, str(WORDS.get(entry.verb, entry.verb)), " · ".join(notes))

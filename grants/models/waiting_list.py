"""Who waits for a call's budget to come back, in the order of their places."""

from django.db.models import OuterRef, Subquery

from grants.models.applications import Application, ApplicationStatus
from grants.models.calls import Call
from grants.models.decisions import Decision


def place() -> Subquery:
    """Of an application, by the newest decision that gave it one."""
    given = Decision.objects.filter(application=OuterRef("pk"), place__isnull=False, undone_at=None)
    return Subquery(given.order_by("-number").values("place")[:1])


def next_waiting(call: Call) -> Application | None:
    rows = Application.objects.filter(call=call, status=ApplicationStatus.WAITLISTED)
    return rows.annotate(place=place()).order_by("place", "pk").first()

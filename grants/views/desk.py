"""/desk/: what waits for the desk, and the calls it opens."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as lazy

from grants.models import Application, ApplicationStatus, Call, CallStatus
from grants.models.applications import ApplicationQuerySet
from mission.access import may, requires
from mission.people_of import person

TABS = [
    ("reviewed", lazy("To decide")),
    ("submitted", lazy("Without reviewers")),
    ("in_review", lazy("In review")),
    ("awarded", lazy("Awarded")),
    ("declined", lazy("Declined")),
    ("withdrawn", lazy("Withdrawn")),
]


def listed(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """With what a line of a list shows, in one query."""
    return rows.select_related("call", "organisation__nation").order_by("submitted_at", "pk")


@requires("desk.open")
def desk(request: HttpRequest) -> HttpResponse:
    rows = Application.objects.at_the_desk(person(request))
    counts = dict(rows.values_list("status").annotate(n=Count("pk")).order_by())
    status = request.GET.get("status", "")
    if status not in ApplicationStatus.values:
        status = next((name for name, _label in TABS[:3] if counts.get(name)), "reviewed")
    context = {
        "tabs": [(name, label, counts.get(name, 0), name == status) for name, label in TABS],
        "page": Paginator(listed(rows.filter(status=status)), 50).get_page(request.GET.get("page")),
        "calls": Call.objects.open().order_by("closes_at")[:10],
        "drafts": Call.objects.filter(status=CallStatus.DRAFT)[:10],
        "may_write": may(request.user, "call.write"),
    }
    return render(request, "grants/desk/home.html", context)

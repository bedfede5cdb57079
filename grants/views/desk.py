"""/desk/: what waits for whoever opens it, since when; and the calls."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from grants.models import Call, CallStatus
from grants.models.applications import ApplicationQuerySet
from grants.models.searching import at_the_desk, lines
from grants.models.waiting import Elsewhere, corrections_waiting, tasks_for, waiting
from mission.access import may, requires
from mission.models import Role, User
from mission.people_of import person


def listed(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """With what a line of a list shows, in one query."""
    return lines(rows).order_by("submitted_at", "pk")


@requires("desk.open")
def desk(request: HttpRequest) -> HttpResponse:
    user = person(request)
    tasks = waiting(at_the_desk(user), tasks_for(user.roles))
    context = {
        "tasks": [task for task in tasks if task.total],
        "quiet": [task for task in tasks if not task.total],
        "elsewhere": [each for each in elsewhere(user) if each.total],
        "calls": Call.objects.open().order_by("closes_at")[:10],
        "drafts": Call.objects.filter(status=CallStatus.DRAFT)[:10],
        "may_write": may(user, "call.write"),
        "shows_budgets": Role.FINANCE in user.roles,
        "budgets": budgets() if Role.FINANCE in user.roles else [],
    }
    return render(request, "grants/desk/home.html", context)


def elsewhere(user: User) -> list[Elsewhere]:
    return [corrections_waiting()] if may(user, "correction.decide") else []


def budgets() -> list[Call]:
    """Of calls that still give: what is held and what is left."""
    published = Call.objects.exclude(status=CallStatus.DRAFT).select_related("programme")
    return list(published.order_by("-closes_at")[:20])

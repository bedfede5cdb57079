"""Where a person lands after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from mission.access import requires
from mission.models import Role
from mission.people_of import person

FIRST_ROOM = [
    (Role.OFFICER, "grants:desk"),
    (Role.FINANCE, "grants:desk"),
    (Role.AUDITOR, "grants:desk"),
    (Role.ADMINISTRATOR, "grants:desk"),
    (Role.REVIEWER, "grants:reviews"),
]


@requires("home.open")
def home_for_role(request: HttpRequest) -> HttpResponse:
    """To the room where a person's work waits; applicants and grantees to their applications."""
    roles = person(request).roles
    return redirect(next((room for role, room in FIRST_ROOM if role in roles), "grants:apply"))

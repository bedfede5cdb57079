"""/desk/applications/<ref>/: one application before the desk. One tab, one address; this is the first."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from grants.models import Application, Award
from grants.models.decisions import DECIDABLE, DecisionKind
from grants.models.timeline import timeline
from mission.access import may, requires
from mission.people_of import person


def before_us(request: HttpRequest, reference: str) -> Application:
    rows = Application.objects.at_the_desk(person(request))
    return get_object_or_404(
        rows.select_related("call__programme", "organisation__nation"), reference=reference
    )


def page_of(request: HttpRequest, found: Application, tab: str) -> dict[str, Any]:
    """What every tab shows: `grants/desk/application_page.html` and `about.html` read it."""
    version = found.submitted_version()
    route = version.pinned.get("route", {}) if version else {}
    return {
        "application": found,
        "call": found.call,
        "tab": tab,
        "version": version,
        "steps": [step["step"] for step in route.get("steps", ())],
        "decision": found.decision,
        "award": Award.objects.filter(application=found).with_compute().first(),
        "may_assign": found.is_undecided and may(request.user, "review.assign"),
        "may_award": may(request.user, "award.write"),
        "may_decide": found.status in DECIDABLE[DecisionKind.DECLINE] and may(request.user, "award.write"),
    }


@requires("desk.open")
def desk_application(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    context = {
        **page_of(request, found, "overview"),
        "findings": found.findings(),
        "timeline": timeline(found),
    }
    return render(request, "grants/desk/application.html", context)

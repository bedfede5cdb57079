"""/apply/: what waits for me; the task list of a draft; where a submitted application stands."""

import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from grants.models import Application, Award, Call
from grants.models.applications_next import next_steps
from grants.models.applications_states import BEING_DECIDED, ApplicationStatus
from grants.models.applications_waiting import waiting_for
from grants.models.gpu_time import gpu_hours
from grants.models.moments import in_zone
from grants.models.questions import Progress, sections
from grants.models.steps import Outcome
from grants.models.timeline import timeline_for_applicant
from grants.open_data import as_data, asked_for
from mission.access import requires
from mission.models import Organisation, User


def own(request: HttpRequest, reference: str) -> Application:
    mine = Application.objects.of(request.user)
    return get_object_or_404(
        mine.select_related("call__programme", "organisation", "saved_by"), reference=reference
    )


@requires("application.write")
def apply(request: HttpRequest) -> HttpResponse:
    """What waits for me first; then what was submitted, what was awarded, and what I could apply to."""
    mine = Application.objects.of(request.user).select_related("call", "organisation")
    form = asked_for(request)
    if form:
        return as_data("applications", [row_of(one) for one in mine], form)
    begun = mine.exclude(status="withdrawn").values("call")
    context = {
        "waiting": waiting_for(mine),
        "submitted": mine.exclude(status__in=["draft", "returned"]).order_by("-submitted_at", "-pk")[:100],
        "awards": Award.objects.of(request.user).with_compute().select_related("application"),
        "organisations": Organisation.objects.of(request.user).select_related("nation"),
        "open_calls": Call.objects.open().exclude(pk__in=begun)[:10],
    }
    return render(request, "grants/applications/list.html", context)


def row_of(one: Application) -> dict[str, Any]:
    """One of my own as a row, with what applicants are told of its state."""
    return {
        "reference": one.reference,
        "title": one.title,
        "call": one.call.title,
        "applicant": one.organisation.name,
        "status": one.public_status,
        "since": one.public_since.isoformat(),
        "submitted_at": one.submitted_at.isoformat() if one.submitted_at else "",
        "closes_at": one.call.closes_at.isoformat(),
        "requested_gpu_hours": float(gpu_hours(one.requested_gpu_ms)),
        "requested_money": str(one.requested_money),
        "currency": one.call.currency,
    }


@requires("application.write")
def application(request: HttpRequest, reference: str) -> HttpResponse:
    """A list of tasks while it is written; what was submitted and where it stands afterwards."""
    found = own(request, reference)
    if found.is_editable:
        return render(request, "grants/applications/tasks.html", tasks(found))
    return render(request, "grants/applications/detail.html", standing(found))


def clock(found: Application) -> dict[str, Any]:
    """The server's clock, told in the call's time zone: what `clock.html` shows and clock.js goes on with."""
    now, zone = timezone.now(), found.call.time_zone
    until = in_zone(found.complete_by, zone) if found.complete_by else ""
    return {"now": now, "now_in_words": in_zone(now, zone), "until_in_words": until}


def marks(found: Application) -> dict[str, tuple[str, datetime.datetime | None]]:
    """{section: who saved it last, when}, in one query."""
    kept = found.section_versions
    names = User.objects.in_bulk({mark["by"] for mark in kept.values()})
    return {slug: (str(names.get(mark["by"], "")), parse_datetime(mark["at"])) for slug, mark in kept.items()}


def tasks(found: Application) -> dict[str, Any]:
    """Each section with how far it is and who saved it last."""
    saved = marks(found)
    pages = sections(found.read_questions(), found.answers)
    returned = found.step_results.filter(outcome=Outcome.RETURNED).last() if found.submitted_at else None
    return {
        **clock(found),
        "application": found,
        "call": found.call,
        "pages": [(page, *saved.get(page.slug, ("", None))) for page in pages],
        "to_do": sum(page.state != Progress.COMPLETE and page.problems > 0 for page in pages),
        "team": found.organisation.memberships.current().select_related("user").order_by("since", "pk"),
        "returned": returned,
    }


def is_waiting(found: Application) -> bool:
    return found.public_status in {BEING_DECIDED, ApplicationStatus.SUBMITTED}


def standing(found: Application) -> dict[str, Any]:
    """What was submitted, and what its team may know of what became of it."""
    award = Award.objects.filter(application=found).with_compute().first()
    versions = list(found.versions.select_related("submitted_by"))
    decision = found.announced_decision
    return {
        "application": found,
        "call": found.call,
        "version": versions[0] if versions else None,
        "versions": versions,
        "when": in_zone(versions[0].submitted_at, found.call.time_zone) if versions else "",
        "next_steps": next_steps(versions[0].pinned["route"]) if versions and is_waiting(found) else [],
        "award": award,
        "deliverables": award.deliverables.all() if award else [],
        "decision": decision,
        "was_offered": found.offers.exists(),
        "may_appeal": bool(decision and decision.appeal_until()) or found.appeals.exists(),
        "timeline": timeline_for_applicant(found) if versions else [],
    }

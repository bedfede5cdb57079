"""/calls/: what is open to whom, shown before anyone starts."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.forms.call_filters import CallsForm, found
from grants.models import Applicants, Application, Call
from grants.models.applications import findings
from grants.models.gpu_time import gpu_hours
from grants.models.questions import sections
from grants.models.working_days import calendar_in_words
from grants.open_data import as_data, asked_for
from mission.access import requires
from mission.errors import Refused
from mission.freshness import fresh
from mission.models import Organisation
from mission.models.organisations import OrganisationType
from mission.remembered import Subject, remembered_while

A_PAGE = 50


@requires("public.read")
@fresh
def calls(request: HttpRequest) -> HttpResponse:
    """Open ones first, then those to come, then the past; what the address asks for, all of it together."""
    form = CallsForm(request.GET)
    wanted = asked_for(request)
    if wanted and form.errors:
        field, messages = next(iter(form.errors.items()))
        refused = Refused(str(messages[0]), field=field, code="bad_parameter", status=400)
        return JsonResponse(refused.as_json(), status=400)  # also to who asked for CSV
    if wanted:
        return as_data("calls", [facts(call) for call in published(form.asked)], wanted)
    page, table = listed(tuple(form.asked.items()), request.GET.get("page", "1"))
    context = {"page": page, "table": table, "form": form}
    return render(request, "grants/calls/list.html", context, status=400 if form.errors else 200)


def published(asked: Mapping[str, str]) -> list[Call]:
    """What the list says of them; their long texts are not read."""
    return found(Call.objects.public().for_lists(), asked)


@remembered_while(Subject.GRANTS)
def listed(asked: tuple[tuple[str, str], ...], number: str) -> tuple[Page[Call], str]:
    """One page of what was asked for, and its table as people read it. Http404 where there is none."""
    try:
        page = Paginator(published(dict(asked)), A_PAGE).page(number)
    except InvalidPage as no_page:
        raise Http404 from no_page
    return page, render_to_string("grants/calls/table.html", {"calls": page.object_list})


@requires("public.read")
@fresh
def call(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Call.objects.visible_to(request.user).select_related("programme"), slug=slug)
    form = asked_for(request)
    if form:
        return as_data("call", [facts(found)], form)
    context: dict[str, Any] = {
        "call": found,
        "crumbs": [(_("Calls"), reverse("grants:calls")), (found.title, "")],
        "article": article(found.pk),
        "amendments": found.amendments.all(),
        "chances": chances(request, found),
    }
    alone = any(c["organisation"].type == OrganisationType.INDIVIDUAL for c in context["chances"])
    context["offers_myself"] = found.applicants != Applicants.ORGANISATIONS and not alone
    return render(request, "grants/calls/detail.html", context)


@remembered_while(Subject.GRANTS)
def article(pk: int) -> str:
    """All that a call says of itself, as people read it. One query."""
    call = Call.objects.get(pk=pk)
    asked = call.read_questions()
    context = {
        "call": call,
        "sections": sections(asked, {}),
        "conditional": sum(bool(question.shown_if) for question in asked),
        "routes": call.routes_in_words(),
        "calendar": calendar_in_words(),
    }
    return render_to_string("grants/calls/article.html", context)


def chances(request: HttpRequest, call: Call) -> list[dict[str, Any]]:
    """For each organisation of the visitor: is it eligible, why, and what has it begun."""
    if not request.user.is_authenticated:
        return []
    organisations = Organisation.objects.of(request.user).select_related("nation")
    begun = {
        application.organisation_id: application
        for application in Application.objects.filter(call=call, organisation__in=organisations).exclude(
            status="withdrawn"
        )
    }
    judged = [(organisation, findings(call, organisation)) for organisation in organisations]
    return [
        {
            "organisation": organisation,
            "findings": found,
            "eligible": all(finding.ok is not False for finding in found),
            "application": begun.get(organisation.pk),
        }
        for organisation, found in judged
    ]


def facts(call: Call) -> dict[str, Any]:
    """A call as a row of open data."""
    return {
        "slug": call.slug,
        "title": call.title,
        "summary": call.summary,
        "programme": call.programme.name,
        "kind": call.programme.kind,
        "phase": call.phase,
        "opens_at": call.opens_at.isoformat(),
        "closes_at": call.closes_at.isoformat(),
        "time_zone": call.time_zone,
        "budget_gpu_hours": float(gpu_hours(call.budget_gpu_ms)),
        "awarded_gpu_hours": float(gpu_hours(call.announced.gpu_ms)),
        "currency": call.currency,
        "budget_money": float(call.budget_money),
        "awarded_money": float(call.announced.money),
        "applicants": call.applicants,
        "decided_within_working_days": " / ".join(
            str(route["days"] or "") for route in call.routes_in_words()
        ).strip(" /"),
        "url": call.get_absolute_url(),
    }

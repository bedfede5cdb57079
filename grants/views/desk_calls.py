"""/desk/calls/: the calls the desk writes, publishes and watches."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.actions import calls as actions
from grants.forms.answers import AnswersForm
from grants.models import Application, Call, CallStatus
from grants.models.applications import ApplicationQuerySet
from grants.models.questions import sections
from grants.models.routes import step_of
from grants.models.working_days import calendar_in_words, soon
from grants.open_data import as_data, asked_for
from grants.views.calls import facts
from grants.views.desk import listed
from mission.access import may, requires
from mission.errors import Refused
from mission.models import AuditEntry
from mission.people_of import person


@requires("desk.open")
def desk_calls(request: HttpRequest) -> HttpResponse:
    before_us = Application.objects.before_the_desk()
    rows = Call.objects.select_related("programme").annotate(
        received=counted(before_us), due=counted(before_us.undecided().filter(due_on__lte=soon()))
    )
    rows = rows.order_by("-opens_at", "-pk")
    form = asked_for(request)
    if form:
        annotated: Any = rows  # annotated: mypy knows no columns but the model's
        columns = [{**facts(call), "received": call.received, "due_or_late": call.due} for call in annotated]
        return as_data("calls", columns, form)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {"page": page, "may_write": may(request.user, "call.write")}
    return render(request, "grants/desk/calls.html", context)


def counted(applications: ApplicationQuerySet) -> Coalesce:
    """How many of them each call has, out of an index: a join would read every application whole."""
    of_call = applications.filter(call=OuterRef("pk")).order_by().values("call")
    return Coalesce(Subquery(of_call.annotate(n=Count("*")).values("n")), 0)


@requires("desk.open")
def desk_call(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call.objects.select_related("programme"), slug=slug)
    rows = Application.objects.at_the_desk(person(request)).filter(call=call)
    context = {
        "call": call,
        "page": Paginator(listed(rows), 50).get_page(request.GET.get("page")),
        "may_write": may(request.user, "call.write"),
        "may_assign": may(request.user, "review.assign"),
        "has_panel": any(step_of(route, "panel") for route in call.all_routes()),
        "routes": call.routes_in_words(),
        "calendar": calendar_in_words(),
        "amendments": call.amendments.select_related("announced_by"),
        "overrides": call.overrides.select_related("organisation", "given_by"),
        "not_published": why_not_published(call),
        **promises(rows),
    }
    return render(request, "grants/desk/call.html", context)


def promises(rows: ApplicationQuerySet) -> dict[str, Any]:
    """What was promised for a day that has passed, or that comes within three working days."""
    due = rows.undecided().filter(due_on__lte=soon()).order_by("due_on", "pk")
    today = timezone.localdate()
    first = list(due.select_related("organisation")[:10])
    counted = due.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    return {"due": first, "due_count": counted["all"], "late_count": counted["late"], "today": today}


def why_not_published(call: Call) -> str:
    """The clock's reason, while the draft waits for somebody to mend it."""
    if call.status != CallStatus.DRAFT or call.publish_at:
        return ""
    last = AuditEntry.objects.about(call).filter(verb="call.not_published").first()
    return str(last.facts.get("reason", "")) if last else ""


@requires("desk.open")
def desk_call_preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Every page of an application as the applicant gets it, from the same forms. Nothing is sent."""
    call = get_object_or_404(Call.objects.select_related("programme"), slug=slug)
    found = sections(call.read_questions(), {})
    pages = [
        (section, AnswersForm(section.drawn, auto_id=f"{section.slug}_%s"))  # each id once on this page
        for section in found
    ]
    context = {"call": call, "pages": pages, "routes": call.routes_in_words()}
    return render(request, "grants/desk/call_preview.html", context)


@requires("call.write")
@require_POST
def desk_call_publish(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call, slug=slug)
    try:
        call = actions.publish_call(actor=person(request), call=call)
        messages.success(request, _("Published. Everybody can see it now."))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("grants:desk_call", call.slug)

"""/desk/: what waits for the desk, and the calls it opens."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from grants.actions import calls as actions
from grants.forms.calls import CallPage
from grants.models import Application, ApplicationStatus, Call, CallStatus
from grants.models.applications import ApplicationQuerySet
from mission.access import may, requires
from mission.errors import Refused
from mission.people_of import person

CROWD = Q(reviews__status__in=["assigned", "accepted", "submitted"])
SCORED = Q(reviews__status="submitted")
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
    return (
        rows.select_related("call", "organisation__nation")
        .annotate(
            asked=Count("reviews", filter=CROWD),
            scored=Count("reviews", filter=Q(reviews__status="submitted")),
        )
        .order_by("submitted_at", "pk")
    )


@requires("desk.open")
def desk(request: HttpRequest) -> HttpResponse:
    rows = Application.objects.visible_to(request.user).before_the_desk()
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


@requires("desk.open")
def desk_calls(request: HttpRequest) -> HttpResponse:
    rows = Call.objects.select_related("programme").annotate(
        received=Count("applications", filter=Q(applications__submitted_at__isnull=False))
    )
    page = Paginator(rows.order_by("-opens_at", "-pk"), 50).get_page(request.GET.get("page"))
    context = {"page": page, "may_write": may(request.user, "call.write")}
    return render(request, "grants/desk/calls.html", context)


@requires("desk.open")
def desk_call(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call.objects.select_related("programme"), slug=slug)
    rows = Application.objects.visible_to(request.user).before_the_desk().filter(call=call)
    page = Paginator(listed(rows), 50).get_page(request.GET.get("page"))
    context = {"call": call, "page": page, "may_write": may(request.user, "call.write")}
    return render(request, "grants/desk/call.html", context)


@requires("call.write")
def desk_call_new(request: HttpRequest) -> HttpResponse:
    page = CallPage(request.POST if request.method == "POST" else None)
    if request.method == "POST" and page.is_valid():
        try:
            call = actions.create_call(actor=person(request), **page.values())
            messages.success(request, _("Draft kept. Look at it as applicants will, then publish it."))
            return redirect("grants:desk_call", call.slug)
        except Refused as refused:
            page.add_refused(refused.field, refused.sentence)
    status = 422 if page.form.errors else 200
    return render(request, "grants/desk/call_form.html", {"page": page, "form": page.form}, status=status)


@requires("call.write")
def desk_call_edit(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call, slug=slug, status=CallStatus.DRAFT)
    page = CallPage(request.POST if request.method == "POST" else None, call=call)
    if request.method == "POST" and page.is_valid():
        try:
            actions.edit_call(actor=person(request), call=call, revision=page.revision(), **page.values())
            messages.success(request, _("Saved."))
            return redirect("grants:desk_call", call.slug)
        except Refused as refused:
            page.add_refused(refused.field, refused.sentence)
    context = {"page": page, "form": page.form, "call": call}
    status = 422 if page.form.errors else 200
    return render(request, "grants/desk/call_form.html", context, status=status)


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

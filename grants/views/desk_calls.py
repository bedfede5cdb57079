"""/desk/calls/: the calls the desk writes, publishes and watches."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.actions import calls as actions
from grants.forms.calls import CallPage
from grants.models import Application, Call, CallStatus
from grants.views.desk import listed
from mission.access import may, requires
from mission.errors import Refused
from mission.people_of import person


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
    rows = Application.objects.at_the_desk(person(request)).filter(call=call)
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

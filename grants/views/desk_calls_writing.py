"""/desk/calls/begin/, new/ and edit/: writing a call, from a starter, another call, or its own draft."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from grants.actions import calls as actions
from grants.forms.call_rows import rearranged
from grants.forms.calls import CallPage, stored
from grants.models import Call, CallStatus, Programme, ProgrammeKind
from grants.models.starters import starter
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person

Keep = Callable[[CallPage], Call]


@requires("call.write")
def desk_call_begin(request: HttpRequest) -> HttpResponse:
    """What to start from: a kind of programme, or a call there was."""
    kinds = [(kind, starter(kind)) for kind in ProgrammeKind]
    earlier = Call.objects.select_related("programme").order_by("-created_at")[:30]
    return render(request, "grants/desk/call_begin.html", {"kinds": kinds, "earlier": earlier})


@requires("call.write")
def desk_call_new(request: HttpRequest) -> HttpResponse:
    actor, other = person(request), Call.objects.filter(slug=request.GET.get("from", "")).first()

    def keep(page: CallPage) -> Call:
        if other is not None:
            return actions.clone_call(actor=actor, call=other, **page.values())
        return actions.create_call(actor=actor, **page.values())

    page = sent(request, start=beginning(request.GET.get("kind", ""), other))
    said = _("Draft kept. Look at it as applicants will, then publish it.")
    return answer(request, page, keep, said, {"other": other})


@requires("call.write")
def desk_call_edit(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call, slug=slug, status=CallStatus.DRAFT)

    def keep(page: CallPage) -> Call:
        return actions.edit_call(actor=person(request), call=call, revision=page.revision(), **page.values())

    return answer(request, sent(request, call=call), keep, _("Saved."), {"call": call})


def beginning(kind: str, other: Call | None) -> dict[str, Any]:
    """The fields to start from; the moments of another call are not its copy's."""
    if other is not None:
        fields = stored(other)
        times = {"opens_at", "closes_at", "results_at", "publish_at"}
        return {name: value for name, value in fields.items() if name not in times}
    programme = Programme.objects.filter(kind=kind).order_by("pk").first()
    return {**starter(kind), **({"programme": programme} if programme else {})}


def sent(request: HttpRequest, **given: Any) -> CallPage:
    """The page as it is now: empty, as typed with its rows rearranged, or to be judged."""
    if request.method != "POST":
        return CallPage(**given)
    if "row" in request.POST:
        return CallPage.again(request.POST, *rearranged(request.POST, request.POST["row"]))
    return CallPage(request.POST, **given)


def answer(
    request: HttpRequest, page: CallPage, keep: Keep, said: str, context: dict[str, Any]
) -> HttpResponse:
    """Keep what is sound; otherwise the page again, with everything typed."""
    if page.form.is_bound and page.is_valid():
        try:
            call = keep(page)
            messages.success(request, said)
            return redirect("grants:desk_call", call.slug)
        except Refused as refused:
            page.add_refused(refused.field, refused.sentence)
    status = 422 if page.form.errors else 200
    context = {**context, "page": page, "form": page.form, "parts": page.parts()}
    return render(request, "grants/desk/call_form.html", context, status=status)

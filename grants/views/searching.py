"""/desk/applications/: the list of all applications, its filters in the address, views saved, CSV."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants import open_data
from grants.actions import saved_views as actions
from grants.forms.bulk import ACTS
from grants.forms.searching import FilterForm, SaveViewForm
from grants.models import Application, SavedView
from grants.models.gpu_time import gpu_hours
from grants.models.searching import at_the_desk, narrowed, ordered, page_of
from mission.access import may, requires
from mission.errors import Refused
from mission.people_of import person

COLUMNS = [
    *("reference", "title", "call", "programme", "organisation", "organisation_type", "nation", "region"),
    *("status", "since", "route", "gpu_hours_asked", "money_asked", "currency", "reviewers_asked"),
    *("reviews_in", "mean_score", "spread", "decision_due", "submitted_at"),
]


@requires("desk.open")
def desk_applications(request: HttpRequest) -> HttpResponseBase:
    form = FilterForm(request.GET)
    form.is_valid()  # what will not do is said beside its field, and narrows nothing
    rows = ordered(narrowed(at_the_desk(person(request)), form.cleaned_data), form.order)
    if open_data.asked_for(request) == "csv":
        whole = rows.select_related("call__programme", "organisation__nation").defer("answers", "search")
        return open_data.streamed("applications", whole, as_row, COLUMNS)
    return list_page(request, form, found=page_of(rows, page_number(request)))


def list_page(
    request: HttpRequest, form: FilterForm, save_form: SaveViewForm | None = None, **more: Any
) -> HttpResponse:
    context = {
        "form": form,
        "query": form.query,
        "views": SavedView.objects.filter(user=person(request)),
        "save_form": save_form or SaveViewForm(initial={"query": form.query}),
        "acts": [(key, act.label) for key, act in ACTS.items()] if may(request.user, "note.write") else [],
        "today": timezone.localdate(),
        **more,
    }
    status = 422 if form.errors or save_form else 200
    return render(request, "grants/desk/applications.html", context, status=status)


def page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "")
    return min(max(int(asked), 1), 100_000) if asked.isdecimal() and len(asked) < 7 else 1


def as_row(application: Application) -> dict[str, Any]:
    call, organisation = application.call, application.organisation
    return {
        "reference": application.reference,
        "title": application.title,
        "call": call.title,
        "programme": call.programme.kind,
        "organisation": organisation.name,
        "organisation_type": organisation.type,
        "nation": organisation.nation_id,
        "region": organisation.nation.region,
        "status": application.status,
        "since": application.status_since.isoformat(timespec="seconds"),
        "route": application.route,
        "gpu_hours_asked": gpu_hours(application.requested_gpu_ms),
        "money_asked": application.requested_money,
        "currency": call.currency,
        "reviewers_asked": application.asked,
        "reviews_in": application.scored,
        "mean_score": application.mean_total,
        "spread": application.spread,
        "decision_due": application.due_on,
        "submitted_at": application.submitted_at.isoformat(timespec="seconds")
        if application.submitted_at
        else "",
    }


@requires("desk.open")
@require_POST
def desk_view_save(request: HttpRequest) -> HttpResponse:
    save_form = SaveViewForm(request.POST)
    if save_form.is_valid():
        try:
            view = actions.save_view(actor=person(request), **save_form.cleaned_data)
            messages.success(request, _("Saved as “%(name)s”.") % {"name": view.name})
            return redirect(f"{reverse('grants:desk_applications')}?{view.query}")
        except Refused as refused:
            save_form.add_error(refused.field, refused.sentence)
    form = FilterForm(QueryDict(request.POST.get("query", "")))
    form.is_valid()
    rows = ordered(narrowed(at_the_desk(person(request)), form.cleaned_data), form.order)
    return list_page(request, form, save_form, found=page_of(rows, 1))


@requires("desk.open")
@require_POST
def desk_view_delete(request: HttpRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, user=person(request), pk=pk)
    actions.delete_view(actor=person(request), view=view)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": view.name})
    return redirect("grants:desk_applications")

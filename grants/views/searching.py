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
from grants.models import SavedView
from grants.models.gpu_time import gpu_hours
from grants.models.searching import at_the_desk, narrowed, ordered, page_of
from mission.access import may, requires
from mission.errors import Refused
from mission.people_of import person

COLUMNS = {  # of the CSV: where each comes from
    "reference": "reference",
    "title": "title",
    "call": "call__title",
    "programme": "call__programme__kind",
    "organisation": "organisation__name",
    "organisation_type": "organisation__type",
    "nation": "organisation__nation",
    "region": "organisation__nation__region",
    "status": "status",
    "since": "status_since",
    "route": "route",
    "gpu_hours_asked": "requested_gpu_ms",
    "money_asked": "requested_money",
    "currency": "call__currency",
    "reviewers_asked": "asked",
    "reviews_in": "scored",
    "mean_score": "mean_total",
    "spread": "spread",
    "decision_due": "due_on",
    "submitted_at": "submitted_at",
}


@requires("desk.open")
def desk_applications(request: HttpRequest) -> HttpResponseBase:
    form = FilterForm(request.GET)
    form.is_valid()  # what will not do is said beside its field, and narrows nothing
    rows = ordered(narrowed(at_the_desk(person(request)), form.cleaned_data), form.order)
    if open_data.asked_for(request) == "csv":
        return open_data.streamed("applications", rows.values(*COLUMNS.values()), as_row, list(COLUMNS))
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


def as_row(found: dict[str, Any]) -> dict[str, Any]:
    row = {name: found[column] for name, column in COLUMNS.items()}
    row["gpu_hours_asked"] = gpu_hours(row["gpu_hours_asked"])
    for name in ("since", "submitted_at"):
        row[name] = row[name].isoformat(timespec="seconds")
    return row


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

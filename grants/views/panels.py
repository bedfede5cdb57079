"""The panel: a call's ranked list, and what was held of each application."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from grants.actions import panels as actions
from grants.forms.panels import PanelForm
from grants.models import Application, ApplicationStatus, Call, Review
from grants.models.applications import ApplicationQuerySet
from grants.models.disagreement import far_apart, is_wide, leanings_in
from grants.models.panels import before_the_panel, mean_points, recorded
from grants.open_data import as_data, asked_for
from grants.views.desk_application import before_us, page_of
from mission.access import may, requires
from mission.errors import Refused
from mission.models import User
from mission.people_of import person

A_PAGE = 100


def ranked(request: HttpRequest, call: Call) -> ApplicationQuerySet:
    mine = Application.objects.at_the_desk(person(request)).filter(call=call)
    return before_the_panel(mine).select_related("organisation")


@requires("desk.open")
def desk_panel(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call, slug=slug)
    rows = ranked(request, call)
    if asked_for(request):
        return as_data("panel", [as_row(n, row) for n, row in enumerate(rows, 1)], asked_for(request))
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    far = [found for found in leanings_in(call) if found.is_far]
    names = User.objects.in_bulk([found.reviewer for found in far])
    context = {
        "call": call,
        "page": page,
        "rows": [(n, row, is_wide(row)) for n, row in enumerate(page, page.start_index())],
        "ready": recorded(rows).count(),
        "far": [(names[found.reviewer], found) for found in far],
        "may_write": may(request.user, "panel.write"),
    }
    return render(request, "grants/desk/panel.html", context)


def as_row(place: int, row: Any) -> dict[str, Any]:
    return {
        "rank": place,
        "reference": row.reference,
        "title": row.title,
        "organisation": row.organisation.name,
        "reviews": row.scored,
        "mean": row.mean_total,
        "spread": row.spread,
        "panel": row.panel_total,
    }


@requires("panel.write")
@require_POST
def desk_panel_finish(request: HttpRequest, slug: str) -> HttpResponse:
    """All that the panel has held something of go on to the decision; the form names how many."""
    call = get_object_or_404(Call, slug=slug)
    ready = list(recorded(ranked(request, call)))
    try:
        if request.POST.get("number") != str(len(ready)):
            raise Refused(_("Meanwhile another was recorded. Look again."), code="changed")
        done = actions.finish_panels(actor=person(request), applications=ready)
        sentence = ngettext(
            "%(n)d application goes on to the decision.",
            "%(n)d applications go on to the decision.",
            len(done),
        )
        messages.success(request, sentence % {"n": len(done)})
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("grants:desk_panel", slug)


def whole(request: HttpRequest, found: Application) -> dict[str, Any]:
    context = page_of(request, found, "panel")
    criteria = context["version"].pinned["criteria"]
    reviews = list(
        Review.objects.visible_to(request.user)
        .submitted()
        .filter(application=found)
        .select_related("reviewer")
    )
    at_panel = found.status == ApplicationStatus.PANEL
    return {
        **context,
        "criteria": criteria,
        "reviews": [(review, review.scored(criteria)) for review in reviews],
        "grid": [(item, [points(review, item["key"]) for review in reviews]) for item in criteria],
        "far": far_apart(reviews),
        "is_wide": is_wide(found),
        "start": mean_points(reviews, criteria),
        "records": found.panel_records.select_related("recorded_by"),
        "may_panel": at_panel and may(request.user, "panel.write"),
    }


def points(review: Review, key: str) -> Any:
    return review.scores.get(key, {}).get("points")


@requires("desk.open")
def desk_application_panel(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    context = whole(request, found)
    if context["may_panel"]:
        newest = context["records"].first()
        start = newest.moderated if newest else context["start"]
        context["form"] = PanelForm(found, context["criteria"], start)
    return render(request, "grants/desk/application_panel.html", context)


@requires("panel.write")
@require_POST
def desk_panel_record(request: HttpRequest, reference: str) -> HttpResponse:
    """Keep it; or keep it and send the application on to the decision."""
    found = before_us(request, reference)
    context = whole(request, found)
    form = PanelForm(found, context["criteria"], {}, request.POST)
    if form.is_valid():
        try:
            actions.record_panel(actor=person(request), application=found, **form.values())
            messages.success(request, _("Recorded."))
            if "finish" in request.POST:
                actions.finish_panel(actor=person(request), application=found)
                messages.success(request, _("It goes on to the decision."))
            return redirect("grants:desk_panel", found.call.slug)
        except Refused as refused:
            name = refused.field if refused.field in form.fields else f"{refused.field}-points"
            form.add_error(name if name in form.fields else None, refused.sentence)
    context = {**context, "form": form, "may_panel": True}
    return render(request, "grants/desk/application_panel.html", context, status=422)

"""What can be downloaded, and how every number is made."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from contributions.measures import PEOPLE_FLOOR, SHARED_DEFINITION
from contributions.models import BaselineRelease, YearlyTable
from dashboards.charts import words
from dashboards.charts.figure import Figure
from dashboards.exports import answer
from dashboards.figures import releases
from dashboards.figures.tables import metrics_figure, releases_figure, tables_figure
from dashboards.figures.yearly import yearly_figure
from dashboards.freshness import fresh
from dashboards.pages import paged
from dashboards.releases.citing import citation
from grants import threesixtygiving
from grants.models import Award
from mission.access import requires
from mission.remembered import remembered


@requires("public.read")
@fresh
def data(request: HttpRequest) -> HttpResponse:
    context, figures = offered()
    return answer(request, "dashboards/data.html", figures, context)


@remembered
def offered() -> tuple[dict[str, Any], list[Figure]]:
    """All of the page."""
    published = releases.listed()
    newest = published[0] if published else None
    shown = [
        releases.files_figure(newest, releases.title_of(newest)),
        releases.releases_figure(published),
        tables_figure(),
    ]
    context = {
        "newest": newest,
        "citation": citation(newest) if newest else "",
        "has_awards": Award.objects.public().exists(),
        **reference_rate(),
        "release": BaselineRelease.objects.order_by("-retrieved_at").first(),
    }
    return context, shown


def reference_rate() -> dict[str, str]:
    """What a GPU-hour is worth where amounts know only money."""
    return {
        "rate": words.number(settings.GPU_HOUR_RATE, 2),
        "currency": settings.GPU_HOUR_CURRENCY,
        "rate_url": settings.GPU_HOUR_RATE_URL,
    }


def no_grants() -> str:
    return _(
        "No award has been made yet. This file appears with the first award: the 360Giving standard knows no "
        "file without a grant."
    )


@requires("public.read")
@fresh
def awards(request: HttpRequest) -> HttpResponse:
    """The register as it is now, in the 360Giving Data Standard."""
    if grants := list(threesixtygiving.register()):
        body = {**threesixtygiving.package(settings.SITE_URL), "grants": grants}
        response = JsonResponse(body, json_dumps_params={"ensure_ascii": False})
        response["Content-Disposition"] = 'attachment; filename="awards.json"'
    else:
        response = JsonResponse({"detail": no_grants()}, status=404)
    response["Access-Control-Allow-Origin"] = "*"
    return response


@requires("public.read")
@fresh
def yearly(request: HttpRequest, slug: str) -> HttpResponse:
    """A yearly table of another publisher, newest year first."""
    table = get_object_or_404(YearlyTable, slug=slug)
    rows = table.values.select_related("nation").order_by("-year", "nation__name", "dimension")
    found = paged(request, rows)
    crumbs = [(_("Data"), reverse("dashboards:data")), (table.title, "")]
    context = {"table": table, "page": found.page, "crumbs": crumbs}
    figure = yearly_figure(table, found.page.object_list)
    return answer(request, "dashboards/yearly.html", [figure], context, following=found.following)


@requires("public.read")
@fresh
def methods(request: HttpRequest) -> HttpResponse:
    figures = defined()
    parts = [
        ("whose", _("Whose it is")),
        ("bounds", _("Bounds")),
        ("suppressed", _("Suppressed, unknown and zero")),
        ("ranks", _("Ranks")),
        ("opening", _("Opening a number")),
        ("open-to", _("What this does not protect")),
        ("limits", _("Limits")),
        ("map", _("Maps")),
        *((figure.slug, figure.title) for figure in figures),
    ]
    context = {"shared": SHARED_DEFINITION, "floor": PEOPLE_FLOOR, "parts": parts}
    return answer(request, "dashboards/methods.html", figures, context)


@remembered
def defined() -> list[Figure]:
    return [metrics_figure(), releases_figure()]

"""The catalogue of the commons, and one artefact."""

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contributions.models import Artifact
from dashboards.charts import words
from dashboards.charts.figure import Figure
from dashboards.exports import answer
from dashboards.figures.about_artifact import about
from dashboards.figures.artifact import lineage_figure, readings_figure
from dashboards.figures.building import builders_figure
from dashboards.figures.catalogue import catalogue, catalogue_figure, items
from dashboards.figures.evaluations import results_figures
from dashboards.figures.openness import openness_figures
from dashboards.forms import CatalogueForm
from dashboards.freshness import fresh
from dashboards.pages import followed, is_capped, page_asked, turned_to
from mission.access import requires
from mission.remembered import Subject, remembered_while


@requires("public.read")
@fresh
def commons(request: HttpRequest) -> HttpResponse:
    form = CatalogueForm.asked(request)
    page, figure = listed(tuple(form.chosen.items()), *page_asked(request))
    found = followed(request, page)
    context = {"page": found.page}
    return answer(request, "dashboards/commons.html", [figure], context, form=form, following=found.following)


@remembered_while(Subject.COMMONS)
def listed(chosen: tuple[tuple[str, Any], ...], asked: str, data: bool) -> tuple[Page[Any], Figure]:
    """One page of what was `chosen`, `asked` for by its number."""
    page = turned_to(catalogue(**dict(chosen)), asked, data, endless=True)
    shown: Any = page.object_list
    return page, catalogue_figure(items(shown), title_of(page))


def title_of(page: Page[Any]) -> str:
    count = page.paginator.count
    if is_capped(page):
        return _("More than %(count)s artefacts") % {"count": words.number(count)}
    return ngettext("%(count)s artefact", "%(count)s artefacts", count) % {"count": words.number(count)}


@requires("public.read")
@fresh
def artifact(request: HttpRequest, pk: int) -> HttpResponse:
    context, figures = told(pk)
    return answer(request, "dashboards/artifact.html", figures, context)


@remembered_while(Subject.COMMONS)
def told(pk: int) -> tuple[dict[str, Any], list[Figure]]:
    """All of one artefact's page. Http404 where there is none."""
    there = Artifact.objects.there().select_related("owner", "duplicate_of", "fetch")
    found = get_object_or_404(there.prefetch_related("languages"), pk=pk)
    crumbs = [(_("Commons"), reverse("dashboards:commons")), (found.name, "")]
    context = {"artifact": found, "about": about(found), "crumbs": crumbs}
    figures = [
        *openness_figures(found),
        lineage_figure(found),
        builders_figure([found.pk], [found.owner_id] if found.owner_id else []),
        *results_figures(found),
        readings_figure(found),
    ]
    return context, figures

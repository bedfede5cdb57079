"""One metric on one page: over time, on the map, in a table, with its definition and how it can be gamed."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from contributions.models import MetricRelease
from dashboards.charts.figure import Figure
from dashboards.exports import answer
from dashboards.figures.indicator import by_subject, facts, indicators_figure
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.nations import nations_figure, ranking_by
from dashboards.figures.over_time import lines_figure
from dashboards.figures.places import options, places
from dashboards.figures.relative import gdp_table
from dashboards.figures.spans import looked
from dashboards.forms import IndicatorForm
from dashboards.freshness import fresh
from mission.access import requires
from mission.remembered import Subject, remembered_while

TOP = 4


@requires("public.read")
@fresh
def indicators(request: HttpRequest) -> HttpResponse:
    """Every metric, by subject."""
    parts, figure = told()
    return answer(request, "dashboards/indicators.html", [figure], {"parts": parts})


@remembered_while(Subject.NATIONS)
def told() -> tuple[list[tuple[str, str]], Figure]:
    found = by_subject()
    return [(group, metrics[0].group_name) for group, metrics in found.items()], indicators_figure(found)


@requires("public.read")
@fresh
def indicator(request: HttpRequest, metric: str) -> HttpResponse:
    found = INDICATORS.get(metric)
    if found is None:
        raise Http404
    every, known = places(), looked()
    form = IndicatorForm.asked(request, places=every, looked=known, gdp=gdp_table(), indicator=found)
    form.full_clean()
    per = str(form.chosen["per"])
    ranking = ranking_by(metric, form.span, per, changes=False)
    chosen, form.nations = form.nations, form.nations or ranking.first(TOP)
    shown = form.nations
    figures = [nations_figure(metric, form.span, per, changes=False, slug="nations", open_table=True)]
    if shown:
        figures.insert(0, lines_figure(metric, tuple(shown), per))
    releases = list(MetricRelease.objects.filter(metric=metric)) if found.is_own else []
    context = {
        "indicator": found,
        "facts": facts(found, releases),
        "shown": chosen,
        "options": options(one.place for one in ranking.told),
        "crumbs": [(_("Metrics"), reverse("dashboards:indicators")), (str(found.label), "")],
    }
    return answer(request, "dashboards/indicator.html", figures, context, form=form)

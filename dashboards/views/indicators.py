"""One metric on one page: over time, on the map, in a table, with its definition and how it can be gamed."""

from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboards.charts.figure import Figure
from dashboards.exports import answer
from dashboards.figures.indicator import by_subject, facts, indicators_figure
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.nations import How, nations_figure, ranking_by, usual
from dashboards.figures.over_time import lines_figure
from dashboards.figures.places import Place, options, places
from dashboards.figures.relative import gdp_table
from dashboards.figures.rules import all_releases
from dashboards.figures.spans import Span, looked
from dashboards.forms import IndicatorForm
from dashboards.freshness import fresh
from dashboards.parts import drawn, part_while
from mission.access import requires
from mission.remembered import Subject, remembered_while

TOP = 4
MAP: How = {"changes": False, "open_table": True, "slug": "nations"}


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
    chosen = form.nations
    if chosen or form.span != usual(metric):
        drawing = told_of(metric, form.span, per, tuple(chosen))
    else:
        drawing = usually(metric, per)
    figures = [*drawing.figures, nations_figure(metric, form.span, per, **MAP)]
    form.nations = [every[code] for code in drawing.codes]
    releases = all_releases().get(metric, []) if found.is_own else []
    context = {
        "indicator": found,
        "facts": facts(found, releases),
        "shown": chosen,
        "options": drawing.options,
        "crumbs": [(_("Metrics"), reverse("dashboards:indicators")), (str(found.label), "")],
    }
    return answer(request, "dashboards/indicator.html", figures, context, form=form)


class Told(NamedTuple):
    """What stands beside the map. `figures`: one or none; `codes`: of the nations in it. `options`: of those
    with a number."""

    figures: list[Figure]
    codes: list[str]
    options: SafeString


@part_while(Subject.FIGURES)
def usually(metric: str, per: str) -> Told:
    """The first few nations, at the usual time."""
    found = told_of(metric, usual(metric), per, ())
    drawn(found.figures)
    return found


def told_of(metric: str, span: Span, per: str, chosen: tuple[Place, ...]) -> Told:
    ranking = ranking_by(metric, span, per, changes=MAP["changes"])
    shown = chosen or tuple(ranking.first(TOP))
    figures = [lines_figure(metric, shown, per)] if shown else []
    return Told(figures, [one.code for one in shown], options(one.place for one in ranking.told))

"""One nation: what it adds, where it is weakest, who builds on it, and what it was given."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from contributions.models import BaselineMetric
from dashboards.charts.figure import Empty, Figure
from dashboards.exports import answer
from dashboards.figures.added import added_figure
from dashboards.figures.awarded import produced
from dashboards.figures.catalogue import catalogue_figure, newest
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.languages import languages_figure, spoken
from dashboards.figures.latest import latest_figure
from dashboards.figures.nation import gaps, headlines, parts, short
from dashboards.figures.organisations import organisations_figure
from dashboards.figures.over_time import over_time_figure
from dashboards.figures.partners import partners_figure
from dashboards.figures.places import Place, places
from dashboards.figures.register import newest as newest_awards
from dashboards.figures.register import register_figure
from dashboards.figures.spans import looked
from dashboards.figures.standings import core, lede, standings_figure
from dashboards.freshness import fresh
from dashboards.parts import drawn, part_while
from mission.access import requires
from mission.remembered import Subject, remembered


@requires("public.read")
@fresh
def nation(request: HttpRequest, code: str) -> HttpResponse:
    if code != code.upper():
        address = reverse("dashboards:nation", args=[code.upper()])
        return redirect(f"{address}?{request.GET.urlencode()}".rstrip("?"), permanent=True)
    place = places().get(code)
    if place is None:
        raise Http404
    context, figures = told(place)
    return answer(request, "dashboards/nation.html", figures, context)


@remembered
def told(place: Place) -> tuple[dict[str, Any], list[Figure]]:
    """All of the page, once for every form in which it is asked for: with drawings or tables, embedded, as
    CSV, JSON or a picture of any of its figures."""
    lacking, languages = spoken_there(place.code)
    counted, (added, standings, partners, latest, trend) = by_cells(place.code)
    context = {
        **counted,
        "place": place,
        "gaps": lacking,
        "crumbs": [(_("Nations"), reverse("dashboards:nations")), (place.name, "")],
    }
    who, what = who_and_with_what(place.code)
    figures = [added, standings, partners, *languages, who, *awarded(place.code), what, latest, trend]
    context["parts"] = parts(figures)
    context["waiting"] = [figure for figure in figures if not figure.rows]
    return context, figures


@part_while(Subject.FIGURES)
def by_cells(code: str) -> tuple[dict[str, Any], list[Figure]]:
    """What is read from stored cells and the baseline alone: it stays while artefacts and awards come in."""
    every, known = places(), looked()
    place, world = every[code], core(known)
    context = {"lede": lede(place, world), "headlines": headlines(place, world)}
    developers = INDICATORS[str(BaselineMetric.DEVELOPERS)]
    figures = [
        added_figure(place),
        standings_figure(place, world),
        partners_figure(place, every),
        latest_figure(place, known.months.get(place.code)),
        over_time_figure(developers, [place], known, slug="trend"),
    ]
    return context, drawn(short(figures))


@part_while(Subject.HOLDINGS, Subject.COMMONS)
def spoken_there(code: str) -> tuple[list[tuple[str, str]], list[Figure]]:
    """What its main languages lack, and the figure of them."""
    place = places()[code]
    languages = spoken(place, limit=8)
    return gaps(languages), drawn(short([languages_figure(languages, place)]))


@part_while(Subject.GRANTS)
def awarded(code: str) -> list[Figure]:
    """Its newest awards, and what all of them have produced: they stay while artefacts come in."""
    place = places()[code]
    awards = newest_awards(code)
    given = register_figure(
        awards,
        _("Awards to organisations in %(nation)s") % {"nation": place.name},
        sentence=produced(place) if awards else "",
        empty=Empty(
            _("No award has gone to %(nation)s yet") % {"nation": place.name},
            _("Awards come from calls."),
            reverse("grants:calls"),
            _("See the calls"),
        ),
    )
    return drawn(short([given]))


@part_while(Subject.COMMONS)
def who_and_with_what(code: str) -> list[Figure]:
    """Organisations and artefacts: they stay while figures are recounted."""
    place = places()[code]
    artifacts = catalogue_figure(
        newest(place),
        _("Newest in the commons from organisations in %(nation)s") % {"nation": place.name},
        empty=Empty(
            _("No artefact is tied to an organisation of %(nation)s yet") % {"nation": place.name},
            _("They appear here once an organisation's account on GitHub or Hugging Face is tied to it."),
        ),
    )
    return drawn(short([organisations_figure(place), artifacts]))


PARTS = (by_cells, spoken_there, awarded, who_and_with_what)

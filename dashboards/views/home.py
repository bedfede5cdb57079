"""The front page: the question, three figures, the map, and a way in for each kind of visitor."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from contributions.models import BaselineMetric
from dashboards.charts.figure import Figure
from dashboards.exports import answer
from dashboards.figures.indicators import INDICATORS, USUAL
from dashboards.figures.mission import numbers, year
from dashboards.figures.nations import nations_figure
from dashboards.figures.places import places
from dashboards.figures.spans import looked, offered
from dashboards.freshness import fresh
from grants.models import Call
from mission.access import requires
from mission.remembered import remembered


@requires("public.read")
@fresh
def home(request: HttpRequest) -> HttpResponse:
    context, figure = told()
    return answer(request, "dashboards/home.html", [figure], context)


@remembered
def told() -> tuple[dict[str, Any], Figure]:
    """All of the page."""
    known = looked()
    shown = INDICATORS[USUAL if known.nations else str(BaselineMetric.DEVELOPERS)]
    of_year = year(known)
    calls = Call.objects.public().open().select_related("programme").order_by("closes_at")
    context = {
        "numbers": numbers(of_year, known),
        "hidden": of_year.hidden,
        "home_nation": places().get(settings.HOME_NATION),
        "calls": list(calls[:3]),
    }
    return context, nations_figure(shown.slug, offered(shown, known.last)[0])

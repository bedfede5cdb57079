"""The front page: the question, three figures, the map, and a way in for each kind of visitor."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from contributions.models import BaselineMetric
from dashboards.exports import answer
from dashboards.figures.indicators import INDICATORS, USUAL
from dashboards.figures.measured import measure
from dashboards.figures.mission import numbers, year
from dashboards.figures.places import places
from dashboards.figures.ranking import rank, ranking_figure
from dashboards.figures.spans import looked, offered
from dashboards.freshness import fresh
from grants.models import Call
from mission.access import requires


@requires("public.read")
@fresh
def home(request: HttpRequest) -> HttpResponse:
    every, known = places(), looked()
    shown = INDICATORS[USUAL if known.nations else str(BaselineMetric.DEVELOPERS)]
    ranking = rank(measure(shown, offered(shown, known.last)[0], every, known), every)
    told = year(known)
    context = {
        "numbers": numbers(told, known),
        "hidden": told.hidden,
        "home_nation": every.get(settings.HOME_NATION),
        "calls": Call.objects.public().open().select_related("programme").order_by("closes_at")[:3],
    }
    return answer(request, "dashboards/home.html", [ranking_figure(ranking)], context)

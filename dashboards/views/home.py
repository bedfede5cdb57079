"""The front page: the question, three figures, the map, and a way in for each kind of visitor."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from contributions.models import BaselineMetric
from dashboards.exports import answer
from dashboards.figures.baseline import Quarter, latest_quarter
from dashboards.figures.mission import numbers
from dashboards.figures.places import places
from dashboards.figures.ranking import rank, ranking_figure
from dashboards.freshness import fresh
from grants.models import Call
from mission.access import requires


@requires("public.read")
@fresh
def home(request: HttpRequest) -> HttpResponse:
    known = places()
    quarter = latest_quarter(BaselineMetric.DEVELOPERS) or Quarter(2020, 1)
    ranking = rank(BaselineMetric.DEVELOPERS, quarter, known)
    context = {
        "numbers": numbers(ranking, settings.HOME_NATION),
        "home_nation": known.get(settings.HOME_NATION),
        "calls": Call.objects.public().open().select_related("programme").order_by("closes_at")[:3],
    }
    return answer(request, "dashboards/home.html", [ranking_figure(ranking)], context)

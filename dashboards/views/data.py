"""What can be downloaded, and how every number is made."""

from django.http import HttpRequest, HttpResponse

from contributions.measures import PEOPLE_FLOOR, SHARED_DEFINITION
from contributions.models import BaselineRelease
from dashboards.exports import answer
from dashboards.figures.tables import metrics_figure, tables_figure
from dashboards.freshness import fresh
from mission.access import requires


@requires("public.read")
@fresh
def data(request: HttpRequest) -> HttpResponse:
    context = {"release": BaselineRelease.objects.order_by("-retrieved_at").first()}
    return answer(request, "dashboards/data.html", [tables_figure()], context)


@requires("public.read")
@fresh
def methods(request: HttpRequest) -> HttpResponse:
    context = {"shared": SHARED_DEFINITION, "floor": PEOPLE_FLOOR}
    return answer(request, "dashboards/methods.html", [metrics_figure()], context)

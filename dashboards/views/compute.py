"""Compute that the Mission gives: machines, promised and used time, and what is asked for."""

from django.http import HttpRequest, HttpResponse

from dashboards.charts.figure import Figure
from dashboards.exports import answer
from dashboards.figures.compute import months_figure, queue_figure, resources_figure
from dashboards.freshness import fresh
from mission.access import requires
from mission.remembered import remembered


@requires("public.read")
@fresh
def compute(request: HttpRequest) -> HttpResponse:
    return answer(request, "dashboards/compute.html", told(), {})


@remembered
def told() -> list[Figure]:
    return [resources_figure(), months_figure(), queue_figure()]

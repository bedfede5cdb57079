"""All nations by any metric: map and ranking."""

from django.http import HttpRequest, HttpResponse

from dashboards.exports import answer
from dashboards.figures.measured import measure
from dashboards.figures.places import places
from dashboards.figures.ranking import rank, ranking_figure
from dashboards.figures.relative import gdp_table, no_gdp
from dashboards.figures.spans import looked
from dashboards.forms import RankingForm
from dashboards.freshness import fresh
from mission.access import requires


@requires("public.read")
@fresh
def nations(request: HttpRequest) -> HttpResponse:
    every, known, gdp = places(), looked(), gdp_table()
    form = RankingForm.asked(request, places=every, looked=known, gdp=gdp)
    ranking = rank(measure(form.indicator, form.span, every, known), every, form.set_against)
    figure = ranking_figure(ranking, sort=form.chosen["sort"], open_table=True)
    context = {"indicator": form.indicator, "no_gdp": "" if gdp else no_gdp()}
    return answer(request, "dashboards/nations.html", [figure], context, form=form)

"""All nations by any metric: map and ranking."""

from django.http import HttpRequest, HttpResponse

from dashboards.exports import answer
from dashboards.figures.nations import nations_figure
from dashboards.figures.places import places
from dashboards.figures.relative import gdp_table, no_gdp
from dashboards.figures.spans import looked
from dashboards.forms import RankingForm
from dashboards.freshness import fresh
from mission.access import requires


@requires("public.read")
@fresh
def nations(request: HttpRequest) -> HttpResponse:
    gdp = gdp_table()
    form = RankingForm.asked(request, places=places(), looked=looked(), gdp=gdp)
    per, sort = str(form.chosen["per"]), str(form.chosen["sort"])
    figure = nations_figure(form.indicator.slug, form.span, per, sort=sort, open_table=True)
    context = {"indicator": form.indicator, "no_gdp": "" if gdp else no_gdp()}
    return answer(request, "dashboards/nations.html", [figure], context, form=form)

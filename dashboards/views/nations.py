"""All nations by any metric: map and ranking."""

from django.http import HttpRequest, HttpResponse

from dashboards.exports import answer
from dashboards.figures.nations import nations_figure
from dashboards.figures.places import places
from dashboards.figures.relative import gdp_table
from dashboards.figures.spans import looked
from dashboards.forms import RankingForm
from dashboards.freshness import fresh
from mission.access import requires


@requires("public.read")
@fresh
def nations(request: HttpRequest) -> HttpResponse:
    form = RankingForm.asked(request, places=places(), looked=looked(), gdp=gdp_table())
    per, sort = str(form.chosen["per"]), str(form.chosen["sort"])
    figure = nations_figure(form.indicator.slug, form.span, per, sort=sort, open_table=True)
    return answer(request, "dashboards/nations.html", [figure], {"indicator": form.indicator}, form=form)

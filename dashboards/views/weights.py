"""Choose what matters to you: a composite by your own weights, and how much hangs on them."""

from django.http import HttpRequest, HttpResponse

from dashboards.exports import answer
from dashboards.figures.places import places
from dashboards.figures.relative import denominator, gdp_table
from dashboards.figures.spans import looked
from dashboards.figures.weights import composite_figure, formula, parts_figure, sensitivity_figure, weigh
from dashboards.forms import WeightsForm
from dashboards.freshness import fresh
from mission.access import requires


@requires("public.read")
@fresh
def weights(request: HttpRequest) -> HttpResponse:
    every, known, gdp = places(), looked(), gdp_table()
    form = WeightsForm.asked(request, gdp=gdp)
    per = denominator(str(form.chosen["per"]), every, gdp)
    weighing = weigh(form.parts, every, known, per)
    figures = [
        composite_figure(weighing, every),
        parts_figure(weighing, every),
        sensitivity_figure(weighing, every),
    ]
    return answer(request, "dashboards/weights.html", figures, {"formula": formula(weighing)}, form=form)

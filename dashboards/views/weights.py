"""Choose what matters to you: a composite by your own weights, and how much hangs on them."""

from django.http import HttpRequest, HttpResponse

from dashboards.charts.figure import Figure
from dashboards.exports import answer
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.places import places
from dashboards.figures.relative import gdp_table, set_against
from dashboards.figures.spans import looked
from dashboards.figures.weights import composite_figure, formula, parts_figure, sensitivity_figure, weigh
from dashboards.forms import WeightsForm
from dashboards.freshness import fresh
from mission.access import requires
from mission.remembered import Subject, remembered_while


@requires("public.read")
@fresh
def weights(request: HttpRequest) -> HttpResponse:
    form = WeightsForm.asked(request, gdp=gdp_table())
    parts = tuple((one.indicator.slug, one.weight) for one in form.parts)
    written, figures = told(parts, str(form.chosen["per"]))
    return answer(request, "dashboards/weights.html", figures, {"formula": written}, form=form)


@remembered_while(Subject.FIGURES)
def told(parts: tuple[tuple[str, int], ...], per: str) -> tuple[str, list[Figure]]:
    """The formula and the figures of one choice, worked out once."""
    every = places()
    chosen = [(INDICATORS[slug], weight) for slug, weight in parts]
    weighing = weigh(chosen, every, looked(), set_against(per))
    return formula(weighing), [
        composite_figure(weighing, every),
        parts_figure(weighing, every),
        sensitivity_figure(weighing, every),
    ]

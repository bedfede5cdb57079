"""Two to six nations side by side."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from dashboards.exports import answer
from dashboards.figures.baseline import latest_quarter
from dashboards.figures.places import Place, options, places
from dashboards.figures.trend import trend_figure
from dashboards.forms import CompareForm
from dashboards.freshness import fresh
from mission.access import requires

USUAL = (settings.HOME_NATION, "US", "CN", "BR")


@requires("public.read")
@fresh
def compare(request: HttpRequest) -> HttpResponse:
    known = places()
    form = CompareForm.asked(request, places=known)
    form.full_clean()
    shown: list[Place] = form.nations or [known[code] for code in dict.fromkeys(USUAL) if code in known][:3]
    metric = form.chosen["metric"]
    figures = (
        [trend_figure(metric, shown[0], shown[1:], latest_quarter(metric), slug="compare")] if shown else []
    )
    context = {"shown": shown, "options": options(known.values())}
    return answer(request, "dashboards/compare.html", figures, context, form=form)

"""All nations by a metric, and one nation."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from contributions.models import BaselineMetric
from dashboards.charts.figure import Empty, Figure
from dashboards.exports import answer
from dashboards.figures.added import added_figure
from dashboards.figures.baseline import METRIC_CHOICES, Quarter, latest_quarter, quarters_up_to
from dashboards.figures.catalogue import catalogue_figure, of_nation
from dashboards.figures.languages import languages_figure, spoken
from dashboards.figures.latest import latest_figure
from dashboards.figures.nation import headlines, lede
from dashboards.figures.places import Place, options, places
from dashboards.figures.ranking import Ranking, rank, ranking_figure
from dashboards.figures.register import register, register_figure
from dashboards.figures.trend import trend_figure
from dashboards.forms import RankingForm
from dashboards.freshness import fresh
from mission.access import requires

FIRST = Quarter(2020, 1)


@requires("public.read")
@fresh
def nations(request: HttpRequest) -> HttpResponse:
    metric = request.GET.get("metric")
    metric = metric if metric in dict(METRIC_CHOICES) else BaselineMetric.DEVELOPERS
    latest = latest_quarter(metric) or FIRST
    form = RankingForm.asked(request, quarters=quarters_up_to(latest))
    chosen = form.chosen
    ranking = rank(chosen["metric"], form.at or latest, places(), per_head=chosen["per"] == "head")
    figure = ranking_figure(ranking, sort=chosen["sort"], open_table=True)
    return answer(request, "dashboards/nations.html", [figure], {}, form=form)


@requires("public.read")
@fresh
def nation(request: HttpRequest, code: str) -> HttpResponse:
    if code != code.upper():
        address = reverse("dashboards:nation", args=[code.upper()])
        return redirect(f"{address}?{request.GET.urlencode()}".rstrip("?"), permanent=True)
    known = places()
    place = known.get(code)
    if place is None:
        raise Http404
    latest = latest_quarter(BaselineMetric.DEVELOPERS)
    ranking = rank(BaselineMetric.DEVELOPERS, latest or FIRST, known)
    context = {
        "place": place,
        "options": options(one for one in known.values() if one.code != code),
        "lede": lede(place, ranking),
        "headlines": headlines(place, ranking),
        "crumbs": [(_("Nations"), reverse("dashboards:nations")), (place.name, "")],
    }
    return answer(request, "dashboards/nation.html", figures(place, ranking, latest), context)


def figures(place: Place, ranking: Ranking, latest: Quarter | None) -> list[Figure]:
    return [
        trend_figure(BaselineMetric.DEVELOPERS, place, ranking.neighbours(place.code), latest),
        added_figure(place),
        latest_figure(place),
        languages_figure(spoken(place, limit=8), place),
        register_figure(
            register(nation=place.code)[:20],
            _("Awards to organisations in %(nation)s") % {"nation": place.name},
            empty=Empty(
                _("No award has gone to %(nation)s yet") % {"nation": place.name},
                _("Awards come from calls."),
                reverse("grants:calls"),
                _("See the calls"),
            ),
        ),
        catalogue_figure(
            of_nation(place)[:10],
            _("Newest in the commons from organisations in %(nation)s") % {"nation": place.name},
            empty=Empty(
                _("No artefact is tied to an organisation of %(nation)s yet") % {"nation": place.name},
                _("They appear here once an organisation's account on GitHub or Hugging Face is tied to it."),
            ),
        ),
    ]

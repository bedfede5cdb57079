"""Two to six nations side by side."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from dashboards.exports import answer
from dashboards.figures.over_time import lines_figure
from dashboards.figures.places import Place, options, places
from dashboards.figures.relative import gdp_table
from dashboards.figures.spans import looked
from dashboards.forms import CompareForm
from dashboards.freshness import fresh
from mission.access import requires

USUAL = (settings.HOME_NATION, "US", "CN", "BR")


@requires("public.read")
@fresh
def compare(request: HttpRequest) -> HttpResponse:
    places_known, known = places(), looked()
    form = CompareForm.asked(request, places=places_known, looked=known, gdp=gdp_table())
    form.full_clean()
    form.nations = form.nations or usual(places_known, known.nations)
    shown = form.nations
    per = str(form.chosen["per"])
    figures = [lines_figure(form.indicator.slug, tuple(shown), per, slug="compare")] if shown else []
    context = {"shown": shown, "options": options(places_known.values()), "per": per}
    return answer(request, "dashboards/compare.html", figures, context, form=form)


def usual(known: dict[str, Place], looked_at: frozenset[str]) -> list[Place]:
    """The home nation and two others: rather such as something is known of."""
    codes = [code for code in dict.fromkeys(USUAL) if code in known]
    others = [code for code in sorted(looked_at) if code in known and code != settings.HOME_NATION]
    return [known[code] for code in dict.fromkeys([*codes[:1], *others[:2], *codes])][:3]

"""Languages by speakers, beside what the commons holds for them."""

from django.http import HttpRequest, HttpResponse

from dashboards.exports import answer
from dashboards.figures.languages import languages_figure, spoken
from dashboards.figures.places import places
from dashboards.forms import LanguagesForm
from dashboards.freshness import fresh
from mission.access import requires

MOST = 100


@requires("public.read")
@fresh
def languages(request: HttpRequest) -> HttpResponse:
    known = places()
    form = LanguagesForm.asked(request, places=known)
    place = known.get(form.chosen["nation"])
    figure = languages_figure(spoken(place, limit=MOST), place)
    return answer(request, "dashboards/languages.html", [figure], {}, form=form)

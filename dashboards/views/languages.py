"""Languages by speakers, what the commons holds for them, and which open call would fund the rest."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboards.charts.figure import Empty
from dashboards.exports import answer
from dashboards.figures.funding import Funding, funding_figure, open_calls
from dashboards.figures.languages import languages_figure, spoken
from dashboards.figures.places import places
from dashboards.forms import LanguagesForm
from dashboards.freshness import fresh
from dashboards.pages import paged
from mission.access import requires

A_PAGE = 30  # what a drawing shows at once


@requires("public.read")
@fresh
def languages(request: HttpRequest) -> HttpResponse:
    known = places()
    form = LanguagesForm.asked(request, places=known)
    place, missing = known.get(form.chosen["nation"]), form.chosen["missing"]
    whole = spoken(place)
    chosen = [one for one in whole if one.lacks_this(missing)] if missing else whole
    found = paged(request, chosen, to_read=A_PAGE)
    funding = Funding.of(open_calls(place), whole)
    figures = [
        languages_figure(
            list(found.page.object_list),
            place,
            whole=whole,
            funding=funding,
            drawn=True,
            empty=nothing_missing() if missing and whole else None,
        ),
        funding_figure(whole, funding),
    ]
    context = {"page": found.page}
    return answer(
        request, "dashboards/languages.html", figures, context, form=form, following=found.following
    )


def nothing_missing() -> Empty:
    return Empty(
        _("No language here is without it"),
        _("Choose another gap, or another nation."),
        reverse("dashboards:languages"),
        _("All languages"),
    )

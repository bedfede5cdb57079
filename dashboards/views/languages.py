"""Languages by speakers, what the commons holds for them, and which open call would fund the rest."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboards.charts.figure import Empty, Figure
from dashboards.exports import answer
from dashboards.figures.funding import Funding, funding_figure, open_calls
from dashboards.figures.languages import Spoken, languages_figure, spoken
from dashboards.figures.places import Place, places
from dashboards.forms import LanguagesForm
from dashboards.freshness import fresh
from dashboards.pages import paged
from mission.access import requires
from mission.remembered import Subject, remembered_while

A_PAGE = 30  # what a drawing shows at once


@requires("public.read")
@fresh
def languages(request: HttpRequest) -> HttpResponse:
    known = places()
    form = LanguagesForm.asked(request)
    place, missing = known.get(form.chosen["nation"]), str(form.chosen["missing"])
    found = paged(request, chosen(place, missing), to_read=A_PAGE)
    figures = told(place, missing, max(0, found.page.start_index() - 1), found.page.end_index())
    context = {"page": found.page}
    return answer(
        request, "dashboards/languages.html", figures, context, form=form, following=found.following
    )


@remembered_while(Subject.HOLDINGS)
def chosen(place: Place | None, missing: str) -> list[Spoken]:
    """All of them, or those for which something is `missing`."""
    return [one for one in chosen(place, "") if one.lacks_this(missing)] if missing else spoken(place)


@remembered_while(Subject.HOLDINGS, Subject.COMMONS)
def told(place: Place | None, missing: str, start: int, end: int) -> list[Figure]:
    """`start` and `end` of a page of the languages chosen, and what would fund what all of them lack."""
    whole = chosen(place, "")
    funding = Funding.of(open_calls(place), whole)
    own = languages_figure(
        chosen(place, missing)[start:end],
        place,
        whole=whole,
        funding=funding,
        drawn=True,
        empty=nothing_missing() if missing and whole else None,
    )
    return [own, funding_figure(whole, funding)]


def nothing_missing() -> Empty:
    return Empty(
        _("No language here is without it"),
        _("Choose another gap, or another nation."),
        reverse("dashboards:languages"),
        _("All languages"),
    )

"""Give and take between nations: the largest side by side, one of them, and the steps behind a pair."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from dashboards.charts.figure import Figure
from dashboards.exports import answer
from dashboards.figures.exchange import (
    Exchanged,
    balance_figure,
    exchanged,
    kinds_of,
    matrix_figure,
    name_of,
    side_figure,
)
from dashboards.figures.open_steps import StepsBetween, links_figure
from dashboards.figures.places import Place, places
from dashboards.forms import ExchangeForm
from dashboards.freshness import fresh
from dashboards.pages import paged
from mission.access import requires
from mission.remembered import Subject, remembered_while

LONGEST = 60  # months that can be asked for


@requires("public.read")
@fresh
def exchange(request: HttpRequest) -> HttpResponse:
    known = places()
    form = ExchangeForm.asked(request, places=known)
    chosen = form.chosen
    months, kind, place = int(chosen["months"]), chosen["kind"], known.get(chosen["nation"])
    found = exchanged(kinds_of(kind), months)
    figures: list[Figure] = []
    context: dict[str, Any] = {"place": place}
    following = ""
    if place:
        figures = [*sides(place, months, kind)]
        if (steps := between(place, chosen, found)) is not None:
            listed = paged(request, steps)
            context["page"], following = listed.page, listed.following
            figures.insert(0, links_figure(listed.page.object_list, title_of(steps, known), found))
    figures += between_all(months, kind)
    return answer(request, "dashboards/exchange.html", figures, context, form=form, following=following)


@remembered_while(Subject.FIGURES)
def between_all(months: int, kind: str) -> list[Figure]:
    found, known = exchanged(kinds_of(kind), months), places()
    return [make(found, known, months, kind) for make in (matrix_figure, balance_figure)]


@remembered_while(Subject.FIGURES)
def sides(place: Place, months: int, kind: str) -> list[Figure]:
    """What one nation gives, and what it takes."""
    found, known = exchanged(kinds_of(kind), months), places()
    asked = urlencode({"nation": place.code, "months": months, "kind": kind})
    narrowed = bool(kind) or months < LONGEST
    return [
        side_figure(found, place, known, gives=gives, asked=asked, narrowed=narrowed)
        for gives in (True, False)
    ]


def between(place: Place, chosen: dict[str, Any], found: Exchanged) -> StepsBetween | None:
    """Only where a pair was asked for."""
    if chosen["to"]:
        return StepsBetween(place.code, chosen["to"], found)
    return StepsBetween(chosen["from"], place.code, found) if chosen["from"] else None


def title_of(steps: StepsBetween, known: dict[str, Place]) -> str:
    return _("What %(taker)s built on %(giver)s") % {
        "taker": name_of(steps.taker, known),
        "giver": name_of(steps.giver, known),
    }

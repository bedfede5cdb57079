"""Open any number: from a figure to the rows behind it."""

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from contributions.cell_rows import KEY
from contributions.measures.cells import Place
from dashboards.charts.figure import Figure
from dashboards.exports import answer, is_data
from dashboards.figures.numbers import (
    WORLD,
    Number,
    facts,
    figure_cell,
    hidden,
    month_asked,
    number,
    rows_figure,
)
from dashboards.figures.places import KOSOVO, places
from dashboards.freshness import fresh
from dashboards.measures import EVERY_METRIC
from dashboards.pages import AS_DATA
from mission.access import requires
from mission.remembered import remembered

A_PAGE = 25  # rows: each is a card on a phone, and six columns elsewhere


@requires("public.read")
@fresh
def number_page(request: HttpRequest, metric: str, place: str, month: str) -> HttpResponse:
    if place not in WORLD and place != place.upper():
        address = reverse("dashboards:number", args=[metric, place.upper(), month])
        return redirect(f"{address}?{request.GET.urlencode()}".rstrip("?"), permanent=True)
    rule, begin = request.GET.get("release", ""), request.GET.get("after", "")
    limit = AS_DATA if is_data(request) else A_PAGE
    context, figures, after = told(metric, place, month, rule, begin, limit)
    query = request.GET.copy()
    query["after"] = after
    following = f"{request.path}?{query.urlencode()}" if after else ""
    context = {**context, "following": following}
    return answer(request, "dashboards/number.html", figures, context, following=following)


@remembered
def told(
    metric: str, place: str, month: str, rule: str, begin: str, limit: int
) -> tuple[dict[str, Any], list[Figure], str]:
    """All of one number's page, from the row after `begin`, and where the next ones begin."""
    opened = asked(metric, place, month, rule, begin)
    try:
        rows, after = rows_figure(opened, after=begin, limit=limit)
    except ValueError as error:
        raise Http404 from error
    context = {
        "opened": opened,
        "facts": facts(opened),
        "hidden": hidden(opened),
        "crumbs": crumbs(opened),
    }
    return context, [rows, figure_cell(opened)], after


def asked(slug: str, place: str, said: str, rule: str, begin: str) -> Number:
    """The number the address names. Http404 for a metric, place, month, release or line there is not."""
    metric, month = EVERY_METRIC.get(slug), month_asked(said)
    if metric is None or month is None or not re.fullmatch(r"[0-9]{0,4}", rule):
        raise Http404
    if not KEY.fullmatch(begin or "none.0."):
        raise Http404
    where, name = placed(place)
    opened = number(metric, where, name, month, int(rule) if rule else None)
    if rule and opened.release is None:
        raise Http404
    return opened


def placed(said: str) -> tuple[Place, str]:
    if said in WORLD:
        where, name = WORLD[said]
        return where, str(name)
    nation = places().get(said)
    if nation is None or said == KOSOVO[0]:  # which only the baseline knows
        raise Http404
    return (nation.code, False), nation.name


def crumbs(opened: Number) -> list[tuple[str, str]]:
    here = (str(opened.metric.label), "")
    nation = opened.place[0]
    if nation is None:
        return [(_("Methods"), reverse("dashboards:methods")), here]
    own = (opened.name, reverse("dashboards:nation", args=[nation]))
    return [(_("Nations"), reverse("dashboards:nations")), own, here]

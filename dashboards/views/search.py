"""Search from every page: a form that answers by itself, and hints while one types for who is signed in."""

import difflib

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from dashboards.charts.figure import Figure
from dashboards.exports import answer
from dashboards.figures.places import places
from dashboards.figures.search import FEW, KINDS, MANY, group
from dashboards.forms.search import SearchForm
from dashboards.freshness import fresh
from mission.access import requires
from mission.remembered import Subject, remembered_while
from mission.search import folded


@requires("public.read")
@fresh
def search(request: HttpRequest) -> HttpResponse:
    form = SearchForm.asked(request)
    said, kind = form.chosen["q"], form.chosen["kind"]
    figures = looked_for(said, kind)
    groups = [(figure, "" if kind else more(said, figure)) for figure in figures if figure.rows]
    context = {
        "groups": groups,
        "said": said,
        "kind": kind,
        "meant": [] if groups or not said else meant(said),
        "capped": kind and any(len(figure.rows) == MANY for figure in figures),
    }
    return answer(request, "dashboards/search.html", figures, context, form=form)


@requires("public.read")
@fresh
def hints(request: HttpRequest) -> HttpResponse:
    """A few of each kind, as a list to put below the field."""
    said = SearchForm.asked(request).chosen["q"]
    found = [row for figure in looked_for(said, "", 3) for row in figure.rows]
    return render(request, "dashboards/search_hints.html", {"found": found[:10], "said": said})


@remembered_while(Subject.COMMONS)
def looked_for(said: str, kind: str, few: int = FEW) -> list[Figure]:
    """All kinds, or one of them and more of it. Nothing was asked: nothing is looked for."""
    words = folded(said)
    chosen = {kind: KINDS[kind]} if kind else KINDS
    limit = MANY if kind else few + 1
    return [group(slug, one.look(words, said, limit) if words else ()) for slug, one in chosen.items()]


def more(said: str, figure: Figure) -> str:
    """Where all of a kind stand, if more were found than are shown."""
    if len(figure.rows) <= FEW:
        return ""
    return f"{reverse('dashboards:search')}?{urlencode({'q': said, 'kind': figure.slug})}"


def meant(said: str) -> list[tuple[str, str]]:
    """Nations that are written nearly so."""
    names = {place.name.casefold(): place for place in places().values()}
    near = difflib.get_close_matches(said.casefold(), names, n=3, cutoff=0.7)
    return [(names[name].name, names[name].url) for name in near]

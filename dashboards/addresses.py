"""What an address asks for: the state of a page, and links that change one thing of it."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from django.forms import CharField, Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from dashboards.charts.figure import Switch, View
from mission.errors import Refused

ASKABLE = frozenset({"format", "figure", "view", "page", "width"})  # of every page, beside its form
VIEWS = ("chart", "map", "table", "embed")


def view_of(request: HttpRequest, form: Form | None) -> str:
    """`?view=`, by the page's own form where that has it; empty for the usual one."""
    asked = request.GET.get("view", "")
    if asked and asked not in VIEWS and not (form and "view" in form.fields):
        raise Refused(
            _("A figure is seen as chart, map, table or embed."), field="view", code="bad_view", status=400
        )
    return asked


def state(request: HttpRequest, form: Form | None) -> list[tuple[str, str]]:
    """All that was chosen, also what nobody had to say: so the address means the same tomorrow."""
    asked = request.GET
    if form is None:
        left_out = ASKABLE - {"page"}
        pairs = [(name, value) for name in asked for value in asked.getlist(name) if name not in left_out]
    else:
        data = form.data if isinstance(form.data, QueryDict) else asked
        settled: dict[str, list[str]] = getattr(form, "settled", {})  # what “latest” means today
        names = [*getattr(form, "also", ()), *form.fields, "page"]
        pairs = [
            (name, value)
            for name in dict.fromkeys(names)
            if name not in form.errors
            for value in settled.get(name, data.getlist(name))
        ]
    view = asked.get("view", "")
    return [(name, str(value)) for name, value in pairs if value] + (
        [("view", view)] if view in VIEWS[:3] else []
    )


def frame(request: HttpRequest, form: Form | None) -> dict[str, Any]:
    """For templates. `permalink`: the state of the page; `embed`: the same with room for `figure=`;
    `asked`: what was asked for, with room for more, of which downloads are made; `contest_about`: the same
    address as a value in another."""
    query = urlencode(state(request, form))
    here = request.build_absolute_uri(request.path)
    asked = [(name, values) for name, values in request.GET.lists() if name not in ASKABLE]
    more = urlencode(asked, doseq=True)
    return {
        "permalink": f"{here}?{query}" if query else here,
        "embed": f"{here}?{query}&" if query else f"{here}?",
        "asked": f"?{more}&" if more else "?",
        "contest_about": quote(request.get_full_path(), safe=""),
    }


def switch(
    request: HttpRequest,
    name: str,
    label: str,
    choices: Iterable[tuple[str, Any]],
    chosen: str,
    *,
    usual: str = "",
    at: str = "",
) -> Switch:
    """Links that set `name` to one of `choices`, and leave the rest of the address as it is. The `usual`
    choice is not written out. `at`: the figure's slug, where the page opens."""
    rest = [(k, v) for k, v in request.GET.lists() if k not in {name, "format", "figure", "page"}]

    def link(value: str) -> str:
        query = urlencode([*rest, *([(name, [value])] if value != usual else [])], doseq=True)
        return f"{request.path}{'?' if query else ''}{query}{'#' if at else ''}{at}"

    views = tuple(View(str(words), link(value), value == chosen) for value, words in choices)
    return Switch(str(label), views)


def known_names(form: Form | None) -> set[str]:
    """What an address of the page may ask for."""
    return {*ASKABLE, *(form.fields if form else ()), *getattr(form, "also", ())}


def asks_for_little(request: HttpRequest, form: Form | None) -> bool:
    """Whether there are few such addresses: choices out of lists, and no words of the visitor's own."""
    fields = form.fields if form else {}
    known = known_names(form)
    return all(
        name in known and not (value and isinstance(fields.get(name), CharField))
        for name, value in request.GET.items()
    )


def is_canonical(response: HttpResponse) -> bool:
    """Said by `answer`: the address asks for nothing but choices that there are."""
    return bool(getattr(response, "canonical", False))

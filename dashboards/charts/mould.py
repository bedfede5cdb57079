"""A figure as it stands on a page, put together once for as long as it stays. What depends on the address
that was asked for is left open, and filled in each time."""

import re
from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

OPEN = ("asked", "permalink", "embed", "contest_about")  # see dashboards/addresses.py
MARK = "\ue000{}\ue001"  # for nobody's use: no alphabet has these characters
MARKED = re.compile(MARK.format("([a-z_]+)"))


def mould(figure: Any, *, cited: bool = True) -> list[str]:
    """Markup, and every second piece of it the name of what is open. `cited`: with how to cite, link and
    embed it."""
    context = {"figure": figure, **{name: MARK.format(name) for name in OPEN}}
    if not cited:
        context["permalink"] = ""
    return MARKED.split(render_to_string("components/figure.html", context))


def filled(pieces: list[str], here: Mapping[str, Any]) -> SafeString:
    """`here`: what is open, by name. A name nobody knows is somebody's own text, and left out."""
    values = {name: conditional_escape(here.get(name, "")) for name in OPEN}
    return SafeString(
        "".join(piece if n % 2 == 0 else values.get(piece, "") for n, piece in enumerate(pieces))
    )

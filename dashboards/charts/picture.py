"""Figures as pictures that can stand alone: SVG, PNG, and the preview that other sites show of a link.

Drawn by the same templates as the page. Letters come from grants/fonts, so that a machine without any font
draws Latin, Greek, Cyrillic, Arabic, Devanagari, Tamil and Telugu.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

import resvg_py
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi, override
from django.utils.translation import gettext as _

from dashboards.charts.dots import Dots
from dashboards.charts.figure import Chart, Figure
from dashboards.charts.frames import Key
from dashboards.charts.letters import for_resvg, lines_of, wide_as
from mission.errors import Refused

Width = Literal["wide", "narrow"]
HERE = Path(__file__).parent
EDGE = 24
MOST = 20  # rows of a figure without a drawing of its own
PREVIEW = (1200, 630)
PREVIEW_ROWS = 8
# These fonts have one weight: a picture of dots thickens what should be bold by its outline.
BOLD = (
    ".strong{stroke:var(--ink);stroke-width:.4px}.s1 > text{stroke:var(--chart-1);stroke-width:.4px}"
    ".title{stroke:var(--ink);stroke-width:.7px}.headline{stroke:var(--ink);stroke-width:1.4px}"
)


@dataclass(frozen=True, slots=True)
class Line:
    style: str
    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Placed:
    key: Key
    x: int
    y: int


@cache
def style() -> SafeString:
    """picture.css with the light tokens filled in."""
    rules = re.sub(r"/\*.*?\*/\s*", "", (HERE / "picture.css").read_text(), flags=re.S)
    return mark_safe(coloured(rules))  # noqa: S308 - our own stylesheet


@cache
def coloured(rules: str) -> str:
    sheet = (settings.BASE_DIR / "static" / "house.css").read_text()
    tokens = dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", sheet.split("@media", 1)[0]))
    return re.sub(r"var\(--([\w-]+)\)", lambda found: tokens[found[1]], rules)


@cache
def fonts() -> list[str]:
    folder = settings.BASE_DIR / "grants" / "fonts"
    return sorted(str(path) for path in folder.glob("*.ttf"))


def as_svg(figure: Figure, *, width: Width = "wide", language: str = "", permalink: str = "") -> str:
    """The figure with its takeaway, sentence, legend, source, licence and address, in light colours. Raises
    `Refused` where there is nothing to draw. `language`: of the words around it, else that of the request."""
    if language:
        with override(language):
            return as_svg(figure, width=width, permalink=permalink)
    drawn, more = drawable(figure)
    if drawn is None or not drawn.rows:
        raise Refused(
            _("This figure has nothing to draw. Take it as csv or json."),
            field="format",
            code="not_drawn",
            status=404,
        )
    return render_to_string("components/picture.svg", standing(drawn, width, [more, permalink]))


def as_png(figure: Figure, *, width: Width = "wide", language: str = "", permalink: str = "") -> bytes:
    """The same at two dots a unit."""
    return dots(as_svg(figure, width=width, language=language, permalink=permalink), zoom=2)


def open_graph(figure: Figure, *, language: str = "") -> bytes:
    """1200 × 630: the takeaway above the drawing, the house below. A figure that can't be drawn is its words
    alone."""
    if language:
        with override(language):
            return open_graph(figure)
    drawn, _more = drawable(figure, PREVIEW_ROWS)
    return dots(render_to_string("components/open_graph.svg", preview(figure, drawn)), zoom=1)


def dots(svg: str, *, zoom: int) -> bytes:
    picture = resvg_py.svg_to_bytes(
        svg_string=for_resvg(svg),
        zoom=zoom,
        skip_system_fonts=True,
        font_files=fonts(),
        font_family="Noto Sans",
        sans_serif_family="Noto Sans",
        style_sheet=coloured(BOLD),
    )
    return bytes(picture)


def drawable(figure: Figure, most: int = 0) -> tuple[Figure | None, str]:
    """The figure as it can be drawn, and which rows were left out, in words. One without a drawing becomes
    bars of its first numbers. `most`: of rows, where each takes a line."""
    chart: Chart | None = figure.chart
    limit = most if isinstance(chart, Dots) else 0
    if chart is None:
        numbers = [column.key for column in figure.columns if column.number]
        if not numbers:
            return None, ""
        chart, limit = Dots(numbers[0], "bars"), most or MOST
    rows = figure.rows[:limit] if limit else figure.rows
    more = (
        _("The first %(shown)s of %(count)s rows.") % {"shown": len(rows), "count": len(figure.rows)}
        if len(rows) < len(figure.rows)
        else ""
    )
    return replace(figure, chart=chart, rows=rows), more


def standing(figure: Figure, width: Width, feet: list[str]) -> dict[str, Any]:
    """What picture.svg needs: everything below each other."""
    drawing = next((d for d in figure.drawing if d.name == width), figure.drawing[0])
    across = max(drawing.width, 340) if drawing.name != "map" else 900
    tall = round(drawing.height * across / drawing.width)
    y = EDGE
    lines: list[Line] = []
    for name, size, text in (("title", 22, figure.title), ("sentence", 15, figure.sentence)):
        found, y = _flow(text, name, size, across, y)
        lines += found
    top = y + 12
    keys, y = _legend(_keys(figure, drawing), across, top + tall + 14)
    source = f"{_('Source:')} {figure.source.name}{figure.source.terms}"
    disclaimer = getattr(drawing, "disclaimer", "")
    for text in (figure.unit and _("In %(unit)s.") % {"unit": figure.unit}, disclaimer, source, *feet):
        found, y = _flow(text, "small", 12, across, y + 2 if text else y)
        lines += found
    return {
        **_common(figure, drawing, lines, across + 2 * EDGE),
        "height": y + EDGE - 6,
        "box": {"x": EDGE, "y": top, "width": across, "height": tall},
        "keys": keys,
    }


def preview(figure: Figure, drawn: Figure | None) -> dict[str, Any]:
    """What open_graph.svg needs."""
    lines, y = _flow(figure.title, "headline", 42, PREVIEW[0] - 96, 40, left=48, most=3)
    told = settings.SITE_NAME
    foot = [Line("house", 48, PREVIEW[1] - 30, str(told))]
    if drawn is None or not drawn.rows:
        words, y = _flow(figure.sentence, "house", 24, PREVIEW[0] - 96, y + 16, left=48, most=8)
        return {**_common(figure, None, lines + words + foot, PREVIEW[0]), "height": PREVIEW[1]}
    drawing = drawn.drawing[0]
    keys, end = _legend(_keys(drawn, drawing), PREVIEW[0] - 96 - EDGE, 0)
    tall = PREVIEW[1] - y - 76 - end
    box = {"x": 48, "y": y + 4, "width": PREVIEW[0] - 96, "height": tall}
    placed = [replace(key, x=key.x + 48 - EDGE, y=key.y + y + 12 + tall) for key in keys]
    common = _common(drawn, drawing, lines + foot, PREVIEW[0])
    return {**common, "height": PREVIEW[1], "box": box, "keys": placed}


def _common(figure: Figure, drawing: Any, lines: list[Line], width: int) -> dict[str, Any]:
    right = get_language_bidi()
    return {
        "figure": figure,
        "drawing": drawing,
        "lines": [replace(line, x=width - line.x) for line in lines] if right else lines,
        "right": right,
        "width": width,
        "style": style(),
        "standalone": True,
    }


def _flow(
    text: str, name: str, size: int, across: int, y: int, *, left: int = EDGE, most: int = 6
) -> tuple[list[Line], int]:
    """The text in lines below `y`, and where they end."""
    lines = []
    for piece in lines_of(text, size, across)[:most]:
        y += round(size * 1.35)
        lines.append(Line(name, left, y, piece))
    return lines, y + (4 if lines else 0)


def _keys(figure: Figure, drawing: Any) -> list[Key]:
    if drawing.name != "map":
        return list(drawing.keys)
    return [Key(layer.label, f"m-{layer.name}") for layer in drawing.layers]


def _legend(keys: list[Key], across: int, y: int) -> tuple[list[Placed], int]:
    """Keys one after the other, in as many lines as they need."""
    x, placed = EDGE, []
    for key in keys:
        long = 26 + round(wide_as(key.label, 13)) + 22
        if x + long > across + EDGE and x > EDGE:
            x, y = EDGE, y + 22
        placed.append(Placed(key, x, y))
        x += long
    return placed, y + (26 if placed else 0)

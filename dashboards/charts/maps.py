"""The world map, one class a nation."""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from math import floor, log10
from typing import NamedTuple

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashboards.charts import words
from dashboards.charts.boundaries import disclaimer, outlines_version, world
from dashboards.charts.figure import Column, Figure, Known, Row, in_words
from dashboards.charts.frames import name_of

BINS = 6


class Shape(NamedTuple):
    """The outline or dot of the nation `code`."""

    text: str
    url: str
    code: str


@dataclass(frozen=True, slots=True)
class Layer:
    """The shapes of one class: `name` ends the CSS class and may be 0 to 5, suppressed, unknown or none."""

    name: str
    label: str
    shapes: list[Shape]

    @property
    def linked(self) -> SafeString:
        """All of its shapes with their words, in one pass: a page has two hundred. Every word goes through
        `escape`."""
        outlines = escape(outlines_url())
        told = (
            f'<a href="{escape(shape.url)}" tabindex="-1"><title>{escape(shape.text)}</title>'
            f'<use href="{outlines}#{escape(shape.code)}"/></a>'
            for shape in self.shapes
        )
        return mark_safe("".join(told))  # noqa: S308  (escaped)

    @property
    def unlinked(self) -> SafeString:
        """For pictures, which stand alone: with the outlines in them."""
        one = "<g><title>{}</title>{}</g>"
        return format_html_join("", one, ((shape.text, mark(shape.code)) for shape in self.shapes))


@dataclass(frozen=True, slots=True)
class MapDrawing:
    name: str
    width: int
    height: int
    layers: list[Layer]
    nobody: str
    disclaimer: str

    @property
    def land(self) -> str:
        """Where what belongs to no row is drawn, if there is any."""
        return f"{outlines_url()}#land" if self.nobody else ""


@cache
def outlines_url() -> str:
    return f"{reverse('dashboards:outlines')}?v={outlines_version()}"


@cache
def mark(code: str) -> SafeString:
    """A nation's outline or dot as markup, or nothing; the same on every map, so it is made once."""
    if path := world()["paths"].get(code):
        return format_html('<path d="{}"/>', path)
    if spot := world()["dots"].get(code):
        return format_html('<circle cx="{}" cy="{}" r="5"/>', *map(str, spot))
    return SafeString()


def nice(value: float) -> float:
    """The nearest of 1, 2, 5 times a power of ten."""
    power = 10.0 ** floor(log10(value))
    return float(min((step * power for step in (1, 2, 5, 10)), key=lambda step: abs(step - value)))


def thresholds(values: list[float]) -> list[float]:
    """Round numbers that part the values into about equal numbers of nations; at most five."""
    ranked = sorted(value for value in values if value > 0)
    if not ranked:
        return []
    cuts = {nice(ranked[len(ranked) * i // BINS]) for i in range(1, BINS)}
    return sorted(cut for cut in cuts if ranked[0] < cut <= ranked[-1])


def bin_labels(cuts: list[float]) -> list[str]:
    if not cuts:
        return [_("any")]
    ends = [words.short(cut) for cut in cuts]
    first = _("under %(end)s") % {"end": ends[0]}
    middle = [_("%(low)s to %(high)s") % {"low": low, "high": high} for low, high in pairwise(ends)]
    return [first, *middle, _("%(low)s or more") % {"low": ends[-1]}]


@dataclass(frozen=True, slots=True)
class Choropleth:
    """`column` gives the class. Rows without an outline of their own are dots, so none is missing."""

    column: str
    template: str = "figure_map.html"
    body: str = "drawn_map.html"

    def draw(self, figure: Figure) -> list[MapDrawing]:
        column = next(column for column in figure.columns if column.key == self.column)
        readings = {row.key: row.reading(self.column) for row in figure.rows}
        cuts = thresholds([float(r.lower) for r in readings.values() if r.lower is not None])
        shapes: dict[str, list[Shape]] = {}
        language = get_language()
        for row in figure.rows:
            reading = readings[row.key]
            value = reading.lower if reading.lower is not None else reading.upper  # “up to” has no lower
            name = str(bisect_right(cuts, float(value))) if value is not None else reading.status.value
            if shape := self._shape(name_of(figure, row), column, row, language):
                shapes.setdefault(name, []).append(shape)
        names = [*(str(n) for n in range(len(cuts) + 1)), Known.SUPPRESSED.value, Known.UNKNOWN.value]
        labels = [*bin_labels(cuts), _("suppressed"), _("unknown")]
        layers = [
            Layer(self._class(name, len(cuts)), label, shapes[name])
            for name, label in zip(names, labels, strict=True)
            if name in shapes
        ]
        width, height, nobody = world()["width"], world()["height"], world()["paths"].get("", "")
        return [MapDrawing("map", width, height, layers, nobody, disclaimer())]

    @staticmethod
    def _class(name: str, last: int) -> str:
        """With fewer classes than tokens, spread them, so that the highest is always the darkest."""
        return str(round(int(name) * (BINS - 1) / last)) if name.isdigit() and last else name

    @staticmethod
    def _shape(name: str, column: Column, row: Row, language: str | None) -> Shape | None:
        text = f"{name}: {in_words(row.cells[column.key], column.decimals, language)}"
        return Shape(text, row.url, row.key) if mark(row.key) else None

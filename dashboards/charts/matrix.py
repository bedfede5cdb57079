"""A matrix: rows by columns, each cell with its number on a shade, so that nothing hangs on the colour."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

from dashboards.charts import words
from dashboards.charts.figure import Cell, Column, Figure, Known, Reading
from dashboards.charts.frames import (
    Frame,
    Key,
    box,
    coordinate,
    cut,
    in_short,
    keys_of_signs,
    name_of,
    revised_sign,
    sign,
)
from dashboards.charts.maps import BINS, thresholds
from dashboards.charts.reads import Readout

WIDE = Frame("wide", 900, 34, 190, 0, top=30, bottom=4, label_length=25)
NARROW = Frame("narrow", 340, 32, 94, 0, top=30, bottom=4, label_length=12)
WIDEST, LETTER, TINY = 120, 7.0, 5.6  # units of the drawing: of a cell, of a letter, of a small one
LEAN, BEYOND = 100, 30  # how high slanted heads are, and how far the last one leans out
DARK = 3  # from this shade on, words are in the colour of the paper


@dataclass(frozen=True, slots=True)
class Mark:
    x: str
    y: str
    text: str


class Told(NamedTuple):
    """Of a cell: its shade, the words in it, those where there is no room for them, or instead of words why
    there is no number."""

    shade: str
    text: str
    shorter: str
    status: Known | None = None


@dataclass(frozen=True, slots=True)
class Shade:
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class MatrixDrawing:
    """`turned`: the heads stand slanted, because they are longer than a cell is wide. `mirrored`: it is read
    from right to left, as the table under it."""

    name: str
    width: int
    height: int
    turned: bool
    mirrored: bool
    heads: list[Mark]
    names: list[Mark]
    names_x: str
    shades: list[Shade]
    marks: SafeString
    signs: str
    keys: list[Key]
    reads: list[Readout]


@dataclass(frozen=True, slots=True)
class Matrix:
    """`series`: the columns to draw; their cells are readings, or words such as “yes”."""

    series: tuple[str, ...]
    template: str = "figure_chart.html"
    body: str = "drawn_matrix.html"

    def draw(self, figure: Figure) -> list[MatrixDrawing]:
        columns = [c for c in figure.columns if c.key in self.series]
        readings = [r for row in figure.rows for c in columns if isinstance(r := row.cells[c.key], Reading)]
        cuts = thresholds([float(r.lower) for r in readings if r.lower is not None])
        missing = {r.status for r in readings if r.upper is None}
        keys = keys_of_signs(missing, any(row.revised for row in figure.rows))
        told = [[_told(row.cells[column.key], cuts) for column in columns] for row in figure.rows]
        return [_draw(figure, columns, told, frame, keys) for frame in (WIDE, NARROW)]


def _draw(
    figure: Figure, columns: list[Column], told: list[list[Told]], frame: Frame, keys: list[Key]
) -> MatrixDrawing:
    """`frame.height` is that of one row. `told`: by row and column."""
    at = partial(_mirrored, frame.width) if get_language_bidi() else _as_is
    room, count = frame.width - frame.left, max(1, len(columns))
    turned = any(len(c.label) * LETTER > min(WIDEST, room / count) for c in columns)
    cell = min(WIDEST, (room - BEYOND * turned) / count)
    top = LEAN if turned else frame.top
    shades, marks, signs = _cells(figure, told, frame, cell, top, at)
    revised = any(row.revised for row in figure.rows)
    middles = [top + (i + 0.5) * frame.height for i in range(len(figure.rows))]
    return MatrixDrawing(
        name=frame.name,
        width=frame.width,
        height=top + frame.height * len(figure.rows) + frame.bottom,
        turned=turned,
        mirrored=get_language_bidi(),
        heads=[
            Mark(coordinate(at(frame.left + (j + 0.5) * cell)), coordinate(top - 8), cut(c.label, 18))
            for j, c in enumerate(columns)
        ],
        names=[
            Mark("", coordinate(y), cut(name_of(figure, row), frame.label_length))
            for row, y in zip(figure.rows, middles, strict=True)
        ],
        names_x=coordinate(at(frame.left - (16 if revised else 8))),
        shades=shades,
        marks=marks,
        signs=signs,
        keys=keys,
        reads=[],
    )


def _as_is(x: float, _width: float = 0) -> float:
    return x


def _mirrored(drawing: int, x: float, width: float = 0) -> float:
    """Where something that wide stands when the drawing is read from right to left."""
    return drawing - x - width


def _cells(
    figure: Figure, told: list[list[Told]], frame: Frame, cell: float, top: float, at: Callable[..., float]
) -> tuple[list[Shade], SafeString, str]:
    """All cells of a shade as one path; the words in them as markup in one pass, since there are hundreds;
    and the signs."""
    paths: dict[str, str] = defaultdict(str)
    marks: list[str] = []
    signs = ""
    for i, row in enumerate(figure.rows):
        y = top + i * frame.height
        signs += revised_sign(at(frame.left - 8), y + frame.height / 2) if row.revised else ""
        for j, one in enumerate(told[i]):
            x = at(frame.left + j * cell, cell)
            paths[one.shade] += box(x + 1, y + 1, cell - 2, frame.height - 2)
            middle = (x + cell / 2, y + frame.height / 2)
            signs += sign(one.status, *middle, 10) if one.status else ""
            if text := one.text if len(one.text) * TINY <= cell - 4 else one.shorter:
                style = ("in" if one.shade in _DARK else "on") + (
                    " tiny" if len(text) * LETTER > cell - 4 else ""
                )
                at_x, at_y = map(coordinate, middle)
                marks.append(f'<text class="{style}" x="{at_x}" y="{at_y}" dy=".32em">{escape(text)}</text>')
    shades = [Shade(name, path) for name, path in sorted(paths.items())]
    return shades, mark_safe("".join(marks)), signs  # noqa: S308  (escaped)


def _told(cell: Cell, cuts: list[float]) -> Told:
    if not isinstance(cell, Reading):
        text = "" if cell is None else str(cell)
        return Told("void", text, text)
    if cell.upper is None:
        return Told("void", "", "", cell.status)
    text = in_short(cell)
    return Told(_shade(cell, cuts), text, text if cell.lower is None else f"≥{words.short(cell.lower)}")


def _shade(cell: Reading, cuts: list[float]) -> str:
    """Zero is a hollow cell; six shades for all above it."""
    if not cell.lower or cell.lower < 0:
        return "void"
    place = bisect_right(cuts, float(cell.lower))
    return f"m-{round(place * (BINS - 1) / len(cuts)) if cuts else 2}"


_DARK = frozenset(f"m-{n}" for n in range(DARK, BINS))

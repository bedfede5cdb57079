"""A matrix: rows by columns, each cell with its number on a shade, so that nothing hangs on the colour."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass

from dashboards.charts import words
from dashboards.charts.figure import Cell, Column, Figure, Reading, Row
from dashboards.charts.frames import (
    Frame,
    Key,
    Readout,
    box,
    coordinate,
    cut,
    keys_of_signs,
    name_of,
    revised_sign,
    sign,
)
from dashboards.charts.maps import BINS, thresholds

WIDE = Frame("wide", 900, 34, 190, 0, top=30, bottom=4, label_length=25)
NARROW = Frame("narrow", 340, 32, 104, 0, top=84, bottom=4, label_length=13)
WIDEST, LETTER, LEAN = 120, 7.0, 84
DARK = 3  # from this shade on, words are in the colour of the paper


@dataclass(frozen=True, slots=True)
class Mark:
    x: str
    y: str
    text: str
    dark: bool


@dataclass(frozen=True, slots=True)
class Head:
    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Shade:
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class MatrixDrawing:
    """`turned`: the heads stand slanted, because they are longer than a cell is wide."""

    name: str
    width: int
    height: int
    turned: bool
    heads: list[Head]
    names: list[Head]
    names_x: str
    shades: list[Shade]
    marks: list[Mark]
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
        return [_draw(figure, columns, cuts, frame, keys) for frame in (WIDE, NARROW)]


def _draw(
    figure: Figure, columns: list[Column], cuts: list[float], frame: Frame, keys: list[Key]
) -> MatrixDrawing:
    """`frame.height` is that of one row."""
    cell = min(WIDEST, (frame.width - frame.left) / max(1, len(columns)))
    turned = any(len(c.label) * LETTER > cell for c in columns)
    top = LEAN if turned else frame.top
    paths: dict[str, str] = defaultdict(str)
    marks: list[Mark] = []
    signs = ""
    for i, row in enumerate(figure.rows):
        y = top + i * frame.height
        signs += revised_sign(frame.left - 8, y + frame.height / 2) if row.revised else ""
        for j, column in enumerate(columns):
            x = frame.left + j * cell
            name, mark, drawn = _cell(row, column, cuts, x + cell / 2, y + frame.height / 2)
            paths[name] += box(x + 1, y + 1, cell - 2, frame.height - 2)
            marks += [mark] if mark else []
            signs += drawn
    middle = top + frame.height / 2
    return MatrixDrawing(
        name=frame.name,
        width=frame.width,
        height=top + frame.height * len(figure.rows) + frame.bottom,
        turned=turned,
        heads=[
            Head(
                coordinate(frame.left + (j + 0.5) * cell),
                coordinate(top - 8),
                cut(c.label, 16 if turned else 30),
            )
            for j, c in enumerate(columns)
        ],
        names=[
            Head("", coordinate(middle + i * frame.height), cut(name_of(figure, row), frame.label_length))
            for i, row in enumerate(figure.rows)
        ],
        names_x=coordinate(frame.left - 16 if any(row.revised for row in figure.rows) else frame.left - 8),
        shades=[Shade(name, path) for name, path in sorted(paths.items())],
        marks=marks,
        signs=signs,
        keys=keys,
        reads=[],
    )


def _cell(row: Row, column: Column, cuts: list[float], x: float, y: float) -> tuple[str, Mark | None, str]:
    """The shade of a cell, the words in it, and a sign instead of words where there is no number."""
    cell: Cell = row.cells[column.key]
    if not isinstance(cell, Reading):
        text = "" if cell is None else str(cell)
        return "void", Mark(coordinate(x), coordinate(y), text, dark=False) if text else None, ""
    if cell.upper is None:
        return "void", None, sign(cell.status, x, y, 10)
    shade = _shade(cell, cuts)
    return shade, Mark(coordinate(x), coordinate(y), _short(cell), dark=shade in _DARK), ""


def _shade(cell: Reading, cuts: list[float]) -> str:
    """Zero is a hollow cell; six shades for all above it."""
    if not cell.lower or cell.lower < 0:
        return "void"
    place = bisect_right(cuts, float(cell.lower))
    return f"m-{round(place * (BINS - 1) / len(cuts)) if cuts else 2}"


def _short(cell: Reading) -> str:
    upper = words.short(cell.upper or 0)
    lower = words.short(cell.lower) if cell.lower is not None else ""
    return upper if lower == upper else f"{lower}–{upper}" if lower else f"≤ {upper}"


_DARK = frozenset(f"m-{n}" for n in range(DARK, BINS))

"""Ranked rows: a dot or a bar at the lower bound, a line on to the upper one, name and number beside it."""

from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext as _

from dashboards.charts.figure import Column, Figure, Known, Row, in_words
from dashboards.charts.frames import (
    Frame,
    Key,
    Scale,
    Tick,
    axis,
    box,
    coordinate,
    cut,
    ends,
    keys_of_signs,
    name_of,
    revised_sign,
    sign,
)
from dashboards.charts.reads import Readout

WIDE = Frame("wide", 900, 26, 210, 170, top=26, bottom=8, label_length=28)
NARROW = Frame("narrow", 340, 42, 6, 6, top=24, bottom=6, ticks=3, label_length=22)
THICK = 12


@dataclass(frozen=True, slots=True)
class Words:
    """A row's name and number, where they stand. `strong`: the row in focus. `value_x` is empty where the
    number stands at the end of the line."""

    y: str
    name: str
    value_x: str
    value: str
    strong: bool
    title: str


@dataclass(frozen=True, slots=True)
class DotDrawing:
    """Paths for all rows at once: `bars` and `dots` to the lower bounds, `spans` on to the upper ones, where
    the `rims` are."""

    name: str
    width: int
    height: int
    left: int
    rules: str
    values: list[Tick]
    names_x: str
    anchor: str
    rows: list[Words]
    bars: str
    dots: str
    spans: str
    rims: str
    signs: str
    keys: list[Key]
    reads: list[Readout]


@dataclass(frozen=True, slots=True)
class Dots:
    """`column`: the readings, drawn in the order of the rows. `focus`: the key of a row to be printed bold.
    `shape`: dots for rates and shares, bars for amounts, which begin at zero."""

    column: str
    shape: Literal["dots", "bars"] = "dots"
    focus: str = ""
    template: str = "figure_chart.html"
    body: str = "drawn_dots.html"

    def draw(self, figure: Figure) -> list[DotDrawing]:
        column = next(c for c in figure.columns if c.key == self.column)
        return [self._draw(figure, column, frame) for frame in (WIDE, NARROW)]

    def _draw(self, figure: Figure, column: Column, frame: Frame) -> DotDrawing:
        """`frame.height` is that of one row."""
        readings = [row.reading(column.key) for row in figure.rows]
        height = frame.top + frame.height * len(figure.rows) + frame.bottom
        known = [end for reading in readings if (pair := ends(reading)) for end in pair]
        x, ticks = axis(known, *frame.span, count=frame.ticks)
        low = 0.5 if frame.name == "wide" else 0.72  # where in its row a mark stands
        middles = [frame.top + frame.height * (i + low) for i in range(len(figure.rows))]
        marks = _marks(figure, column, middles, x, bars=self.shape == "bars")
        down = coordinate(height - frame.bottom)
        return DotDrawing(
            name=frame.name,
            width=frame.width,
            height=height,
            left=frame.left,
            rules="".join(f"M{tick.at} {frame.top}V{down}" for tick in ticks),
            values=ticks,
            names_x=coordinate(frame.left - 10 if frame.name == "wide" else 0),
            anchor="end" if frame.name == "wide" else "start",
            rows=[
                self._words(figure, row, column, frame, at, x)
                for row, at in zip(figure.rows, middles, strict=True)
            ],
            **marks,
            keys=_legend(figure, column),
            reads=[],
        )

    def _words(self, figure: Figure, row: Row, column: Column, frame: Frame, at: float, x: Scale) -> Words:
        value, name = in_words(row.cells[column.key], column.decimals), name_of(figure, row)
        pair = ends(row.reading(column.key))
        wide = frame.name == "wide"
        right = x(max(0.0, pair[1]) if pair else 0.0) + (12 if pair else 16) + 12 * bool(row.revised)
        return Words(
            y=coordinate(at if wide else at - 17),
            name=cut(name, frame.label_length),
            value_x=coordinate(right) if wide else "",
            value=value or "–",
            strong=row.key == self.focus,
            title=f"{name}: {value}" + (f" ({row.revised})" if row.revised else ""),
        )


def _marks(figure: Figure, column: Column, middles: list[float], x: Scale, *, bars: bool) -> dict[str, str]:
    made = {"bars": "", "dots": "", "spans": "", "rims": "", "signs": ""}
    for row, at in zip(figure.rows, middles, strict=True):
        reading = row.reading(column.key)
        pair = ends(reading)
        if row.revised:
            made["signs"] += revised_sign((x(pair[1]) if pair else x(0) + 4) + 11, at)
        if pair is None:
            made["signs"] += sign(reading.status, x(0) + 4, at) if row.cells[column.key] is not None else ""
            continue
        lower, upper = x(pair[0]), x(pair[1])
        if bars and lower != x(0):
            start, width = min(lower, x(0)), abs(lower - x(0))
            made["bars"] += box(start, at - THICK / 2, width, THICK)
        elif bars and upper == x(0):
            made["spans"] += f"M{coordinate(lower)} {coordinate(at - THICK / 2)}v{THICK}"  # zero is a line
        if reading.lower is not None and not bars:
            made["dots"] += _ring(lower, at, 4.5)
        if upper != lower:
            made["spans"] += f"M{coordinate(lower)} {coordinate(at)}H{coordinate(upper)}"
            made["rims"] += _ring(upper, at, 3.5)
    return made


def _ring(x: float, y: float, radius: float) -> str:
    turn = f"a{radius} {radius} 0 1 0 "
    return f"M{coordinate(x - radius)} {coordinate(y)}{turn}{2 * radius} 0{turn}{-2 * radius} 0z"


def _legend(figure: Figure, column: Column) -> list[Key]:
    readings = [row.reading(column.key) for row in figure.rows if row.cells[column.key] is not None]
    keys = []
    if any(reading.upper is not None and reading.is_range for reading in readings):
        keys = [
            Key(_("lower bound"), "dots", sign=_ring(10, 7, 4.5)),
            Key(_("upper bound"), "rims", sign=_ring(10, 7, 3.5)),
        ]
    missing = {reading.status for reading in readings if reading.upper is None}
    missing &= {Known.SUPPRESSED, Known.UNKNOWN}
    return [*keys, *keys_of_signs(missing, any(row.revised for row in figure.rows))]

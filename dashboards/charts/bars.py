"""Stacked bars: one bar a row, one part a column. Parts differ by hatch as well as by colour.

All parts of a column are one path, so that two years of eight kinds are a few nodes of the page.
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards.charts.figure import Column, Figure, Known
from dashboards.charts.frames import (
    Frame,
    Key,
    Scale,
    Tick,
    axis,
    box,
    coordinate,
    ends,
    keys_of_signs,
    readouts,
    revised_sign,
    rules,
    sign,
    thinned,
)
from dashboards.charts.reads import Readout

WIDE = Frame("wide", 900, 340, 56, 8)
NARROW = Frame("narrow", 340, 280, 40, 4, ticks=5)
FILLED = 0.76  # of a bar's place


@dataclass(frozen=True, slots=True)
class Part:
    """A column's boxes in all bars. `hatch`: the number of the pattern over them; 0 is none."""

    number: int
    hatch: int
    path: str


@dataclass(frozen=True, slots=True)
class BarDrawing:
    """`range`: outlines from the lower bounds to the upper ones. `nothing`: bars that are zero."""

    name: str
    width: int
    height: int
    left: int
    rules: str
    end: str
    values: list[Tick]
    times: list[Tick]
    parts: list[Part]
    range: str
    nothing: str
    signs: str
    revised: str
    keys: list[Key]
    reads: list[Readout]


@dataclass(frozen=True, slots=True)
class Bars:
    """`series`: the columns to stack, from the bottom up. Those that are never above zero are left out."""

    series: tuple[str, ...]
    template: str = "figure_chart.html"
    body: str = "drawn_bars.html"
    strips: str = "bars"

    def draw(self, figure: Figure) -> list[BarDrawing]:
        columns = shown(figure, self.series)
        reads = readouts(figure, columns)
        keys = legend(figure, columns)
        return [_draw(figure, columns, frame, keys, reads) for frame in (WIDE, NARROW)]


def shown(figure: Figure, series: tuple[str, ...]) -> list[Column]:
    """Columns with any number above zero, or with one that may not be told."""
    return [
        c
        for c in figure.columns
        if c.key in series
        and any(
            row.reading(c.key).upper or row.reading(c.key).status == Known.SUPPRESSED for row in figure.rows
        )
    ]


def legend(figure: Figure, columns: list[Column]) -> list[Key]:
    readings = [row.reading(c.key) for row in figure.rows for c in columns]
    keys = [Key(c.label, f"b{n}", n if n > 1 else 0) for n, c in enumerate(columns, 1)]
    if any(reading.upper is not None and reading.is_range for reading in readings):
        keys.append(Key(_("between the bounds"), "range"))
    missing = {reading.status for reading in readings if reading.upper is None}
    return [*keys, *keys_of_signs(missing, any(row.revised for row in figure.rows))]


def _draw(
    figure: Figure, columns: list[Column], frame: Frame, keys: list[Key], reads: list[Readout]
) -> BarDrawing:
    pairs = [[ends(row.reading(c.key)) for c in columns] for row in figure.rows]
    y, values = axis((sum(pair[1] for pair in row if pair) for row in pairs), frame.floor, frame.top)
    left, right = frame.span
    place = (right - left) / max(1, len(figure.rows))
    centres = [left + place * (i + 0.5) for i in range(len(figure.rows))]
    paths, over, nothing = _stacks(pairs, len(columns), centres, place * FILLED, y)
    times = [Tick(coordinate(x), row.tick) for x, row in zip(centres, figure.rows, strict=True) if row.tick]
    return BarDrawing(
        name=frame.name,
        width=frame.width,
        height=frame.height,
        left=frame.left,
        rules=rules(values, left, right),
        end=coordinate(frame.height - 8),
        values=values,
        times=thinned(times, frame.ticks),
        parts=[Part(n, n if n > 1 else 0, d) for n, d in enumerate(paths, 1) if d],
        range=over,
        nothing=nothing,
        signs=signs_above(figure, columns, centres, y),
        revised="".join(
            revised_sign(x, frame.floor + 1)
            for x, row in zip(centres, figure.rows, strict=True)
            if row.revised
        ),
        keys=keys,
        reads=reads,
    )


def _stacks(
    pairs: list[list[tuple[float, float] | None]], count: int, centres: list[float], width: float, y: Scale
) -> tuple[list[str], str, str]:
    """Solid up to the lower bounds; from there to the upper ones an outline on top; a short line for zero."""
    paths, over, nothing = [""] * count, "", ""
    for x, row in zip(centres, pairs, strict=True):
        start, total = x - width / 2, 0.0
        for n, pair in enumerate(row):
            if pair and pair[0]:
                top = y(total + pair[0])
                paths[n] += box(start, top, width, y(total) - top)
                total += pair[0]
        upper = sum(pair[1] for pair in row if pair)
        if upper > total:
            over += box(start, y(upper), width, y(total) - y(upper))
        elif not upper and row and all(row):
            nothing += f"M{coordinate(start)} {coordinate(y(0))}h{coordinate(width)}"
    return paths, over, nothing


def signs_above(figure: Figure, columns: list[Column], centres: list[float], y: Scale) -> str:
    """One mark of each kind over a bar that has a part which is suppressed or unknown."""
    signs = ""
    for x, row in zip(centres, figure.rows, strict=True):
        readings = [row.reading(c.key) for c in columns]
        top = y(sum(float(reading.upper or 0) for reading in readings)) - 7
        for status in (Known.SUPPRESSED, Known.UNKNOWN):
            if any(reading.upper is None and reading.status == status for reading in readings):
                signs += sign(status, x, top, 7)
                top -= 11
    return signs

"""Trends: one line a column, over the rows in order. Drawn wide and narrow, with names at their ends."""

from dataclasses import dataclass
from itertools import groupby, pairwise

import detroit as d3

from dashboards.charts import words
from dashboards.charts.figure import Column, Figure, in_words


@dataclass(frozen=True, slots=True)
class Tick:
    at: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    label: str
    path: str
    band: str
    end: str
    label_at: str


@dataclass(frozen=True, slots=True)
class Slot:
    """A strip of the drawing that tells its row's numbers to a pointer resting there."""

    left: str
    width: str
    text: str


@dataclass(frozen=True, slots=True)
class LineDrawing:
    name: str
    width: int
    height: int
    left: int
    right: str
    bottom: str
    end: str
    label_x: str
    values: list[Tick]
    times: list[Tick]
    lines: list[Line]
    slots: list[Slot]


@dataclass(frozen=True, slots=True)
class Frame:
    """How large a drawing is, and the room it leaves at its edges."""

    name: str
    width: int
    height: int
    left: int
    right: int
    top: int = 12
    bottom: int = 30
    ticks: int = 6
    label_length: int = 24
    points: bool = True  # a pointer can rest on it; fingers use the table

    @property
    def span(self) -> tuple[int, int]:
        return self.left, self.width - self.right


WIDE = Frame("wide", 900, 380, 56, 190)
NARROW = Frame("narrow", 340, 300, 40, 118, ticks=4, label_length=14, points=False)
LINE_HEIGHT = 17


def coordinate(value: float) -> str:
    """A number in an SVG attribute: never localised, one decimal at most."""
    return f"{value:.1f}".rstrip("0").rstrip(".")


def thinned(ticks: list[Tick], most: int) -> list[Tick]:
    step = -(-len(ticks) // most) if ticks else 1
    return ticks[::step]


def apart(wanted: list[float], gap: float, lowest: float) -> list[float]:
    """Places near the wanted ones, at least `gap` from each other, none below `lowest` (y goes down)."""
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    placed = [wanted[i] for i in order]
    for _round in range(60):
        for i, (upper, lower) in enumerate(pairwise(placed)):
            if lower - upper < gap:
                push = (gap - lower + upper) / 2
                placed[i], placed[i + 1] = upper - push, lower + push
        if placed and placed[-1] > lowest:
            placed[-1] = lowest
    result = [0.0] * len(wanted)
    for index, place in zip(order, placed, strict=True):
        result[index] = place
    return result


def runs(figure: Figure, key: str) -> list[list[tuple[int, float, float]]]:
    """Stretches of rows with a number: place in the figure, lower and upper bound."""
    readings = [(i, row.reading(key)) for i, row in enumerate(figure.rows)]
    stretches = groupby(readings, lambda pair: pair[1].lower is not None)
    return [
        [(i, float(one.lower or 0), float(one.upper or 0)) for i, one in stretch]
        for known, stretch in stretches
        if known
    ]


@dataclass(frozen=True, slots=True)
class Lines:
    """`series`: the columns to draw, the one in focus first."""

    series: tuple[str, ...]
    template: str = "figure_lines.html"

    def draw(self, figure: Figure) -> list[LineDrawing]:
        return [self._draw(figure, frame) for frame in (WIDE, NARROW)]

    def _columns(self, figure: Figure) -> list[Column]:
        found = {column.key: column for column in figure.columns}
        return [found[key] for key in self.series]

    def _draw(self, figure: Figure, frame: Frame) -> LineDrawing:
        columns = self._columns(figure)
        known = [
            float(upper)
            for row in figure.rows
            for key in self.series
            if (upper := row.reading(key).upper) is not None
        ]
        x = d3.scale_linear([0, max(1, len(figure.rows) - 1)], list(frame.span))
        y = d3.scale_linear([0, max(known, default=1) or 1], [frame.height - frame.bottom, frame.top]).nice(5)
        ends = [self._end(figure, column.key, y) for column in columns]
        places = apart(ends, LINE_HEIGHT, frame.height - frame.bottom)
        times = [Tick(coordinate(x(i)), row.tick) for i, row in enumerate(figure.rows) if row.tick]
        return LineDrawing(
            name=frame.name,
            width=frame.width,
            height=frame.height,
            left=frame.left,
            right=coordinate(frame.span[1]),
            bottom=coordinate(frame.height - frame.bottom),
            end=coordinate(frame.height - 8),
            label_x=coordinate(frame.span[1] + 10),
            values=[Tick(coordinate(y(value)), words.short(value)) for value in y.ticks(5)],
            times=thinned(times, frame.ticks),
            lines=[
                Line(
                    number=n,
                    label=column.label if len(column.label) <= frame.label_length else column.key,
                    path=self._path(figure, column.key, x, y),
                    band=self._band(figure, column.key, x, y),
                    end=coordinate(ends[n - 1]),
                    label_at=coordinate(places[n - 1]),
                )
                for n, column in enumerate(columns, 1)
            ],
            slots=self._slots(figure, columns, x) if frame.points else [],
        )

    @staticmethod
    def _end(figure: Figure, key: str, y: "d3.scale.ScaleLinear") -> float:
        known = [value for row in figure.rows if (value := row.reading(key).lower) is not None]
        return round(float(y(float(known[-1]))), 1) if known else float(y(0))

    @staticmethod
    def _path(figure: Figure, key: str, x: "d3.scale.ScaleLinear", y: "d3.scale.ScaleLinear") -> str:
        """Broken where a number is suppressed or unknown."""
        line = d3.line(lambda p: round(x(p[0]), 1), lambda p: round(y(p[1]), 1))
        return "".join(str(line(run)) for run in runs(figure, key))

    @staticmethod
    def _band(figure: Figure, key: str, x: "d3.scale.ScaleLinear", y: "d3.scale.ScaleLinear") -> str:
        """Between the bounds, where they differ."""
        if not any(row.reading(key).is_range for row in figure.rows):
            return ""
        area = d3.area(lambda p: round(x(p[0]), 1), lambda p: round(y(p[1]), 1))
        area = area.y1(lambda p: round(y(p[2]), 1))
        return "".join(str(area(run)) for run in runs(figure, key))

    @staticmethod
    def _slots(figure: Figure, columns: list[Column], x: "d3.scale.ScaleLinear") -> list[Slot]:
        step = float(x(1)) - float(x(0))
        slots = []
        for i, row in enumerate(figure.rows):
            told = [f"{c.label}: {in_words(row.cells[c.key], c.decimals)}" for c in columns]
            slots.append(Slot(coordinate(x(i) - step / 2), coordinate(step), "\n".join([row.key, *told])))
        return slots

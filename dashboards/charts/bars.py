"""Stacked bars: one bar a row, one part a column. Parts differ by hatch as well as by colour."""

from dataclasses import dataclass
from decimal import Decimal

import detroit as d3

from dashboards.charts import words
from dashboards.charts.figure import Column, Figure, in_words
from dashboards.charts.lines import Frame, Tick, coordinate, thinned

WIDE = Frame("wide", 900, 340, 56, 8)
NARROW = Frame("narrow", 340, 280, 40, 4, ticks=5)


@dataclass(frozen=True, slots=True)
class Part:
    number: int
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    text: str
    parts: list[Part]
    range_y: str = ""
    range_height: str = ""


@dataclass(frozen=True, slots=True)
class BarDrawing:
    name: str
    width: int
    height: int
    left: int
    right: str
    bottom: str
    end: str
    bar_width: str
    values: list[Tick]
    times: list[Tick]
    bars: list[Bar]
    legend: list[tuple[int, str]]
    has_range: bool


@dataclass(frozen=True, slots=True)
class Bars:
    """`series`: the columns to stack, from the bottom up. Those that are never above zero are left out."""

    series: tuple[str, ...]
    template: str = "figure_bars.html"

    def draw(self, figure: Figure) -> list[BarDrawing]:
        columns = [column for column in figure.columns if column.key in self.series]
        shown = [c for c in columns if any(row.reading(c.key).upper for row in figure.rows)]
        return [self._draw(figure, shown, frame) for frame in (WIDE, NARROW)]

    def _draw(self, figure: Figure, columns: list[Column], frame: Frame) -> BarDrawing:
        tops = [sum(float(row.reading(c.key).upper or 0) for c in columns) for row in figure.rows]
        x = d3.scale_band([row.key for row in figure.rows], list(frame.span)).set_padding(0.25)
        y = d3.scale_linear([0, max(tops, default=1) or 1], [frame.height - frame.bottom, frame.top]).nice(5)
        middle = x.get_bandwidth() / 2
        times = [Tick(coordinate(x(row.key) + middle), row.tick) for row in figure.rows if row.tick]
        bars = [self._bar(figure, index, columns, x, y) for index in range(len(figure.rows))]
        return BarDrawing(
            name=frame.name,
            width=frame.width,
            height=frame.height,
            left=frame.left,
            right=coordinate(frame.span[1]),
            bottom=coordinate(frame.height - frame.bottom),
            end=coordinate(frame.height - 8),
            bar_width=coordinate(x.get_bandwidth()),
            values=[Tick(coordinate(y(value)), words.short(Decimal(str(value)))) for value in y.ticks(5)],
            times=thinned(times, frame.ticks),
            bars=bars,
            legend=[(n, column.label) for n, column in enumerate(columns, 1)],
            has_range=any(bar.range_height for bar in bars),
        )

    @staticmethod
    def _bar(
        figure: Figure, index: int, columns: list[Column], x: "d3.scale.ScaleBand", y: "d3.scale.ScaleLinear"
    ) -> Bar:
        """Solid up to the lower bounds; from there to the upper ones an outline on top."""
        row = figure.rows[index]
        total, parts = 0.0, []
        for n, column in enumerate(columns, 1):
            value = float(row.reading(column.key).lower or 0)
            if value:
                parts.append(Part(n, coordinate(y(total + value)), coordinate(y(total) - y(total + value))))
            total += value
        upper = sum(float(row.reading(column.key).upper or 0) for column in columns)
        told = [f"{c.label}: {in_words(row.cells[c.key], c.decimals)}" for c in columns]
        beyond = coordinate(y(total) - y(upper)) if upper > total else ""
        return Bar(
            coordinate(x(row.key)),
            "\n".join([row.key, *told]),
            parts,
            coordinate(y(upper)) if beyond else "",
            beyond,
        )

"""Trends: one line a column, over the rows in order. Drawn wide and narrow, with names at their ends."""

from collections import defaultdict
from dataclasses import dataclass

from dashboards.charts.figure import Column, Figure, Known
from dashboards.charts.frames import (
    Frame,
    Key,
    Scale,
    Tick,
    apart,
    axis,
    coordinate,
    cut,
    ends,
    keys_of_signs,
    readouts,
    revised_sign,
    rules,
    sign,
    thinned,
)
from dashboards.charts.reads import Readout

WIDE = Frame("wide", 900, 380, 56, 190)
NARROW = Frame("narrow", 340, 300, 40, 118, ticks=4, label_length=14)
LINE_HEIGHT = 17
Points = list[tuple[float, float] | None]  # a column's bounds, row by row


@dataclass(frozen=True, slots=True)
class Line:
    number: int
    label: str
    path: str
    band: str
    signs: str
    end_x: str
    end: str
    label_at: str


@dataclass(frozen=True, slots=True)
class LineDrawing:
    name: str
    width: int
    height: int
    left: int
    rules: str
    end: str
    label_x: str
    values: list[Tick]
    times: list[Tick]
    lines: list[Line]
    revised: str
    keys: list[Key]
    reads: list[Readout]


@dataclass(frozen=True, slots=True)
class Lines:
    """`series`: the columns to draw, the one in focus first."""

    series: tuple[str, ...]
    template: str = "figure_chart.html"
    body: str = "drawn_lines.html"
    strips: str = "lines"  # readouts stand around points, the outer two half as wide

    def draw(self, figure: Figure) -> list[LineDrawing]:
        found = {column.key: column for column in figure.columns}
        columns = [found[key] for key in self.series]
        points: list[Points] = [[ends(row.reading(c.key)) for row in figure.rows] for c in columns]
        missing = {
            row.reading(key).status
            for row in figure.rows
            for key in self.series
            if row.reading(key).upper is None
        }
        keys = keys_of_signs(missing, any(row.revised for row in figure.rows))
        reads = readouts(figure, columns)
        return [_draw(figure, columns, points, frame, keys, reads) for frame in (WIDE, NARROW)]


def places(count: int, frame: Frame) -> list[float]:
    """Of the rows, from edge to edge; a single one stands in the middle."""
    left, right = frame.span
    if count < 2:
        return [(left + right) / 2]
    return [left + i * (right - left) / (count - 1) for i in range(count)]


def _draw(
    figure: Figure,
    columns: list[Column],
    points: list[Points],
    frame: Frame,
    keys: list[Key],
    reads: list[Readout],
) -> LineDrawing:
    x = places(len(figure.rows), frame)
    tops = [end for series in points for pair in series if pair for end in pair]
    y, values = axis(tops, frame.floor, frame.top)
    stops = [_stop(series, x, y) for series in points]
    labels = apart([at for _x, at in stops], LINE_HEIGHT, frame.floor)
    signs = gaps(figure, columns, x, frame.floor - 7)
    times = [Tick(coordinate(x[i]), row.tick) for i, row in enumerate(figure.rows) if row.tick]
    return LineDrawing(
        name=frame.name,
        width=frame.width,
        height=frame.height,
        left=frame.left,
        rules=rules(values, *frame.span),
        end=coordinate(frame.height - 8),
        label_x=coordinate(frame.span[1] + 10),
        values=values,
        times=thinned(times, frame.ticks),
        lines=[
            Line(
                number=n,
                label=column.label
                if len(column.label) <= frame.label_length
                else cut(column.key, frame.label_length),
                path=path(figure, column, x, y),
                band=band(figure, column, series, x, y),
                signs=signs.get(n, ""),
                end_x=coordinate(stop[0]),
                end=coordinate(stop[1]),
                label_at=coordinate(label),
            )
            for n, (column, series, stop, label) in enumerate(
                zip(columns, points, stops, labels, strict=True), 1
            )
        ],
        revised="".join(
            revised_sign(x[i], frame.floor + 1) for i, row in enumerate(figure.rows) if row.revised
        ),
        keys=keys,
        reads=reads,
    )


def _stop(series: Points, x: list[float], y: Scale) -> tuple[float, float]:
    """Where a line ends: at its last number."""
    last = next((i for i in range(len(series) - 1, -1, -1) if series[i]), None)
    pair = series[last] if last is not None else None
    return (x[last], y(pair[0])) if last is not None and pair else (x[-1], y(0))


def path(figure: Figure, column: Column, x: list[float], y: Scale) -> str:
    """Along the lower bounds; broken where there is none. A number between two gaps is a short dash."""
    parts: list[str] = []
    run: list[str] = []
    for i, row in enumerate([*figure.rows, None]):
        lower = row.reading(column.key).lower if row else None
        if lower is not None:
            run.append(f"{coordinate(x[i])} {coordinate(y(float(lower)))}")
        elif run:
            across, down = run[0].split()
            parts.append(
                f"M{'L'.join(run)}" if len(run) > 1 else f"M{coordinate(float(across) - 4)} {down}h8"
            )
            run = []
    return "".join(parts)


def band(figure: Figure, column: Column, series: Points, x: list[float], y: Scale) -> str:
    """Between the bounds, where they differ anywhere."""
    if not any(pair and pair[0] != pair[1] for pair in series):
        return ""
    parts: list[str] = []
    above: list[str] = []
    below: list[str] = []
    for i, pair in enumerate([*series, None]):
        if pair:
            at = coordinate(x[i])
            above.append(f"{at} {coordinate(y(pair[1]))}")
            below.append(f"{at} {coordinate(y(pair[0]))}")
        elif above:
            parts.append(f"M{'L'.join([*above, *reversed(below)])}z")
            above, below = [], []
    return "".join(parts)


def gaps(figure: Figure, columns: list[Column], x: list[float], lowest: float) -> dict[int, str]:
    """By number of the column: marks at the foot of the drawing where it has no number."""
    signs: dict[int, str] = defaultdict(str)
    for i, row in enumerate(figure.rows):
        height = 0
        for n, column in enumerate(columns, 1):
            reading = row.reading(column.key)
            if reading.upper is None and reading.status in (Known.SUPPRESSED, Known.UNKNOWN):
                signs[n] += sign(reading.status, x[i], lowest - 11 * height, 7)
                height += 1
    return signs

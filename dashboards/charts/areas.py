"""Stacked areas over the rows in order, named at their right ends; they differ by hatch and by colour."""

from dataclasses import dataclass

from dashboards.charts.bars import legend, shown
from dashboards.charts.figure import Column, Figure
from dashboards.charts.frames import (
    Frame,
    Key,
    Readout,
    Scale,
    Tick,
    apart,
    axis,
    coordinate,
    cut,
    ends,
    readouts,
    revised_sign,
    rules,
    thinned,
)
from dashboards.charts.lines import LINE_HEIGHT, NARROW, WIDE, gaps, places


@dataclass(frozen=True, slots=True)
class Layer:
    number: int
    hatch: int
    path: str
    label: str
    label_at: str


@dataclass(frozen=True, slots=True)
class AreaDrawing:
    """`upper`: the sum of the upper bounds, where it is above that of the lower ones."""

    name: str
    width: int
    height: int
    left: int
    rules: str
    end: str
    label_x: str
    values: list[Tick]
    times: list[Tick]
    layers: list[Layer]
    upper: str
    signs: str
    revised: str
    keys: list[Key]
    reads: list[Readout]


@dataclass(frozen=True, slots=True)
class Areas:
    """`series`: the columns to stack, from the bottom up. What is not known adds nothing and is marked."""

    series: tuple[str, ...]
    template: str = "figure_chart.html"
    body: str = "drawn_areas.html"
    strips: str = "lines"

    def draw(self, figure: Figure) -> list[AreaDrawing]:
        columns = shown(figure, self.series)
        reads, keys = readouts(figure, columns), legend(figure, columns)
        return [_draw(figure, columns, frame, keys, reads) for frame in (WIDE, NARROW)]


def _draw(
    figure: Figure, columns: list[Column], frame: Frame, keys: list[Key], reads: list[Readout]
) -> AreaDrawing:
    pairs = [[ends(row.reading(c.key)) or (0.0, 0.0) for c in columns] for row in figure.rows]
    uppers = [sum(pair[1] for pair in row) for row in pairs]
    y, values = axis(uppers, frame.floor, frame.top)
    x = places(len(figure.rows), frame)
    layers, tops = _layers(columns, pairs, x, y, frame)
    above = uppers if any(u > t for u, t in zip(uppers, tops, strict=True)) else []
    times = [Tick(coordinate(x[i]), row.tick) for i, row in enumerate(figure.rows) if row.tick]
    return AreaDrawing(
        name=frame.name,
        width=frame.width,
        height=frame.height,
        left=frame.left,
        rules=rules(values, *frame.span),
        end=coordinate(frame.height - 8),
        label_x=coordinate(frame.span[1] + 10),
        values=values,
        times=thinned(times, frame.ticks),
        layers=layers,
        upper="M" + "L".join(f"{coordinate(a)} {coordinate(y(u))}" for a, u in zip(x, above, strict=True))
        if above
        else "",
        signs="".join(gaps(figure, columns, x, frame.floor - 7).values()),
        revised="".join(
            revised_sign(x[i], frame.floor + 1) for i, row in enumerate(figure.rows) if row.revised
        ),
        keys=keys,
        reads=reads,
    )


def _layers(
    columns: list[Column], pairs: list[list[tuple[float, float]]], x: list[float], y: Scale, frame: Frame
) -> tuple[list[Layer], list[float]]:
    """From the bottom up, and the heights they come to together. One row alone is drawn as a short step."""
    across = x if len(x) > 1 else [x[0] - 20, x[0] + 20]
    rows = pairs if len(x) > 1 else pairs * 2
    base = [0.0] * len(across)
    found: list[tuple[str, float]] = []
    for n in range(len(columns)):
        top = [b + row[n][0] for b, row in zip(base, rows, strict=True)]
        above = [f"{coordinate(a)} {coordinate(y(t))}" for a, t in zip(across, top, strict=True)]
        below = [f"{coordinate(a)} {coordinate(y(b))}" for a, b in zip(across, base, strict=True)]
        found.append((f"M{'L'.join([*above, *reversed(below)])}z", y((top[-1] + base[-1]) / 2)))
        base = top
    labels = apart([at for _path, at in found], LINE_HEIGHT, frame.floor)
    layers = [
        Layer(n, n if n > 1 else 0, d, cut(column.label, frame.label_length), coordinate(label))
        for n, (column, (d, _at), label) in enumerate(zip(columns, found, labels, strict=True), 1)
    ]
    return layers, base[: len(pairs)]

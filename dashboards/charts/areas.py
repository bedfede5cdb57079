"""Stacked areas over the rows in order, named at their right ends; they differ by hatch and by colour."""

from dataclasses import dataclass

from dashboards.charts.bars import legend, shown
from dashboards.charts.figure import Column, Figure
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
    readouts,
    revised_sign,
    rules,
    thinned,
)
from dashboards.charts.lines import LINE_HEIGHT, NARROW, WIDE, gaps, places
from dashboards.charts.reads import Readout

Stacks = list[list[tuple[float, float]] | None]  # the bounds of a row's parts; None where one is not known


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
    """`series`: the columns to stack, from the bottom up. Where one is not known, the drawing has a
    gap: for what is often suppressed, bars tell more."""

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
    pairs = [[ends(row.reading(c.key)) for c in columns] for row in figure.rows]
    stacks = [[pair for pair in row if pair] if all(row) else None for row in pairs]
    uppers = [sum(pair[1] for pair in row) if row else None for row in stacks]
    y, values = axis((upper for upper in uppers if upper is not None), frame.floor, frame.top)
    x = places(len(figure.rows), frame)
    times = [Tick(coordinate(x[i]), row.tick) for i, row in enumerate(figure.rows) if row.tick]
    marks = [row.revised for row in figure.rows]
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
        layers=_layers(columns, stacks, x, y, frame),
        upper=_upper(stacks, uppers, x, y),
        signs="".join(gaps(figure, columns, x, frame.floor - 7).values()),
        revised="".join(revised_sign(at, frame.floor + 1) for at, mark in zip(x, marks, strict=True) if mark),
        keys=keys,
        reads=reads,
    )


def _layers(columns: list[Column], stacks: Stacks, x: list[float], y: Scale, frame: Frame) -> list[Layer]:
    """From the bottom up. Where a part of a row is not known, the whole stack has a gap: without that part it
    would look as if there had been less."""
    paths, middles = [""] * len(columns), [float(frame.floor)] * len(columns)
    for run in _runs(stacks):
        across = [x[i] for i, _row in run] if len(run) > 1 else [x[run[0][0]] - 4, x[run[0][0]] + 4]
        rows = [row for _i, row in run] if len(run) > 1 else [run[0][1]] * 2
        base = [0.0] * len(across)
        for n in range(len(columns)):
            top = [b + row[n][0] for b, row in zip(base, rows, strict=True)]
            above = [f"{coordinate(a)} {coordinate(y(t))}" for a, t in zip(across, top, strict=True)]
            below = [f"{coordinate(a)} {coordinate(y(b))}" for a, b in zip(across, base, strict=True)]
            paths[n] += f"M{'L'.join([*above, *reversed(below)])}z"
            middles[n] = y((top[-1] + base[-1]) / 2)
            base = top
    labels = apart(middles, LINE_HEIGHT, frame.floor)
    return [
        Layer(n, n if n > 1 else 0, path, cut(column.label, frame.label_length), coordinate(label))
        for n, (column, path, label) in enumerate(zip(columns, paths, labels, strict=True), 1)
    ]


def _runs(stacks: Stacks) -> list[list[tuple[int, list[tuple[float, float]]]]]:
    """Stretches of rows that are known in all their parts, with their places."""
    runs: list[list[tuple[int, list[tuple[float, float]]]]] = []
    for i, row in enumerate(stacks):
        if row is not None:
            if not runs or runs[-1][-1][0] != i - 1:
                runs.append([])
            runs[-1].append((i, row))
    return runs


def _upper(stacks: Stacks, uppers: list[float | None], x: list[float], y: Scale) -> str:
    """A line over each stretch in which any upper bound is above the lower one."""
    path = ""
    for run in _runs(stacks):
        if any(pair[0] != pair[1] for _i, row in run for pair in row):
            path += "M" + "L".join(f"{coordinate(x[i])} {coordinate(y(uppers[i] or 0))}" for i, _row in run)
    return path

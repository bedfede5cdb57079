"""A treemap: each row a field as large as its lower bound; what has no field is told in words beneath."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import detroit as d3
from django.utils.translation import gettext as _

from dashboards.charts.figure import Column, Figure, Known, in_words
from dashboards.charts.frames import Frame, Key, box, coordinate, cut, in_short, name_of
from dashboards.charts.reads import Readout

WIDE = Frame("wide", 900, 420, 0, 0, top=0, bottom=0)
NARROW = Frame("narrow", 340, 380, 0, 0, top=0, bottom=0)
LETTER = 7.2  # the mean width of a letter at 13 px
LINE = 18


@dataclass(frozen=True, slots=True)
class Field:
    """`name` and `value` are empty where they do not fit; then the row is named beneath."""

    x: str
    y: str
    value_y: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Shade:
    """The fields of one group: every other group is darker."""

    number: int
    path: str


@dataclass(frozen=True, slots=True)
class TreeDrawing:
    name: str
    width: int
    height: int
    shades: list[Shade]
    fields: list[Field]
    groups: list[Field]
    beneath: list[str]
    beneath_from: str
    line: int
    keys: list[Key]
    reads: list[Readout]


@dataclass(frozen=True, slots=True)
class Treemap:
    """`column`: readings that add up to a whole. `group`: a column of words; its fields stand together."""

    column: str
    group: str = ""
    template: str = "figure_chart.html"
    body: str = "drawn_treemap.html"

    def draw(self, figure: Figure) -> list[TreeDrawing]:
        column = next(c for c in figure.columns if c.key == self.column)
        return [self._draw(figure, column, frame) for frame in (WIDE, NARROW)]

    def _draw(self, figure: Figure, column: Column, frame: Frame) -> TreeDrawing:
        root = self._laid_out(figure, column, frame)
        paths: dict[int, str] = defaultdict(str)
        fields, groups, small = [], [], []
        for number, branch in enumerate(root.children or []):
            if self.group:
                groups.append(_title(branch.x0, branch.y0, branch.x1, branch.data["name"]))
            for leaf in branch.leaves():
                index = leaf.data["row"]
                paths[number % 2] += box(leaf.x0, leaf.y0, leaf.x1 - leaf.x0, leaf.y1 - leaf.y0)
                row = figure.rows[index]
                name, value = name_of(figure, row), in_words(row.cells[column.key], column.decimals)
                corners = (leaf.x0, leaf.y0, leaf.x1, leaf.y1)
                short = in_short(row.reading(column.key))
                field = _field(*corners, name, value) or _field(*corners, name, short)
                fields += [field] if field else []
                small += [] if field else [(name, value)]
        beneath = _beneath(figure, column, small, int(frame.width / LETTER))
        return TreeDrawing(
            name=frame.name,
            width=frame.width,
            height=frame.height + LINE * len(beneath),
            shades=[Shade(number, path) for number, path in sorted(paths.items())],
            fields=fields,
            groups=groups,
            beneath=beneath,
            beneath_from=coordinate(frame.height + LINE - 3),
            line=LINE,
            keys=[],
            reads=[],
        )

    def _laid_out(self, figure: Figure, column: Column, frame: Frame) -> Any:
        """By detroit: a branch a group (one of them where there are none), a leaf a row with an amount."""
        branches: dict[str, list[dict[str, object]]] = defaultdict(list)
        for index, row in enumerate(figure.rows):
            lower = row.reading(column.key).lower
            if lower is not None and lower > 0:
                group = str(row.cells[self.group]) if self.group else ""
                branches[group].append({"row": index, "value": float(lower)})
        tree = {"children": [{"name": name, "children": leaves} for name, leaves in branches.items()]}
        root = d3.hierarchy(tree).sum(lambda d: d.get("value", 0) if isinstance(d, dict) else 0)
        layout = d3.treemap().set_size([frame.width, frame.height]).set_padding_inner(2)
        return layout.set_padding_top(20 if self.group else 0)(root)


def _title(left: float, top: float, right: float, name: str) -> Field:
    return Field(
        coordinate(left), coordinate(top + 14), "", cut(name, max(1, int((right - left) / LETTER))), ""
    )


def _field(left: float, top: float, right: float, bottom: float, name: str, value: str) -> Field | None:
    """Words in a field, if both fit."""
    room = int((right - left - 12) / LETTER)
    if bottom - top < 40 or room < min(len(name), 9) or room < len(value):
        return None
    return Field(coordinate(left + 7), coordinate(top + 17), coordinate(top + 34), cut(name, room), value)


def _beneath(figure: Figure, column: Column, small: list[tuple[str, str]], length: int) -> list[str]:
    """Everything that has no field with its name in it, in lines of words."""
    told: dict[str, list[str]] = {_("Too small to be named:"): [f"{name} {value}" for name, value in small]}
    for row in figure.rows:
        reading = row.reading(column.key)
        if reading.lower is None or not reading.lower > 0:
            words = in_words(row.cells[column.key], column.decimals)
            label = {Known.SUPPRESSED: _("Suppressed:"), Known.UNKNOWN: _("Unknown:")}.get(
                reading.status, _("Without a field:")
            )
            named = name_of(figure, row)
            told.setdefault(label, []).append(f"{named} {words}" if reading.upper is not None else named)
    return [line for label, names in told.items() if names for line in wrapped(label, names, length)]


def wrapped(label: str, names: list[str], length: int) -> list[str]:
    lines, line = [], label
    for number, name in enumerate(names):
        piece = name if number == len(names) - 1 else f"{name},"
        if len(line) + len(piece) + 1 > length and line:
            lines.append(line)
            line = piece
        else:
            line = f"{line} {piece}"
    return [*lines, line]

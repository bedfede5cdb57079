"""Lineage in three layers: what it was made from, the artefact itself, what was made from it."""

from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.charts import words
from dashboards.charts.figure import Figure, Row
from dashboards.charts.frames import Key, box, coordinate, cut
from dashboards.charts.reads import Readout

MOST = 12


@dataclass(frozen=True, slots=True)
class Node:
    """`link`: how it is tied to the artefact, in words, and where they stand."""

    x: str
    y: str
    name: str
    link: str
    link_x: str
    link_y: str


@dataclass(frozen=True, slots=True)
class LineageDrawing:
    name: str
    width: int
    height: int
    centre: Node
    nodes: SafeString
    boxes: str
    centre_box: str
    links: str
    heads: list[Node]
    beneath: list[Node]
    keys: list[Key]
    reads: list[Readout]


def _in_one(nodes: list[Node]) -> SafeString:
    """As markup, in one pass: names first, then how they are tied. Every word goes through `escape`."""
    names = (
        f'<text class="on" x="{one.x}" y="{one.y}" dy=".32em">{escape(one.name)}</text>' for one in nodes
    )
    links = (f'<text x="{one.link_x}" y="{one.link_y}">{escape(one.link)}</text>' for one in nodes)
    return mark_safe("".join((*names, *links)))  # noqa: S308  (escaped)


@dataclass(frozen=True, slots=True)
class Lineage:
    """`centre`: the artefact's name. Of a row, the column `side` holds `parent` or `child`, `name` says which
    artefact, `link` how they are tied. At most twelve a side are drawn, and it is said how many more
    there are."""

    centre: str
    side: str = "side"
    name: str = "name"
    link: str = "link"
    parent: str = "parent"
    child: str = "child"
    template: str = "figure_chart.html"
    body: str = "drawn_lineage.html"

    def draw(self, figure: Figure) -> list[LineageDrawing]:
        parents = [row for row in figure.rows if row.cells[self.side] == self.parent]
        children = [row for row in figure.rows if row.cells[self.side] == self.child]
        return [self._wide(parents, children), self._narrow(parents, children)]

    def _wide(self, parents: list[Row], children: list[Row]) -> LineageDrawing:
        """Side by side, from the left to the right; the artefact itself stands first where nothing is known
        that it was made from. Boxes end a unit before the edges, which would cut their lines."""
        width, tall, step, top = 248, 42, 50, 26
        most = max(min(len(parents), MOST), min(len(children), MOST), 1)
        middle = top + most * step / 2
        nodes, boxes, links = [], "", ""
        centre = 326 if parents else 1
        after = centre + 325
        sides = ((1, _("Made from"), parents), (after, _("Made from it"), children))
        for x, _title, rows in sides:
            drawn = rows[:MOST]
            start = middle - len(drawn) * step / 2 + step / 2
            for i, row in enumerate(drawn):
                y = start + i * step
                boxes += box(x, y - tall / 2, width, tall)
                if rows is parents:
                    links += _curve(1 + width, y, centre, middle)
                else:
                    links += _curve(centre + width, middle, after, y)
                nodes.append(self._node(row, x + 10, y - 8, x + 10, y + 13, 33))
        height = top + most * step + 4
        more = _more(len(parents), 1, height, len(children), after)
        return LineageDrawing(
            name="wide",
            width=900,
            height=height + (20 if more else 0),
            centre=_words(centre + 10, middle, cut(self.centre, 31)),
            nodes=_in_one(nodes),
            boxes=boxes,
            centre_box=box(centre, middle - 21, width, 42),
            links=links,
            heads=[_words(x, 12, title) for x, title, rows in sides if rows],
            beneath=more,
            keys=[],
            reads=[],
        )

    def _narrow(self, parents: list[Row], children: list[Row]) -> LineageDrawing:
        """One below the other, tied by a line at the left edge."""
        y, tall, step = 14.0, 42, 50
        nodes, heads, beneath, boxes, links = [], [], [], "", ""
        centre_at = 0.0
        for rows, title in ((parents, _("Made from")), (children, _("Made from it"))):
            heads += [_words(24, y, title)] if rows else []
            y += 10 if rows else -8
            first = y + tall / 2
            for row in rows[:MOST]:
                boxes += box(24, y, 315, tall)
                links += f"M24 {coordinate(y + tall / 2)}H8"
                nodes.append(self._node(row, 34, y + 13, 34, y + 35, 38))
                y += step
            last = y - step + tall / 2
            if len(rows) > MOST:
                beneath += [_words(24, y + 10, _and_more(len(rows) - MOST))]
                y += 22
            if rows is parents:
                centre_at = y + tall / 2
                links += f"M8 {coordinate(first)}V{coordinate(centre_at)}H24" if rows else ""
                y += step + 18
            elif rows:
                links += f"M24 {coordinate(centre_at + 6)}H8V{coordinate(last)}"
        return LineageDrawing(
            name="narrow",
            width=340,
            height=round(y),
            centre=_words(34, centre_at, cut(self.centre, 38)),
            nodes=_in_one(nodes),
            boxes=boxes,
            centre_box=box(24, centre_at - tall / 2, 315, tall),
            links=links,
            heads=heads,
            beneath=beneath,
            keys=[],
            reads=[],
        )

    def _node(self, row: Row, x: float, y: float, link_x: float, link_y: float, length: int) -> Node:
        return Node(
            coordinate(x),
            coordinate(y),
            cut(str(row.cells[self.name]), length),
            cut(str(row.cells[self.link] or "").rstrip(":"), length),
            coordinate(link_x),
            coordinate(link_y),
        )


def _words(x: float, y: float, text: str) -> Node:
    return Node(coordinate(x), coordinate(y), text, "", "", "")


def _curve(x: float, y: float, to_x: float, to_y: float) -> str:
    half = coordinate((x + to_x) / 2)
    start = f"M{coordinate(x)} {coordinate(y)}"
    return f"{start}C{half} {coordinate(y)} {half} {coordinate(to_y)} {coordinate(to_x)} {coordinate(to_y)}"


def _and_more(count: int) -> str:
    text = ngettext("and %(n)s more, in the table", "and %(n)s more, in the table", count)
    return text % {"n": words.number(count)}


def _more(parents: int, left: float, y: float, children: int, right: float) -> list[Node]:
    sides = ((parents, left), (children, right))
    return [_words(x, y + 12, _and_more(count - MOST)) for count, x in sides if count > MOST]

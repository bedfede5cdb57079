"""A figure: rows and columns with a takeaway, a source and a drawing.

The table, the CSV, the JSON and the drawing are all made from the same `rows`, so they cannot differ.
"""

import datetime
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Protocol

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboards.charts.cells import (
    SUPPRESSED,
    UNKNOWN,
    Cell,
    Column,
    Known,
    Reading,
    Row,
    in_words,
    plain,
)
from dashboards.charts.mould import mould
from dashboards.charts.reads import reads_markup
from dashboards.charts.table import table_markup
from dashboards.updates import Updates
from mission import numerals

__all__ = [
    "SUPPRESSED",
    "UNKNOWN",
    "Cell",
    "Chart",
    "Column",
    "Empty",
    "Figure",
    "Known",
    "Reading",
    "Row",
    "Source",
    "Switch",
    "View",
    "in_words",
    "plain",
]


@dataclass(frozen=True, slots=True)
class Source:
    """`updates`: what makes its numbers new; None where nobody can say."""

    name: str
    url: str = ""
    licence: str = ""
    retrieved: datetime.datetime | None = None
    updates: Updates | None = None

    @property
    def terms(self) -> str:
        """What follows the name: “, CC0-1.0. As of 26 March 2026.”"""
        facts = {"licence": _(", ") + self.licence if self.licence else ""}
        if self.retrieved is None:
            return _("%(licence)s.") % facts
        facts["date"] = numerals.date(self.retrieved, "DATE_FORMAT")
        return _("%(licence)s. As of %(date)s.") % facts


class Chart(Protocol):
    """Draws a figure: `draw` gives drawings, wide first; `template` and `body` under templates/components/
    make the markup, `body` that of one drawing (it is what a picture is made of)."""

    @property
    def template(self) -> str: ...
    @property
    def body(self) -> str: ...
    def draw(self, figure: "Figure") -> Any: ...


@dataclass(frozen=True, slots=True)
class TableCell:
    """`attributes`: of its element, as markup; the same for the whole column."""

    text: str
    label: str
    attributes: SafeString
    url: str
    naming: bool


@dataclass(frozen=True, slots=True)
class Empty:
    """What to say where there are no rows, and where to go from there."""

    title: str
    text: str = ""
    url: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """One way to see a figure: a link, or the one that is seen now."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Switch:
    """Ways to see a figure of which one is chosen: chart or table, in total or per head.
    `dashboards.addresses.switch` makes one from the address."""

    label: str
    views: tuple[View, ...]


@dataclass(frozen=True)
class Figure:
    """`slug` names it on its page, in `?figure=` and in file names. `title` is the takeaway, `sentence` says
    it in full. `open_table`: the table is part of the page, not folded away.
    `first`: rows of it that stand open, the others folded; 0: as many as its length allows.
    `dense`: it is long, and narrow screens show it in fewer lines. `metric`: whose definition on /methods/
    it is under. `revised`: days on which numbers that had been published were changed."""

    slug: str
    title: str
    sentence: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    source: Source
    unit: str = ""
    note: str = ""
    chart: Chart | None = None
    open_table: bool = False
    first: int = 0
    dense: bool = False
    empty: Empty | None = None
    switches: tuple[Switch, ...] = ()
    metric: str = ""
    revised: tuple[datetime.date, ...] = ()

    @property
    def bounded(self) -> bool:
        """Whether some number in it stands for two."""
        return any(column.bounded for column in self.columns)

    @cached_property
    def drawing(self) -> Any:
        return self.chart.draw(self) if self.chart and self.rows else None

    @cached_property
    def mould(self) -> list[str]:
        """All of it as it stands on the page, but for what depends on the address: see charts/mould.py."""
        return mould(self)

    @cached_property
    def mould_in_frame(self) -> list[str]:
        """The same as it stands in a frame elsewhere: without how to cite, link and embed it."""
        return mould(self, cited=False)

    @cached_property
    def as_table(self) -> "Figure":
        """The same rows without a drawing, all of them open."""
        return replace(self, chart=None, open_table=True, first=0)

    @property
    def drawing_markup(self) -> SafeString:
        """The drawings as they stand on the page."""
        if not self.chart or not self.drawing:
            return SafeString()
        return render_to_string(f"components/{self.chart.template}", {"figure": self})

    @property
    def body(self) -> str:
        return f"components/{self.chart.body}" if self.chart else ""

    @cached_property
    def table_columns(self) -> list[Column]:
        """Without those of words that no row has any for."""
        return [
            column
            for column in self.columns
            if column.in_table
            and (column.number or any(row.cells[column.key] not in {"", None} for row in self.rows))
        ]

    @cached_property
    def table(self) -> list[list[TableCell]]:
        """Rows of cells as people read them; one cell names the row and holds its link."""
        attributes = {column.key: column.attributes for column in self.table_columns}
        return [[self._cell(row, c, attributes[c.key]) for c in self.table_columns] for row in self.rows]

    @property
    def table_markup(self) -> SafeString:
        """The table as it stands on the page, in one pass: a page has thousands of cells."""
        return table_markup(
            self.title,
            self.table_columns,
            self.rows,
            dense=self.dense,
            fold=self.open_table,
            first=self.first,
        )

    @property
    def reads_markup(self) -> SafeString:
        """What can be read in the drawing, row by row, in one pass too; the same for both widths."""
        return reads_markup(self.slug, self.drawing[0].reads)

    @staticmethod
    def _cell(row: Row, column: Column, attributes: SafeString) -> TableCell:
        text = row.key if column.by_name else in_words(row.cells[column.key], column.decimals)
        url = row.url if column.names else ""
        url = row.links.get(column.key, url)
        return TableCell(text, column.label, attributes, url, column.names)

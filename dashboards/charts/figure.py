"""A figure: rows and columns with a takeaway, a source and a drawing.

The table, the CSV, the JSON and the drawing are all made from the same `rows`, so they cannot differ.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from dashboards.charts import words


class Known(StrEnum):
    """Why a number is there or is not. Suppressed: somebody knows it and may not say. Neither is zero."""

    KNOWN = "known"
    SUPPRESSED = "suppressed"
    UNKNOWN = "unknown"
    AT_MOST = "at_most"  # the lower bound is withheld: it would tell of few people


@dataclass(frozen=True, slots=True)
class Reading:
    """A number between two bounds, which are mostly the same, or the reason why there is none."""

    lower: words.Amount | None
    upper: words.Amount | None
    status: Known = Known.KNOWN

    @classmethod
    def of(cls, value: words.Amount | None) -> "Reading":
        return cls(value, value) if value is not None else UNKNOWN

    @property
    def is_whole(self) -> bool:
        """Whether shares came to whole numbers: then decimals would say nothing."""
        known = [end for end in (self.lower, self.upper) if end is not None]
        return all(isinstance(end, Decimal) and end == end.to_integral_value() for end in known)

    @property
    def is_range(self) -> bool:
        return self.lower != self.upper


SUPPRESSED = Reading(None, None, Known.SUPPRESSED)
UNKNOWN = Reading(None, None, Known.UNKNOWN)
Cell = str | int | Reading | datetime.date | None


@dataclass(frozen=True, slots=True)
class Column:
    """`number`: its cells are readings. `bounded`: they may be ranges, so the data carry both ends.
    `names`: its cells name their rows. `in_table`: false where the table tells it otherwise, by a link."""

    key: str
    label: str
    number: bool = False
    decimals: int = 0
    unit: str = ""
    bounded: bool = False
    names: bool = False
    in_table: bool = True

    @property
    def attributes(self) -> SafeString:
        """Of a cell in its table; `data-label` names the cell where narrow screens show rows as cards."""
        number = mark_safe(' class="num"') if self.number else ""
        return format_html(' data-label="{}"{}', self.label, number)


@dataclass(frozen=True, slots=True)
class Row:
    """`key` names the row for drawings (a nation's code); `tick` is its label on an axis, if any."""

    key: str
    cells: Mapping[str, Cell]
    url: str = ""
    tick: str = ""
    links: Mapping[str, str] = field(default_factory=dict)  # of cells, by column

    def reading(self, column: str) -> Reading:
        cell = self.cells[column]
        return cell if isinstance(cell, Reading) else UNKNOWN


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    url: str = ""
    licence: str = ""
    retrieved: datetime.datetime | None = None

    @property
    def terms(self) -> str:
        """What follows the name: “, CC0-1.0. As of 26 March 2026.”"""
        licence = f", {self.licence}." if self.licence else "."
        if self.retrieved is None:
            return licence
        return _("%(licence)s As of %(date)s.") % {
            "licence": licence,
            "date": date_format(self.retrieved, "DATE_FORMAT"),
        }


class Chart(Protocol):
    """Draws a figure: `template` is under templates/components/, `draw` gives what it needs."""

    @property
    def template(self) -> str: ...
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


@dataclass(frozen=True)
class Figure:
    """`slug` names it on its page, in `?figure=` and in file names. `title` is the takeaway, `sentence` says
    it in full. `open_table`: the table is part of the page, not folded away.
    `dense`: it is long, and narrow screens show it in fewer lines."""

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
    dense: bool = False
    empty: Empty | None = None

    @cached_property
    def drawing(self) -> Any:
        return self.chart.draw(self) if self.chart and self.rows else None

    @property
    def template(self) -> str:
        return f"components/{self.chart.template}" if self.chart else ""

    @cached_property
    def table_columns(self) -> list[Column]:
        return [column for column in self.columns if column.in_table]

    @cached_property
    def table(self) -> list[list[TableCell]]:
        """Rows of cells as people read them; one cell names the row and holds its link."""
        attributes = {column.key: column.attributes for column in self.table_columns}
        return [[self._cell(row, c, attributes[c.key]) for c in self.table_columns] for row in self.rows]

    @staticmethod
    def _cell(row: Row, column: Column, attributes: SafeString) -> TableCell:
        text, url = in_words(row.cells[column.key], column.decimals), row.url if column.names else ""
        url = row.links.get(column.key, url)
        return TableCell(text, column.label, attributes, url, column.names)


def in_words(cell: Cell, decimals: int = 0) -> str:
    """A cell as people read it: a number, a range, “suppressed”, “unknown”, a date, words."""
    if isinstance(cell, Reading):
        decimals = 0 if cell.is_whole else decimals
        if cell.lower is None and cell.upper is not None:
            return _("up to %(upper)s") % {"upper": words.number(cell.upper, decimals)}
        if cell.lower is None or cell.upper is None:
            return _("suppressed") if cell.status == Known.SUPPRESSED else _("unknown")
        lower, upper = words.number(cell.lower, decimals), words.number(cell.upper, decimals)
        return lower if lower == upper else _("%(lower)s to %(upper)s") % {"lower": lower, "upper": upper}
    if isinstance(cell, datetime.date):
        return date_format(cell, "DATE_FORMAT")
    return words.number(cell) if isinstance(cell, int) else cell or ""


def plain(value: words.Amount | None) -> int | float | None:
    """A number as JSON and CSV write it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value

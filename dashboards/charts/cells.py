"""What stands in a figure's rows: readings between bounds, columns, rows, and how people read them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashboards.charts import words
from mission import numerals


class Known(StrEnum):
    """Why a number is there or is not. Suppressed: somebody knows it and may not say. Neither is zero."""

    KNOWN = "known"
    SUPPRESSED = "suppressed"
    UNKNOWN = "unknown"
    AT_MOST = "at_most"  # the lower bound is withheld: it would tell of few people
    AT_LEAST = "at_least"  # a sum of which some months are suppressed: no upper bound


class Reading(NamedTuple):
    """A number between two bounds, which are mostly the same, or the reason why there is none. A tuple, since
    a page has a thousand of them, and each is looked up, compared and kept."""

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
        return all(isinstance(end, int | Decimal) and end == int(end) for end in known)

    @property
    def is_range(self) -> bool:
        return self.lower != self.upper


SUPPRESSED = Reading(None, None, Known.SUPPRESSED)
UNKNOWN = Reading(None, None, Known.UNKNOWN)
Cell = str | int | Reading | datetime.date | None


@dataclass(frozen=True, slots=True)
class Column:
    """`number`: its cells are readings. `bounded`: they may be ranges, so the data carry both ends.
    `names`: its cells name their rows. `in_table`: false where the table tells it otherwise, by a link.
    `by_name`: people read the row's key there, “October 2026”, where data say 2026-10.
    `on_one_line`: a date or a code, which stands unbroken where there is room."""

    key: str
    label: str
    number: bool = False
    decimals: int = 0
    unit: str = ""
    bounded: bool = False
    names: bool = False
    in_table: bool = True
    by_name: bool = False
    on_one_line: bool = False

    @property
    def attributes(self) -> SafeString:
        """Of a cell in its table; `data-label` names the cell where narrow screens show rows as cards."""
        style = "num" if self.number else "nowrap" if self.on_one_line else ""
        named = format_html(' data-label="{}"', self.label)
        return format_html('{} class="{}"', named, style) if style else named


NO_LINKS: Mapping[str, str] = {}


class Row(NamedTuple):
    """`key` names the row for drawings (a nation's code); `tick` is its label on an axis, if any.
    `anchor`: links to the row can be made with it; unique on its page. `revised`: that it was published
    otherwise before, in words (“revised on 3 May 2026”). A tuple, since a page has hundreds."""

    key: str
    cells: Mapping[str, Cell]
    url: str = ""
    tick: str = ""
    links: Mapping[str, str] = NO_LINKS  # of cells, by column
    anchor: str = ""
    revised: str = ""

    def reading(self, column: str) -> Reading:
        cell = self.cells[column]
        return cell if isinstance(cell, Reading) else UNKNOWN


@lru_cache(8192)
def _reading(cell: Reading, _kinds: tuple[type, type], decimals: int, language: str | None) -> str:
    """Kept, because the same reading stands in a figure's table, in its drawings and in what is read there,
    and most of a page are one of few. In the language spoken now, which the caller names."""
    low, high = cell.lower, cell.upper
    if high is None:
        if low is not None:
            return words.at_least(low, 0 if cell.is_whole else decimals)
        return _reason(language, cell.status)
    decimals = 0 if decimals and cell.is_whole else decimals
    if low is None:
        return words.up_to(high, decimals)
    return words.rounded(high, decimals) if low == high else words.between(low, high, decimals)


@cache
def _reason(language: str | None, status: Known) -> str:
    """Kept by language, because a map says “suppressed” a hundred times."""
    return _("suppressed") if status == Known.SUPPRESSED else _("unknown")


def in_words(cell: Cell, decimals: int = 0, language: str | None = None) -> str:
    """A cell as people read it: a number, a range, “suppressed”, “unknown”, a date, words. What is not zero
    never reads as zero. `language`: the one spoken now, from who has a thousand cells and has looked."""
    if isinstance(cell, Reading):
        kinds = type(cell.lower), type(cell.upper)  # 1 and 1.0 are equal, and not told in the same words
        return _reading(cell, kinds, decimals, language or get_language())
    if isinstance(cell, datetime.date):
        return numerals.date(cell, "DATE_FORMAT")
    return words.number(cell) if isinstance(cell, int) else cell or ""


def plain(value: words.Amount | None) -> int | float | None:
    """A number as JSON and CSV write it."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value

"""What a published table is: words, columns, and one SELECT. CSV, Parquet and both descriptions follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import translation

ENGLISH = "en"  # what leaves in files is one text, not one a language
Parameters = Callable[[], Mapping[str, Any]]


class Kind(StrEnum):
    CODE = "code"  # of a register or of ours, an address, a word of a fixed list
    TEXT = "text"  # what somebody wrote: never a spreadsheet's formula
    INTEGER = "integer"
    BOUND = "bound"  # a figure's, with four decimals
    SHARE = "share"  # 0 to 1, with five decimals
    MONEY = "money"  # with two decimals
    HOURS = "hours"  # with six decimals
    DATE = "date"
    MOMENT = "moment"  # UTC, to the second
    BOOLEAN = "boolean"


# As a spreadsheet would take it for a formula, it begins with an apostrophe. What is empty is absent.
_GUARDED = "CASE WHEN {0} ~ '^[=+@\\t\\r-]' THEN '''' || {0} ELSE nullif({0}, '') END"
_WRITTEN = {
    Kind.TEXT: _GUARDED,
    Kind.CODE: "nullif({0}::text, '')",
    Kind.BOOLEAN: "{0}::text",
    Kind.DATE: "to_char({0}, 'YYYY-MM-DD')",
    Kind.MOMENT: "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')",
}


@dataclass(frozen=True, slots=True)
class Field:
    """`optional`: it may be empty, which `means` explains. `choices`: all values there are."""

    name: str
    kind: Kind
    means: str
    optional: bool = False
    choices: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """As it stands in the file, in SQL."""
        return _WRITTEN.get(self.kind, "{0}").format(f"t.{self.name}")

    @property
    def ordered(self) -> str:
        """Text by its bytes, which is the order of code points, in Python too."""
        is_text = self.kind in (Kind.CODE, Kind.TEXT)
        return f'({self.written}) COLLATE "C"' if is_text else f"t.{self.name}"


@dataclass(frozen=True, slots=True)
class Licence:
    name: str  # SPDX
    url: str


@dataclass(frozen=True, slots=True)
class Origin:
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reference:
    """These columns are the key of that table, or empty. `table` empty: of this one."""

    columns: tuple[str, ...]
    table: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`sql` gives the columns by their names, in any order. `key`: of a row, never empty, and the order."""

    name: str
    title: Any
    holds: Any
    key: tuple[str, ...]
    fields: tuple[Field, ...]
    sql: str
    licence: Licence
    origins: tuple[Origin, ...]
    refers: tuple[Reference, ...] = ()
    parameters: Parameters = dict

    @property
    def csv(self) -> str:
        return f"{self.name}.csv"

    @property
    def parquet(self) -> str:
        return f"{self.name}.parquet"

    @property
    def statement(self) -> str:
        """In the order of the key, so that two releases can be walked side by side."""
        by_name = {field.name: field for field in self.fields}
        columns = ", ".join(f"{field.written} AS {field.name}" for field in self.fields)
        order = ", ".join(by_name[column].ordered for column in self.key)
        return (
            f"COPY (SELECT {columns} FROM ({self.sql}) t ORDER BY {order}) "  # noqa: S608 (our own words)
            "TO STDOUT (FORMAT csv, HEADER true)"
        )


def english(words: Any) -> str:
    with translation.override(ENGLISH):
        return str(words)


def code(name: str, means: str, *, optional: bool = False, choices: tuple[str, ...] = ()) -> Field:
    return Field(name, Kind.CODE, means, optional, choices)


def text(name: str, means: str, *, optional: bool = False) -> Field:
    return Field(name, Kind.TEXT, means, optional)


def nation_of(column: str) -> Reference:
    return Reference((column,), "nations", ("code",))


OWN = Licence("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")
PUBLIC = Licence("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/")
UNICODE = Licence("Unicode-3.0", "https://www.unicode.org/license.txt")
GEONAMES = Licence("CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/")
PLATFORMS = (Origin("GitHub", "https://github.com/"), Origin("Hugging Face", "https://huggingface.co/"))
REGISTER = (Origin("The Mission's register of awards and compute ledger"),)
SITE = (Origin("This site"),)

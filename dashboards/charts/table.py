"""A figure's table as markup, in one pass.

Not a template: a page has thousands of cells, and a template takes twenty times as long over each.
Every word goes through `escape`; what is joined here unescaped is written in this file.
"""

from collections.abc import Sequence
from datetime import date
from html import escape
from string import ascii_letters

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from dashboards.charts import words
from dashboards.charts.cells import UNKNOWN, Cell, Column, Reading, Row, in_words

LONG, FIRST = 60, 25  # rows: of a longer table the first ones are shown, the others are folded away
# What begins so on a page written from right to left is a name or an address in Latin letters: without a
# <bdi> its last sign (a slash, a bracket, a full stop) would jump to its front.
STARTS_FOREIGN = frozenset(f"{ascii_letters}/[_.")


def table_markup(
    title: str, columns: Sequence[Column], rows: Sequence[Row], *, dense: bool, fold: bool, first: int = 0
) -> SafeString:
    """`fold`: a long table shows its first rows, and the others when asked for. `first`: how many, where
    the table need not be long for that."""
    first = _shown(columns, rows, first) if fold else len(rows)
    head = _head(columns, dense)
    shown = _table(title, head, columns, rows[:first])
    if first == len(rows):
        return mark_safe(shown)  # noqa: S308  (escaped, see above)
    others = len(rows) - first
    summary = _("The other %(count)s rows") % {"count": words.number(others)}
    rest = _table(f"{title}: {summary}", head, columns, rows[first:])
    return mark_safe(f"{shown}<details><summary>{escape(summary)}</summary>{rest}</details>")  # noqa: S308


def _shown(columns: Sequence[Column], rows: Sequence[Row], first: int) -> int:
    """One row alone is not folded away; and a long table does not stay open for rows of “unknown”."""
    if first:
        return first if len(rows) > first + 1 else len(rows)
    if len(rows) <= LONG:
        return len(rows)
    keys = [column.key for column in columns if column.number]
    known = [n for n, row in enumerate(rows[:FIRST], 1) if any(row.cells[key] != UNKNOWN for key in keys)]
    return known[-1] if known else FIRST


def _table(title: str, head: str, columns: Sequence[Column], rows: Sequence[Row]) -> str:
    start, names = head.split("\0")
    return (
        f'{start}<caption class="hidden">{escape(str(title))}</caption>{names}<tbody>\n'
        f"{_body(columns, rows)}</tbody></table>"
    )


def _head(columns: Sequence[Column], dense: bool) -> str:
    cells = []
    for column in columns:
        unit = f' <span class="muted">{escape(str(column.unit))}</span>' if column.unit else ""
        number = ' class="num"' if column.number else ""
        cells.append(f'<th scope="col"{number}>{escape(str(column.label))}{unit}</th>')
    kind = "table table--dense" if dense else "table"
    return f'<table class="{kind}">\0<thead><tr>{"".join(cells)}</tr></thead>'


def _body(columns: Sequence[Column], rows: Sequence[Row]) -> str:
    """Numbers are escaped as well: a language may group them by apostrophes."""
    starts = [(c, "<th scope=\"row\">" if c.names else f"<td{c.attributes}>", "</th>" if c.names else "</td>")
              for c in columns]  # fmt: skip
    backwards, language = get_language_bidi(), get_language()
    out: list[str] = []
    add = out.append
    for row in rows:
        cells, links = row.cells, row.links
        add(f'<tr id="{escape(row.anchor)}">' if row.anchor else "<tr>")
        for column, start, end in starts:
            key = column.key
            text = escape(row.key if column.by_name else _text(cells[key], column.decimals, language))
            if backwards and text[:1] in STARTS_FOREIGN:
                text = f"<bdi>{text}</bdi>"
            url = links.get(key) or (row.url if column.names else "")
            add(f'{start}<a href="{escape(url)}">{text}</a>{end}' if url else f"{start}{text}{end}")
        add("</tr>\n")
    return "".join(out)


def _text(cell: Cell, decimals: int, language: str | None) -> str:
    """Most cells are words already."""
    if isinstance(cell, Reading):
        return in_words(cell, decimals, language)
    if isinstance(cell, date):  # day and month stay on one line
        return in_words(cell).replace(" ", "\N{NO-BREAK SPACE}", 1)
    return cell if type(cell) is str else str(in_words(cell, decimals))

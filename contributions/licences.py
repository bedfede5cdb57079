"""Licences as SPDX identifiers, whatever a platform calls them."""

import functools
import re
from collections.abc import Sequence

from license_expression import ExpressionError, get_spdx_licensing

NO_ASSERTION = "NOASSERTION"  # there is a licence text, and the platform could not tell which
NOTHING = frozenset({"", "unknown", "none", "null", "n/a"})
# Names the Hub gives to families of licences, which say less than a licence: no text is meant.
FAMILIES = {"cc": "LicenseRef-Creative-Commons", "gpl": "LicenseRef-GPL", "lgpl": "LicenseRef-LGPL"}


@functools.cache
def _known() -> dict[str, str]:
    """Identifiers and old names of the SPDX list itself; other catalogues' names are nobody's licence."""
    known: dict[str, str] = {}
    for licence in get_spdx_licensing().known_symbols.values():
        if not licence.key.startswith("LicenseRef-"):
            for name in (licence.key, *licence.aliases):
                known.setdefault(name.lower(), licence.key)
    return known


def _own(said: str) -> str:
    """Somebody's own text: `llama3.1` → `LicenseRef-llama3.1`."""
    return f"LicenseRef-{re.sub(r'[^A-Za-z0-9.-]+', '-', said).strip('-')}"[:100]


def _one(said: str) -> str:
    if said.lower() in NOTHING:
        return ""
    if said.upper() == NO_ASSERTION:
        return NO_ASSERTION
    if said.lower() in FAMILIES:
        return FAMILIES[said.lower()]
    if re.search(r"[\s)](and|or|with)[\s(]", said, re.IGNORECASE):
        return _expression(said)
    return _known().get(said.lower()) or _own(said)


def _expression(said: str) -> str:
    """`mit or apache-2.0` → `MIT OR Apache-2.0`. What is no expression is a name of its own."""
    try:
        parsed = get_spdx_licensing().parse(said)
    except ExpressionError:
        return _own(said)
    if any(symbol.key.lower() not in _known() for symbol in get_spdx_licensing().license_symbols(parsed)):
        return _own(said)
    return str(parsed.render())


def spdx(said: str | None, name: str | None = "") -> str:
    """`apache-2.0` → `Apache-2.0`; what is not on the list → `LicenseRef-…`; nothing said → nothing.

    `name` is what the publisher calls a licence of their own where the platform only says "other". The
    families `llama…`, `gemma`, `openrail` are texts of their own with conditions of use, so `LicenseRef-…`.
    """
    said = (said or "").strip()
    if said.lower() == "other" and name:
        said = name.strip()
    return _one(said)


def spdx_of(said: Sequence[str], name: str | None = "") -> str:
    """Of a list of licences all hold: `A AND B`.

    A list says neither "as you choose" nor "for which part"; that all of them bind is the reading that
    never promises more than was given. Who means a choice can write `A OR B`.
    """
    found = dict.fromkeys(licence for each in said if (licence := spdx(each, name)))
    known = [each for each in found if each != NO_ASSERTION] or list(found)
    parts = [f"({each})" if len(known) > 1 and " OR " in each else each for each in known]
    return _cut(" AND ".join(parts))


def _cut(expression: str) -> str:
    """Into the column: an expression cut in the middle would be another licence."""
    return expression if len(expression) <= 100 else NO_ASSERTION

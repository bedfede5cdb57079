"""Licences as SPDX identifiers, whatever a platform calls them."""

import functools
import re

from license_expression import get_spdx_licensing

NO_ASSERTION = "NOASSERTION"  # there is a licence text, and the platform could not tell which


@functools.cache
def _known() -> dict[str, str]:
    known: dict[str, str] = {}
    for licence in get_spdx_licensing().known_symbols.values():
        for name in (licence.key, *licence.aliases):
            known.setdefault(name.lower(), licence.key)
    return known


def spdx(said: str | None, name: str | None = "") -> str:
    """`apache-2.0` → `Apache-2.0`; what is not on the list → `LicenseRef-…`; nothing said → nothing.

    `name` is what the publisher calls a licence of their own where the platform only says "other".
    """
    said = (said or "").strip()
    if not said or said.lower() == "unknown":
        return ""
    if said.lower() == "other" and name:
        said = name.strip()
    if said.upper() == NO_ASSERTION:
        return NO_ASSERTION
    found = _known().get(said.lower())
    return found or f"LicenseRef-{re.sub(r'[^A-Za-z0-9.-]+', '-', said)}"[:100]

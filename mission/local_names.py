"""Names of nations and languages in the language spoken now, after CLDR: no network, no table."""

from functools import cache

import langcodes
from django.conf import settings
from django.utils.translation import get_language, pgettext

# Single languages that CLDR knows by the code of their macrolanguage.
MACRO = {
    "npi": "ne",
    "arb": "ar",
    "cmn": "zh",
    "ory": "or",
    "swh": "sw",
    "zsm": "ms",
    "ekk": "et",
    "lvs": "lv",
    "pes": "fa",
}


def nation(code: str, name: str) -> str:
    """Of an ISO 3166-1 alpha-2 code; `name` is the English one, kept where CLDR has none."""
    language = get_language() or settings.LANGUAGE_CODE
    return name if language == settings.LANGUAGE_CODE else _nation(code, language) or name


def language(code: str, name: str) -> str:
    """Of an ISO 639 code, of two letters or three."""
    spoken = get_language() or settings.LANGUAGE_CODE
    plain = name.removesuffix(" (macrolanguage)")  # as ISO 639-3 tells families apart, and nobody says it
    return plain if spoken == settings.LANGUAGE_CODE else _language(code, plain, spoken)


@cache
def _nation(code: str, spoken: str) -> str:
    found = langcodes.Language.make(territory=code).territory_name(spoken)
    return "" if found in {code, langcodes.Language.make(territory=code).territory_name("en")} else found


@cache
def _language(code: str, name: str, spoken: str) -> str:
    """CLDR names some languages by the code of their family only, and others not at all: of those we name
    the larger ones ourselves, among the translations. Else the English name is all there is."""
    for tag in (code, langcodes.Language.get(code).to_tag(), MACRO.get(code, code)):
        there = langcodes.Language.get(tag)
        found = there.language_name(spoken)
        if found not in {tag, there.language_name("en")} and not found.startswith("Unknown"):
            return found
    return pgettext("name of a language", name)

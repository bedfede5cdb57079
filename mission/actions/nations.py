"""Writes of reference data: nations, languages, speakers."""

import pycountry

from mission.models import Nation


def ensure_nation(*, code: str) -> Nation:
    """The nation with this ISO 3166-1 alpha-2 code, made from the standard where it is missing."""
    entry = pycountry.countries.get(alpha_2=code)
    made, _fresh = Nation.objects.get_or_create(
        code=code, defaults={"alpha3": entry.alpha_3, "numeric": entry.numeric, "name": entry.name}
    )
    return made

"""The nations of ISO 3166-1, and Kosovo, which the baseline counts under XK though ISO lists no such code."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from mission.models import Nation

KOSOVO = ("XK", gettext_noop("Kosovo"), None)


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    population: int | None

    @property
    def url(self) -> str:
        return reverse("dashboards:nation", args=[self.code])


def places() -> dict[str, Place]:
    """All of them by code, in the order of their names. One query. Empty before reference data are loaded."""
    rows = list(Nation.objects.order_by().values_list("code", "name", "population"))
    if rows:
        rows.append(KOSOVO)
    named = sorted((Place(code, gettext(name), people) for code, name, people in rows), key=lambda p: p.name)
    return {place.code: place for place in named}

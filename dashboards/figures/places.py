"""The nations of ISO 3166-1, and Kosovo, which the baseline counts under XK though ISO lists no such code."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from mission import local_names
from mission.models import Nation
from mission.remembered import Subject, remembered_while

KOSOVO = ("XK", "Kosovo", None)


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    population: int | None

    @property
    def url(self) -> str:
        return address(self.code)


def address(code: str) -> str:
    """Of a nation's page. Kept, because a map asks for 250 of them."""
    return _address(code, get_language())


def number_address(metric: str, code: str, month: datetime.date) -> str:
    """Where a number is opened. A nation's page has a hundred of these: only its beginning is looked up."""
    return f"{_numbers(metric, get_language())}{code}/{month:%Y-%m}/"


@cache
def _numbers(metric: str, _language: str | None) -> str:
    """In the language spoken now, which the caller names so that each is kept apart."""
    return reverse("dashboards:number", args=[metric, "XK", "2000-01"]).removesuffix("XK/2000-01/")


@cache
def _address(code: str, _language: str | None) -> str:
    return reverse("dashboards:nation", args=[code])


def options(known: Iterable[Place]) -> SafeString:
    """For a `<select>` of nations. Not by format_html, which takes ten times as long over 250 of them."""
    told = "".join(f'<option value="{escape(one.code)}">{escape(one.name)}</option>' for one in known)
    return mark_safe(told)  # noqa: S308  (escaped)


@remembered_while(Subject.NATIONS)
def places() -> dict[str, Place]:
    """All of them by code, in the order of their names. One query. Empty before reference data are loaded."""
    rows = list(Nation.objects.order_by().values_list("code", "name", "population"))
    if rows:
        rows.append(KOSOVO)
    named = sorted(
        (Place(code, local_names.nation(code, name), people) for code, name, people in rows),
        key=lambda p: p.name,
    )
    return {place.code: place for place in named}

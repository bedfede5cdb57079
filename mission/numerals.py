"""Digits as a language writes them, for people: Arabic as CLDR has it, ٢٠٢٦. Never in data or addresses."""

import datetime
from decimal import Decimal
from functools import lru_cache

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language

ARABIC_INDIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
LATIN = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def native(text: str) -> str:
    """The same text with the digits of the language spoken now."""
    return text.translate(ARABIC_INDIC) if get_language() == "ar" else text


def latin(text: str) -> str:
    """The same text with the digits that programs read."""
    return text.translate(LATIN)


def number(value: int | Decimal) -> str:
    """12,345, grouped as the language groups; for sentences. Figures use dashboards/charts/words.py."""
    return native(str(number_format(value, use_l10n=True, force_grouping=True)))


def date(moment: datetime.date, form: str = "DATE_FORMAT") -> str:
    """23 November 2026, or as `form` asks: a name of Django's formats, or letters such as “F Y”."""
    if type(moment) is datetime.date:  # of a moment, the day depends on where one is
        return _day(moment, form, get_language())
    return native(date_format(moment, form))


@lru_cache(maxsize=4096)
def _day(day: datetime.date, form: str, _language: str | None) -> str:
    """Kept, because a page has hundreds of days. In the language spoken now, which the caller names."""
    return native(date_format(day, form))

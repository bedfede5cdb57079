"""Large numbers as people in this field write them: 7B, 300M parameters, 2 trillion tokens, 3 crore."""

import re
from decimal import Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

UNITS = {
    "": 1,
    "k": 10**3,
    "thousand": 10**3,
    "lakh": 10**5,
    "m": 10**6,
    "mn": 10**6,
    "million": 10**6,
    "crore": 10**7,
    "b": 10**9,
    "bn": 10**9,
    "billion": 10**9,
    "t": 10**12,
    "tn": 10**12,
    "trillion": 10**12,
}
WRITTEN = re.compile(
    r"(?P<number>[0-9.,\u00a0\u202f ]*[0-9.](?:e[+]?[0-9]{1,2})?) ?(?P<unit>[a-z]*)"
    r"(?: ?(?:parameters?|params?|tokens?))?",
    re.IGNORECASE,
)
GROUPED = re.compile(r"[0-9]{1,3}(,[0-9]{2,3})*,[0-9]{3}(\.[0-9]*)?")
LARGEST = Decimal(10) ** 24


def read_quantity(written: str) -> Decimal:
    """“7B” → 7,000,000,000; ValidationError with a sentence where it is no number above 0."""
    plain = re.sub(r"\b(parameters?|params?|tokens?)$", "", written.strip(), flags=re.IGNORECASE).strip()
    match = WRITTEN.fullmatch(plain) if len(plain) <= 60 else None
    unit = UNITS.get(match["unit"].lower()) if match else None
    if match is None or unit is None:
        raise ValidationError(_("Write a number such as 7B, 300M or 2 trillion."))
    digits = re.sub(r"[\s\u00a0\u202f]", "", match["number"])
    if GROUPED.fullmatch(digits):
        digits = digits.replace(",", "")
    try:
        number = Decimal(digits) * unit
    except InvalidOperation as error:
        raise ValidationError(_("Write a number such as 7B, 300M or 2 trillion.")) from error
    if not 0 < number <= LARGEST:
        raise ValidationError(_("Write a number above 0, and one that can be meant."))
    return number


def in_short(number: Decimal) -> str:
    """The same number, exactly: 7,000,000,000 → “7B”; 1,500 → “1.5K”."""
    for letter, size in (("T", 10**12), ("B", 10**9), ("M", 10**6), ("K", 10**3), ("", 1)):
        if number >= size:
            return format((number / size).normalize(), "f") + letter
    return format(number.normalize(), "f")

"""Numbers, shares and quarters in words, in the visitor's language."""

from decimal import Decimal
from functools import cache

from django.utils.formats import get_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mission.numerals import native

Amount = int | float | Decimal


@cache
def _writing(language: str | None) -> tuple[str, str, bool]:
    """How a language writes numbers: decimal and thousands separator; whether it groups as India does."""
    separators = get_format("DECIMAL_SEPARATOR", language), get_format("THOUSAND_SEPARATOR", language)
    return *separators, get_format("NUMBER_GROUPING", language) != 3


def number(value: Amount, decimals: int = 0) -> str:
    """22,682,855: in full, as the language writes it. A page has a thousand of these, so it is quick."""
    point, comma, indian = _writing(get_language())
    text = f"{value:,.{decimals}f}"
    if (point, comma, indian) == (".", ",", False):
        return text
    whole, _point, part = text.partition(".")
    if indian:
        whole = _indian(whole)
    return native(whole.replace(",", comma) + (point + part if part else ""))


def _indian(whole: str) -> str:
    """2,26,82,855: the last three digits, then pairs."""
    digits = whole.replace(",", "").lstrip("-")
    if len(digits) < 6:
        return whole
    first, last = digits[:-3], digits[-3:]
    pairs = [first[max(0, end - 2) : end] for end in range(len(first), 0, -2)]
    return ("-" if whole.startswith("-") else "") + ",".join([*reversed(pairs), last])


def share(part: Amount, whole: Amount) -> str:
    """13.6%: with one decimal."""
    return _("%(number)s%%") % {"number": number(100 * Decimal(part) / Decimal(whole), 1)}


def change(now: Amount, before: Amount) -> str:
    """+32.5%, with a real minus where it fell."""
    percent = 100 * (Decimal(now) - Decimal(before)) / Decimal(before)
    sign = "+" if percent >= 0 else "−"
    return _("%(sign)s%(number)s%%") % {"sign": sign, "number": number(abs(percent), 1)}


def short(value: Amount) -> str:
    """For axes and legends: 500, 20k, 1.5M, 3bn."""
    size = abs(value)
    scales = [(9, _("%sbn")), (6, _("%sM")), (3, _("%sk"))]
    if _writing(get_language())[2]:
        scales = [(7, "%s करोड़"), (5, "%s लाख"), (3, _("%sk"))]
    for power, pattern in scales:
        if size >= 10**power:
            return pattern % _brief(Decimal(value).scaleb(-power))
    return _brief(Decimal(value))


def _brief(value: Decimal) -> str:
    rounded = round(value, 2).normalize()
    decimals = max(0, -int(rounded.as_tuple().exponent))
    return number(rounded, decimals)


def brief(value: Amount) -> str:
    """With one decimal, unless that says nothing."""
    rounded = round(Decimal(value), 1)
    return number(rounded, 0 if rounded == rounded.to_integral_value() else 1)


def quarter(year: int, number_of: int) -> str:
    return native(_("%(year)s Q%(quarter)s") % {"year": year, "quarter": number_of})


def listed(names: list[str]) -> str:
    """Brazil, India and Kenya."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": _(", ").join(names[:-1]), "last": names[-1]}

"""Numbers, shares and quarters in words, in the visitor's language."""

from decimal import Decimal
from functools import cache

from django.utils.formats import get_format, number_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

Amount = int | float | Decimal


@cache
def _separators(language: str | None) -> tuple[str, str] | None:
    """The language's decimal and thousands separators; None where it groups otherwise than by thousands."""
    if get_format("NUMBER_GROUPING", language) != 3:
        return None
    return get_format("DECIMAL_SEPARATOR", language), get_format("THOUSAND_SEPARATOR", language)


def number(value: Amount, decimals: int = 0) -> str:
    """22,682,855: in full, grouped as the language groups. A page has a thousand of these, so it is quick."""
    separators = _separators(get_language())
    if separators is None:
        exact = round(Decimal(value), decimals)
        return str(number_format(exact, decimal_pos=decimals, use_l10n=True, force_grouping=True))
    text = f"{value:,.{decimals}f}"
    if separators == (".", ","):
        return text
    whole, _point, part = text.partition(".")
    return whole.replace(",", separators[1]) + (separators[0] + part if part else "")


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
    for power, pattern in ((9, _("%sbn")), (6, _("%sM")), (3, _("%sk"))):
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
    return _("%(year)s Q%(quarter)s") % {"year": year, "quarter": number_of}


def listed(names: list[str]) -> str:
    """Brazil, India and Kenya."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}

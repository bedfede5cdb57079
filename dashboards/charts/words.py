"""Numbers, shares and quarters in words, in the visitor's language."""

from decimal import Decimal
from functools import cache, lru_cache

from django.utils.formats import get_format
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from mission.numerals import native

Amount = int | float | Decimal
BRIEF = 1  # decimals


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


def rounded(value: Amount, decimals: int = 0) -> str:
    """As `number`, but what is not zero is never told as zero: “under 0.01”, below zero “above -0.01”."""
    if vanishes(value, decimals):
        return _near(value, number(10.0**-decimals if value > 0 else -(10.0**-decimals), decimals))
    return number(value, decimals)


def vanishes(value: Amount, decimals: int) -> bool:
    """Whether it is not zero and would be written as zero."""
    if not value or not -0.5 <= value <= 0.5:
        return False
    return not float(f"{value:.{decimals}f}")


def _near(value: Amount, least: str) -> str:
    told = _("under %(number)s") if value > 0 else _("above %(number)s")
    return told % {"number": least}


def between(lower: Amount, upper: Amount, decimals: int | None = None) -> str:
    """“3 to 5”, or one number where both read the same. Both ends tiny: “under 0.01”, not “0 to under 0.01”.
    `decimals` None: as `brief` writes them."""
    places = BRIEF if decimals is None else decimals
    high = brief(upper) if decimals is None else rounded(upper, decimals)
    if lower == upper:
        return high
    low = brief(lower) if decimals is None else rounded(lower, decimals)
    if low == high or (vanishes(upper, places) and lower >= 0):
        return high
    return _("%(lower)s to %(upper)s") % {"lower": low, "upper": high}


def at_least(lower: Amount, decimals: int | None = None) -> str:
    """“at least 3”; “more than 0” where it is not zero and too small to be written."""
    if vanishes(lower, BRIEF if decimals is None else decimals):
        return _("more than %(lower)s") % {"lower": number(0)}
    told = brief(lower) if decimals is None else number(lower, decimals)
    return _("at least %(lower)s") % {"lower": told}


def up_to(upper: Amount, decimals: int | None = None) -> str:
    """“up to 3”, or “under 0.01”."""
    told = brief(upper) if decimals is None else rounded(upper, decimals)
    if vanishes(upper, BRIEF if decimals is None else decimals):
        return told
    return _("up to %(upper)s") % {"upper": told}


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
    percent = 100 * Decimal(part) / Decimal(whole)
    tiny = vanishes(percent, 1)
    told = _("%(number)s%%") % {"number": number(0.1 if tiny else percent, 1)}
    return _near(1, told) if tiny else told


def change(now: Amount, before: Amount) -> str:
    """+32.5%, with a real minus where it fell."""
    percent = 100 * (Decimal(now) - Decimal(before)) / Decimal(before)
    sign = "+" if percent >= 0 else "−"
    tiny = vanishes(percent, 1)
    told = _("%(sign)s%(number)s%%") % {"sign": sign, "number": number(0.1 if tiny else abs(percent), 1)}
    return _near(percent, told) if tiny else told


def short(value: Amount) -> str:
    """For axes and legends: 500, 20k, 1.5M, 3bn."""
    return _short(value, get_language())


@lru_cache(4096)
def _short(value: Amount, language: str | None) -> str:
    """Kept, because a drawing says the same few numbers hundreds of times, and says them twice: wide and
    narrow."""
    size = abs(value)
    for power, pattern in _scales(language):
        if size >= 10**power:
            return pattern % _brief(Decimal(value).scaleb(-power))
    return _brief(Decimal(value))


@cache
def _scales(language: str | None) -> list[tuple[int, str]]:
    """In the language spoken now, which the caller names so that each is kept apart: powers of ten, largest
    first."""
    if _writing(language)[2]:
        return [(7, "%s करोड़"), (5, "%s लाख"), (3, _("%sk"))]
    return [(9, _("%sbn")), (6, _("%sM")), (3, _("%sk"))]


def _brief(value: Decimal) -> str:
    """Two decimals; two digits of what is smaller than they can tell, so that it does not read as zero."""
    size = value.adjusted() if value else 0
    brought = round(value, 2 if size >= -2 else 1 - size).normalize()
    decimals = max(0, -int(brought.as_tuple().exponent))
    return number(brought, decimals)


def brief(value: Amount) -> str:
    """With one decimal, unless that says nothing."""
    if vanishes(value, BRIEF):
        return rounded(value, BRIEF)
    one = round(Decimal(value), BRIEF)
    return number(one, 0 if one == one.to_integral_value() else BRIEF)


def quarter(year: int, number_of: int) -> str:
    return native(_("%(year)s Q%(quarter)s") % {"year": year, "quarter": number_of})


def listed(names: list[str]) -> str:
    """Brazil, India and Kenya."""
    if len(names) < 2:
        return "".join(names)
    between = pgettext("between names, the last one aside", ", ")
    return _("%(first)s and %(last)s") % {"first": between.join(names[:-1]), "last": names[-1]}

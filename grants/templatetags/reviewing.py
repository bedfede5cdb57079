"""What the templates of reviews need and Django does not have."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(table: Mapping[Any, Any], key: Any) -> Any:
    """`table|at:key`; nothing where there is none."""
    return table.get(key)

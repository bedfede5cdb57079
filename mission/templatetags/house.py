"""`{% once "components/foot.html" %}`: what is the same on every page of a language, put together once in a
process; `{% once "components/links.html" links=public_links %}`: once for these links. Known to every
template."""

from collections.abc import Hashable
from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()
MANY = 256  # a dozen in use


@register.simple_tag
def once(name: str, **values: Hashable) -> SafeString:
    """It reads nothing of the page it stands on but these."""
    return _rendered(name, get_language(), get_script_prefix(), **values)


@lru_cache(MANY)
def _rendered(name: str, _language: str | None, _prefix: str, **values: Hashable) -> SafeString:
    return render_to_string(name, values)

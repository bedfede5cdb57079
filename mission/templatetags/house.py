"""`{% once "components/foot.html" %}`: what is the same on every page of a language, put together once in a
process. Known to every template."""

from functools import cache

from django import template
from django.template.loader import render_to_string
from django.urls import get_script_prefix
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = template.Library()


@register.simple_tag
def once(name: str) -> SafeString:
    """It reads nothing of the page it stands on."""
    return _rendered(name, get_language(), get_script_prefix())


@cache
def _rendered(name: str, _language: str | None, _prefix: str) -> SafeString:
    return render_to_string(name)

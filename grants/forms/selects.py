"""A select that writes its own markup: a filter has hundreds of options, and a template for each is slow."""

from typing import Any

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


class PlainSelect(forms.Select):
    """As Django's, without groups and without attributes of single options."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        context = self.get_context(name, value, attrs)["widget"]
        given = {key: found for key, found in context["attrs"].items() if found not in (None, False)}
        chosen = set(context["value"] or [])
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (key, SafeString(" selected") if str(key) in chosen else "", label)
                for key, label in self.choices
            ),
        )
        written = format_html_join("", ' {}="{}"', given.items())
        return format_html('<select name="{}"{}>{}</select>', name, written, options)

    def optgroups(self, name: str, value: list[str], attrs: Any = None) -> list[Any]:
        """Not built: `render` writes the options."""
        return []

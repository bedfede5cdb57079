"""A `<select>` drawn in one pass: Django's own takes a template for every option."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from html import escape
from typing import Any

from django import forms
from django.utils.choices import BaseChoiceIterator
from django.utils.safestring import SafeString, mark_safe

Choice = tuple[Any, Any]  # a key and its words; or the name of a group and a list of such pairs


class Offered(BaseChoiceIterator):
    """Choices that stay as they are: Django goes through a plain list again wherever it is handed on. They
    keep their markup, which pays where the same are offered again."""

    def __init__(self, choices: Iterable[Choice]) -> None:
        self.all = list(choices)

    def __iter__(self) -> Iterator[Choice]:
        return iter(self.all)

    @cached_property
    def options(self) -> str:
        return "".join(option(key, label) for key, label in self.all)


def option(key: Any, label: Any) -> str:
    if isinstance(label, list | tuple):  # a group: its name, and the options in it
        held = "".join(option(inner, words) for inner, words in label)
        return f'<optgroup label="{escape(str(key))}">{held}</optgroup>'
    return f"{begin(key)}>{escape(str(label))}</option>"


def begin(key: Any) -> str:
    return f'<option value="{escape(str(key))}"'


class QuickSelect(forms.Select):
    """The same markup as Django's for what we use: one value, options that may stand in groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        told = {"name": name, **self.build_attrs(self.attrs, attrs)}
        offered = self.choices if isinstance(self.choices, Offered) else Offered(self.choices)
        options = offered.options
        for chosen in {*self.format_value(value)}:
            options = options.replace(f"{begin(chosen)}>", f"{begin(chosen)} selected>")
        words = "".join(
            f" {key}" if said is True else f' {key}="{escape(str(said))}"'
            for key, said in told.items()
            if said is not None and said is not False
        )
        return mark_safe(f"<select{words}>{options}</select>")  # noqa: S308  (escaped, word by word)

"""Forms read from the address. A bad value gets a sentence, never silence."""

from collections.abc import Iterable
from typing import Any, Self

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from dashboards.figures.places import places
from mission.remembered import Subject, remembered_while
from mission.selects import Offered, QuickSelect

USUAL = forms.ChoiceField.default_error_messages["invalid_choice"]  # Django's; own sentences stay


class AskedForm(forms.Form):
    """A form read from the address. What is not asked for, or wrong, is its default."""

    @property
    def settled(self) -> dict[str, list[str]]:
        """What a link must say so that it means the same tomorrow: defaults that move."""
        return {}

    @classmethod
    def asked(cls, request: HttpRequest, **kwargs: Any) -> Self:
        form = cls(request.GET.copy(), **kwargs)
        data = form.data
        if isinstance(data, QueryDict):
            for name, field in form.fields.items():
                if name not in data:
                    data[name] = field.initial if field.initial is not None else ""
        for field in form.fields.values():
            if field.error_messages.get("invalid_choice") is USUAL:
                field.error_messages["invalid_choice"] = _("“%(value)s” is not one of the choices.")
            if isinstance(field, forms.ChoiceField) and type(field.widget) is forms.Select:
                field.widget = QuickSelect(field.widget.attrs, field.widget.choices)
                field.widget.is_required = field.required
        return form

    def offer(self, name: str, choices: Iterable[tuple[str, Any]]) -> None:
        """Set the choices of a field that only the rows know."""
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices if isinstance(choices, Offered) else Offered(choices)

    @property
    def chosen(self) -> dict[str, Any]:
        """What to show: what was asked for, and the default where that was wrong."""
        _cleaned = self.errors  # cleans, once
        return {name: self.cleaned_data.get(name, field.initial or "") for name, field in self.fields.items()}


def nation_choices(first: Any) -> Offered:
    """All nations by name; `first`: the words for none of them."""
    return _nations(str(first))


@remembered_while(Subject.NATIONS)
def _nations(first: str) -> Offered:
    return Offered([("", first), *((place.code, place.name) for place in places().values())])


class NationField(forms.ChoiceField):
    """A code in either case."""

    default_error_messages = {
        "invalid_choice": _(
            "“%(value)s” is not the code of a nation. Codes are those of ISO 3166-1, such as IN."
        )
    }

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).upper()

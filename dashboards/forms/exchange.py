"""Give and take."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboards.figures.exchange import NOWHERE
from dashboards.figures.places import Place
from dashboards.forms.asked import AskedForm, NationField, nation_choices


class OtherField(NationField):
    """Of a pair of places: a nation, or what has none."""

    def to_python(self, value: Any) -> str:
        code = super().to_python(value)
        return code.lower() if code.lower() in NOWHERE else code


class ExchangeForm(AskedForm):
    """`to` and `from` open the steps between the chosen nation and another place; links set them."""

    nation = NationField(label=_("Nation"), required=False)
    kind = forms.ChoiceField(
        label=_("Steps"),
        required=False,
        choices=[
            ("", _("of every kind")),
            ("model", _("models built on models")),
            ("dataset", _("models trained on datasets")),
            ("benchmark", _("models measured on benchmarks")),
        ],
    )
    months = forms.ChoiceField(
        label=_("Time"),
        choices=[("12", _("a year")), ("24", _("two years")), ("60", _("five years"))],
        initial="12",
    )

    def __init__(self, *args: Any, places: Mapping[str, Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("nation", nation_choices(_("all")))
        anywhere = [("", ""), *((code, code) for code in (*places, *NOWHERE))]
        for way in ("to", "from"):
            self.fields[way] = OtherField(required=False, choices=anywhere, widget=forms.HiddenInput)

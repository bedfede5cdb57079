"""What the estimator is asked, and into which draft its result goes."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.models.applications import Application
from grants.models.estimator import BY_KEY, HARDWARE, UTILISATION, Estimate, Work
from grants.models.quantities import read_quantity


class QuantityField(forms.CharField):
    """A large number as people write it: 7B, 300M, 2 trillion tokens."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return read_quantity(text) if text else text


class EstimateForm(forms.Form):
    item = forms.CharField(
        label=_("What is it for?"),
        help_text=_("Such as “Pre-training of the base model”."),
        max_length=120,
        required=False,
    )
    work = forms.ChoiceField(
        label=_("What is done?"), choices=Work.choices, initial=Work.TRAINING, widget=forms.RadioSelect
    )
    parameters = QuantityField(
        label=_("Parameters of the model"),
        help_text=_("Such as 7B or 350M. Of a mixture of experts, those active for one token."),
        max_length=40,
    )
    tokens = QuantityField(
        label=_("Tokens"),
        help_text=_("All that the model reads or writes, each pass over the data counted: 300B, 2T."),
        max_length=40,
    )
    hardware = forms.ChoiceField(
        label=_("Hardware"), choices=[(each.key, each.name) for each in HARDWARE], initial="h100"
    )
    utilisation = forms.DecimalField(
        label=_("Utilisation, in per cent of the peak"),
        help_text=_(
            "Leave empty for 40, or 10 for inference. Measured on a short run, your own number is better."
        ),
        min_value=1,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        required=False,
        widget=forms.TextInput({"inputmode": "decimal", "class": "num"}),
    )
    runs = forms.IntegerField(
        label=_("How often?"),
        help_text=_("Full runs of this size, with those that fail."),
        min_value=1,
        max_value=1000,
        initial=1,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "class": "num"}),
    )

    def estimate(self) -> Estimate:
        data = self.cleaned_data
        work = Work(data["work"])
        return Estimate(
            work=work,
            parameters=data["parameters"],
            tokens=data["tokens"],
            hardware=BY_KEY[data["hardware"]],
            utilisation=data["utilisation"] or Decimal(UTILISATION[work]),
            runs=data["runs"] or 1,
        )

    def item_name(self) -> str:
        return str(self.cleaned_data["item"].strip() or Work(self.cleaned_data["work"]).label)


class UseForm(forms.Form):
    application = forms.ChoiceField(label=_("Add it to the GPU-hours of"))

    def __init__(self, drafts: Iterable[Application], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drafts = {draft.reference: draft for draft in drafts}
        choices = [(key, f"{draft}, {draft.call.title}") for key, draft in self.drafts.items()]
        self.fields["application"].choices = choices  # type: ignore[attr-defined]

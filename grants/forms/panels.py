"""What the panel held of one application."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.amounts import LARGEST_MONEY
from grants.models.applications import Application
from grants.models.call_parts import HIGHEST_POINTS
from grants.models.gpu_time import LARGEST_HOURS, gpu_ms


class PanelForm(forms.Form):
    """One field a criterion, `<key>-points`, in halves; it starts at the reviewers' mean."""

    def __init__(
        self,
        application: Application,
        criteria: list[dict[str, Any]],
        start: Mapping[str, Decimal],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        for item in criteria:
            self.fields[f"{item['key']}-points"] = forms.DecimalField(
                label=_("%(label)s (%(share)d%% of the score)") % item,
                min_value=0,
                max_value=HIGHEST_POINTS,
                step_size=Decimal("0.5"),
                initial=start.get(item["key"]),
                help_text=_("0 to %(highest)d, halves are fine.") % {"highest": HIGHEST_POINTS},
            )
        if application.requested_gpu_ms:
            self.fields["recommended"] = forms.DecimalField(
                label=_("GPU-hours the panel would give"),
                required=False,
                min_value=0,
                max_value=LARGEST_HOURS,
                decimal_places=2,
            )
        if application.requested_money:
            self.fields["recommended_money"] = forms.DecimalField(
                label=_("Money the panel would give, in %(currency)s")
                % {"currency": application.call.currency},
                required=False,
                min_value=0,
                max_value=LARGEST_MONEY,
                decimal_places=2,
            )
        self.fields["reasons"] = forms.CharField(
            label=gettext_lazy("What the panel held, and why"),
            help_text=gettext_lazy("Where points were moved, say what moved them. Kept for good."),
            widget=forms.Textarea({"rows": 6}),
        )

    def values(self) -> dict[str, Any]:
        """As `actions.panels.record_panel` takes them."""
        data = self.cleaned_data
        hours = data.get("recommended")
        return {
            "moderated": {item["key"]: data[f"{item['key']}-points"] for item in self.criteria},
            "reasons": data["reasons"],
            "recommended_gpu_ms": None if hours is None else gpu_ms(hours),
            "recommended_money": data.get("recommended_money"),
        }

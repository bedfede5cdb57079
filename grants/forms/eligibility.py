"""Who may apply: each rule of `grants.models.eligibility` as a field an officer fills or leaves empty."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from mission.models import Nation
from mission.models.organisations import OrganisationType


class EligibilityFields(forms.Form):
    only_types = forms.MultipleChoiceField(
        label=_("Only these kinds of organisation"),
        help_text=_("All, where none is ticked."),
        required=False,
        choices=OrganisationType.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    only_nations = forms.ModelMultipleChoiceField(
        Nation.objects.all(),
        label=_("Only organisations registered in"),
        help_text=_("All nations, where none is chosen."),
        required=False,
        widget=forms.SelectMultiple({"size": 6}),
    )
    founded_within = forms.IntegerField(
        label=_("Founded within the last years"), required=False, min_value=1, max_value=200
    )
    must_be_registered = forms.BooleanField(label=_("Must have a registration number"), required=False)
    hours_at_most = forms.IntegerField(
        label=_("GPU-hours one application may ask for, at most"), required=False, min_value=1
    )
    money_at_most = forms.IntegerField(
        label=_("Money one application may ask for, at most"), required=False, min_value=1
    )
    must_promise_open = forms.BooleanField(
        label=_("Everything published must be under an open licence"),
        required=False,
        help_text=_("Judged from the answers to the licence questions."),
    )
    awards_at_most = forms.IntegerField(
        label=_("Awards received before, at most"), required=False, min_value=0
    )

    def rules(self) -> list[dict[str, Any]]:
        """As data, for the call."""
        data = self.cleaned_data
        made: list[dict[str, Any]] = []
        if data["only_types"]:
            made.append({"rule": "organisation_type", "any_of": data["only_types"]})
        if data["only_nations"]:
            made.append({"rule": "nation", "any_of": [nation.pk for nation in data["only_nations"]]})
        if data["founded_within"] is not None:
            made.append({"rule": "founded_within_years", "years": data["founded_within"]})
        if data["must_be_registered"]:
            made.append({"rule": "registered"})
        if data["hours_at_most"] is not None:
            made.append({"rule": "gpu_hours_at_most", "hours": data["hours_at_most"]})
        if data["money_at_most"] is not None:
            made.append({"rule": "money_at_most", "amount": data["money_at_most"]})
        if data["must_promise_open"]:
            made.append({"rule": "open_licences"})
        if data["awards_at_most"] is not None:
            made.append({"rule": "earlier_awards_at_most", "count": data["awards_at_most"]})
        return made

    @staticmethod
    def initial_of(rules: list[dict[str, Any]]) -> dict[str, Any]:
        """The fields as a call's rules would have filled them."""
        by_name = {rule["rule"]: rule for rule in rules}
        return {
            "only_types": by_name.get("organisation_type", {}).get("any_of", []),
            "only_nations": by_name.get("nation", {}).get("any_of", []),
            "founded_within": by_name.get("founded_within_years", {}).get("years"),
            "must_be_registered": "registered" in by_name,
            "hours_at_most": by_name.get("gpu_hours_at_most", {}).get("hours"),
            "money_at_most": by_name.get("money_at_most", {}).get("amount"),
            "must_promise_open": "open_licences" in by_name,
            "awards_at_most": by_name.get("earlier_awards_at_most", {}).get("count"),
        }

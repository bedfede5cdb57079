"""Whom an officer lets in despite a rule, and why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.models.eligibility import Finding


class OverrideForm(forms.Form):
    rule = forms.ChoiceField(label=_("Which rule does not count for them?"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("It is kept with your name, and the applicant reads it beside the rule."),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
    )

    def __init__(self, data: Mapping[str, Any] | None, *, findings: Sequence[Finding]) -> None:
        super().__init__(data)
        known: Any = self.fields["rule"]
        known.choices = [(finding.name, finding.rule) for finding in findings if not finding.ok]
        if len(known.choices) == 1:
            known.initial = known.choices[0][0]

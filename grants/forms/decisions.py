"""The desk's form of a decision."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.applications import Application
from grants.models.compute import Resource
from grants.models.decisions import DecisionKind
from grants.models.gpu_time import LARGEST_HOURS, gpu_ms, plain_hours


class DecisionForm(forms.Form):
    kind = forms.ChoiceField(
        label=gettext_lazy("Decision"), choices=DecisionKind.choices, widget=forms.RadioSelect
    )
    gpu_hours = forms.DecimalField(
        label=gettext_lazy("GPU-hours to award"),
        required=False,
        min_value=0,
        max_value=LARGEST_HOURS,
        decimal_places=2,
    )
    resource = forms.ModelChoiceField(
        Resource.objects.all(), label=gettext_lazy("On which GPUs"), required=False
    )
    expires_on = forms.DateField(
        label=gettext_lazy("To be used until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("A year from today unless you say otherwise."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Kept with the decision. The applicant does not see it."),
        widget=forms.Textarea({"rows": 4}),
    )
    feedback = forms.CharField(
        label=gettext_lazy("Words to the applicant"),
        required=False,
        help_text=gettext_lazy("Part of the letter. Needed where you decline."),
        widget=forms.Textarea({"rows": 4}),
    )

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not application.call.budget_gpu_ms:
            for name in ("gpu_hours", "resource", "expires_on"):
                del self.fields[name]
        elif not self.is_bound:
            self.initial["gpu_hours"] = plain_hours(application.requested_gpu_ms)
            self.initial["resource"] = Resource.objects.first()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") == DecisionKind.DECLINE and not data.get("feedback", "").strip():
            self.add_error("feedback", _("Tell the applicant why."))
        expires = data.get("expires_on")
        if expires and expires <= timezone.localdate():
            self.add_error("expires_on", _("Choose a day to come."))
        return data

    @property
    def is_award(self) -> bool:
        return bool(self.cleaned_data["kind"] == DecisionKind.AWARD)

    def award_values(self) -> dict[str, Any]:
        """As `actions.awards.award` takes them."""
        data = self.cleaned_data
        day = data.get("expires_on")
        end = datetime.time(23, 59, 59)
        return {
            "gpu_ms": gpu_ms(data.get("gpu_hours") or 0),
            "resource": data.get("resource"),
            "expires_at": timezone.make_aware(datetime.datetime.combine(day, end)) if day else None,
            "reason": data["reason"],
            "feedback": data["feedback"],
        }

"""Answering an offer, and giving more time for the answer."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.calls import Call
from grants.models.decisions import Offer
from grants.models.moments import end_of_day, start_of


class AcceptForm(forms.Form):
    terms_read = forms.BooleanField(
        required=False,  # the action says what is missing
        label=gettext_lazy("We read the terms and accept the award on them"),
    )

    def __init__(self, offer: Offer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not offer.terms:
            self.fields["terms_read"].label = _("We accept the award")


class TurnDownForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("Why, if you like to say"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy("The desk reads it. What was offered goes to somebody else."),
        widget=forms.Textarea({"rows": 3}),
    )


class ExtendForm(forms.Form):
    until = forms.DateField(
        label=gettext_lazy("New last day to answer"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("To the end of that day, in the call's time zone."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why they get more time"), max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def values(self, call: Call) -> dict[str, Any]:
        """As `extend_offer` takes them."""
        day: datetime.date = self.cleaned_data["until"]
        moment = end_of_day(start_of(day, call.time_zone), call.time_zone)
        return {"answer_by": moment, "reason": self.cleaned_data["reason"]}

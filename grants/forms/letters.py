"""A call's own words for a letter."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from grants import emails
from grants.models.calls import Call
from grants.models.letters import mark_of


class LetterForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(label=_("Words"), max_length=10_000, widget=forms.Textarea({"rows": 18}))
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, call: Call, kind: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_bound:
            own = call.letters.get(kind)
            subject, body = (own["subject"], own["body"]) if own else emails.house_template(kind)
            self.initial = {"subject": subject, "body": body, "seen": mark_of(call, kind)}

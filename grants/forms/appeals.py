"""Filing an appeal, and deciding one."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AppealForm(forms.Form):
    grounds = forms.CharField(
        label=_("What should be looked at again, and why"),
        help_text=_("Name what was missed or misread in what you submitted. New work is for another call."),
        max_length=5000,
        widget=forms.Textarea({"rows": 8}),
    )


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[
            ("uphold", _("Upheld: the application is decided anew, by somebody else than before")),
            ("dismiss", _("Dismissed: the decision stands")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The applicant reads it in the letter."),
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
    )

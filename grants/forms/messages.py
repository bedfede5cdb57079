"""A message, a note."""

from django import forms
from django.utils.translation import gettext_lazy as _


class MessageForm(forms.Form):
    body = forms.CharField(label=_("Your message"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5}))


class NoteForm(forms.Form):
    prefix = "note"
    body = forms.CharField(
        label=_("A note for the desk"),
        help_text=_("The applicant and the reviewers never see it."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

"""Acts on many applications: what each asks for before it is done."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext_lazy as _

from grants.actions import bulk

MOST = 500


class Act(NamedTuple):
    """`label` in the list; `question` and `button` name the number."""

    label: Any
    question: Any
    button: Any
    form: type[forms.Form]
    act: Callable[..., Any]
    tone: str = ""


class BulkForm(forms.Form):
    """`once` is new on each confirmation page: the same page sent twice acts once."""

    once = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class NoteForm(BulkForm):
    body = forms.CharField(
        label=_("The note"),
        help_text=_("The applicants and the reviewers never see it."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class MessageForm(BulkForm):
    body = forms.CharField(
        label=_("The message"),
        help_text=_("Each applicant's team gets it as a message of its own."),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class CheckForm(BulkForm):
    note = forms.CharField(
        label=_("A note for the desk"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DeclineForm(BulkForm):
    reason = forms.CharField(
        label=_("Reason, for the desk"), max_length=5000, widget=forms.Textarea(attrs={"rows": 3})
    )
    feedback = forms.CharField(
        label=_("Feedback, in the letter to each applicant"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


ACTS: Mapping[str, Act] = {
    "message": Act(
        _("Send a message"),
        _("Send a message to the applicants of %(count)s?"),
        _("Send to %(count)s"),
        MessageForm,
        bulk.send_message,
    ),
    "note": Act(
        _("Add a note"), _("Add a note to %(count)s?"), _("Add to %(count)s"), NoteForm, bulk.add_note
    ),
    "read": Act(
        _("Mark messages as read"),
        _("Mark the messages on %(count)s as read?"),
        _("Mark on %(count)s"),
        BulkForm,
        bulk.mark_messages_read,
    ),
    "check": Act(
        _("Pass the administrative check"),
        _("Pass the administrative check of %(count)s?"),
        _("Pass %(count)s"),
        CheckForm,
        bulk.check_passed,
    ),
    "decline": Act(
        _("Decline"),
        _("Decline %(count)s?"),
        _("Decline %(count)s"),
        DeclineForm,
        bulk.decline,
        "warn",
    ),
    "announce": Act(
        _("Announce the decision"),
        _("Announce the decisions on %(count)s?"),
        _("Announce %(count)s"),
        BulkForm,
        bulk.announce_decision,
        "warn",
    ),
}

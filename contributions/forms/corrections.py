"""Contesting something, and deciding what was contested."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.correction_changes import (
    Change,
    EndAffiliation,
    FixKind,
    MarkCopy,
    MarkOriginal,
    Merge,
    RecordAffiliation,
    RevokeAffiliation,
    Split,
)
from contributions.forms.targets import TargetFields, account_named, artifact_named
from contributions.models import Account, AccountKind, Affiliation, Artifact


class ContestForm(forms.Form):
    about = forms.CharField(max_length=400, required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("What is wrong, and what would be right?"),
        help_text=_("An officer reads this. It is not published."),
        max_length=4000,
        widget=forms.Textarea({"rows": 8}),
    )
    evidence_url = forms.URLField(
        label=_("Where can that be seen?"),
        help_text=_("An address on the web, such as a profile, a register, a release."),
        required=False,
        max_length=400,
        assume_scheme="https",
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        help_text=_("Only to write to you what was decided. It is deleted once that letter is sent."),
        required=False,
        max_length=254,
    )


class DecisionForm(TargetFields):
    """The outcome, and any of the changes it brings. What stays empty changes nothing."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("accept", _("Accepted")), ("decline", _("Declined: nothing is changed"))],
        widget=forms.RadioSelect,
    )
    public_summary = forms.CharField(
        label=_("What everybody reads"),
        help_text=_("What was found, and what follows. Name no person."),
        max_length=2000,
        widget=forms.Textarea({"rows": 5}),
    )
    affiliation = forms.ModelChoiceField(
        Affiliation.objects.none(), label=_("Affiliation"), required=False, empty_label=_("none")
    )
    affiliation_act = forms.ChoiceField(
        label=_("What happens to it"),
        choices=[("", _("nothing")), ("end", _("it ended on the day below")), ("revoke", _("it never held"))],
        required=False,
    )
    affiliation_end = forms.DateField(
        label=_("First day it no longer held"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    account = forms.CharField(
        label=_("Account"), help_text=_("github:NAME or huggingface:NAME"), required=False, max_length=120
    )
    kind = forms.ChoiceField(
        label=_("It is a"), choices=[("", _("as it is")), *AccountKind.choices], required=False
    )
    split = forms.BooleanField(label=_("It is not the person's it was merged with"), required=False)
    merge_with = forms.CharField(
        label=_("It is the same person's as"),
        help_text=_("github:NAME or huggingface:NAME"),
        required=False,
        max_length=120,
    )
    artifact = forms.CharField(
        label=_("Artefact"), help_text=_("Its name or address"), required=False, max_length=400
    )
    copy_of = forms.CharField(
        label=_("It is a copy of"),
        help_text=_("Name or address of the original"),
        required=False,
        max_length=400,
    )
    not_a_copy = forms.BooleanField(label=_("It is no copy"), required=False)

    def offer(self, affiliations: "Any") -> None:
        """The affiliations that may be ended or revoked here."""
        field = self.fields["affiliation"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = affiliations

    def clean_account(self) -> Account | None:
        return account_named(self.cleaned_data["account"])

    def clean_merge_with(self) -> Account | None:
        return account_named(self.cleaned_data["merge_with"])

    def clean_artifact(self) -> Artifact | None:
        return artifact_named(self.cleaned_data["artifact"])

    def clean_copy_of(self) -> Artifact | None:
        return artifact_named(self.cleaned_data["copy_of"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("affiliation_act") and not data.get("affiliation"):
            self.add_error("affiliation", _("Choose which one."))
        if data.get("affiliation_act") == "end" and not data.get("affiliation_end"):
            self.add_error("affiliation_end", _("Say on which day."))
        about_an_account = ("kind", "split", "merge_with", "nation", "organisation", "international")
        if any(data.get(name) for name in about_an_account) and not (data.get("account") or self.errors):
            self.add_error("account", _("Name the account this is about."))
        if (data.get("copy_of") or data.get("not_a_copy")) and not (data.get("artifact") or self.errors):
            self.add_error("artifact", _("Name the artefact this is about."))
        if data.get("copy_of") and data.get("not_a_copy"):
            self.add_error("not_a_copy", _("It is a copy or it is none."))
        if data.get("split") and data.get("merge_with"):
            self.add_error("split", _("Split it or merge it, not both."))
        return data

    def changes(self) -> list[Change]:
        """In the order in which they are carried out."""
        data = self.cleaned_data
        made: list[Change] = []
        if data["affiliation_act"] == "end":
            made.append(EndAffiliation(data["affiliation"], data["affiliation_end"]))
        if data["affiliation_act"] == "revoke":
            made.append(RevokeAffiliation(data["affiliation"]))
        if self.has_target:
            made.append(RecordAffiliation(data["account"], **self.target()))
        if data["kind"]:
            made.append(FixKind(data["account"], data["kind"]))
        if data["split"]:
            made.append(Split(data["account"]))
        if data["merge_with"]:
            made.append(Merge(data["account"], data["merge_with"]))
        if data["copy_of"]:
            made.append(MarkCopy(data["artifact"], data["copy_of"]))
        if data["not_a_copy"]:
            made.append(MarkOriginal(data["artifact"]))
        return made

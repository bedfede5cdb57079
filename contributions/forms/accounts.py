"""Finding accounts, and what officers and owners say of them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.forms.targets import BelongingFields, TargetFields, account_named
from contributions.models import Account, AccountKind, Affiliation, Platform


class FindAccountsForm(forms.Form):
    """The filters live in the address."""

    q = forms.CharField(label=_("Name, now or before"), required=False, max_length=100)
    platform = forms.ChoiceField(
        label=_("Platform"), required=False, choices=[("", _("all")), *Platform.choices]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *AccountKind.choices])
    tied = forms.ChoiceField(
        label=_("Whose it is"),
        required=False,
        choices=[
            ("", _("all")),
            ("claimed", _("of somebody who signs in here")),
            ("merged", _("merged with others")),
            ("nowhere", _("belongs nowhere yet")),
        ],
    )


class BelongForm(TargetFields):
    """What an officer records of an account."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.has_target and not self.errors:
            self.add_error("organisation", _("Say where it belongs."))
        return data


class DeclareForm(BelongingFields):
    """What a person declares of an account of theirs."""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.has_target and not self.errors:
            self.add_error("organisation", _("Say where you belong."))
        return data


class _OfAffiliation(forms.Form):
    """One that stands, of the account at hand."""

    affiliation = forms.ModelChoiceField(Affiliation.objects.none(), label=_("Affiliation"))

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["affiliation"]
        if isinstance(field, forms.ModelChoiceField):
            rows = Affiliation.objects.standing().filter(account=account)
            field.queryset = rows.select_related("account", "organisation", "nation")


class EndForm(_OfAffiliation):
    valid_to = forms.DateField(
        label=_("First day it no longer held"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class RevokeForm(_OfAffiliation):
    """That it never held."""


class UntilForm(forms.Form):
    valid_to = forms.DateField(
        label=_("First day it no longer held"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


class KindForm(forms.Form):
    kind = forms.ChoiceField(label=_("It is a"), choices=AccountKind.choices)
    reason = forms.CharField(
        label=_("Why"), help_text=_("Shown in public beside the account."), max_length=180
    )


class MergeForm(forms.Form):
    other = forms.CharField(
        label=_("It is the same person's as"),
        help_text=_("github:NAME or huggingface:NAME"),
        max_length=120,
    )
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea({"rows": 2}))

    def clean_other(self) -> Account | None:
        return account_named(self.cleaned_data["other"])


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=500, widget=forms.Textarea({"rows": 2}))

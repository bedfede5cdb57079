"""Naming an account, an artefact, an organisation; and where an account belongs, from when to when."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.models import Account, Artifact, Grade
from mission.models import Nation, Organisation

OFFICERS_GRADES = [(grade.value, grade.label) for grade in (Grade.B, Grade.C, Grade.D)]


def account_named(said: str) -> Account | None:
    """`github:NAME`, `huggingface:NAME` or the account's address. None where nothing is said."""
    if not said.strip():
        return None
    text = said.strip().removesuffix("/")
    for host, platform in (("https://github.com/", "github:"), ("https://huggingface.co/", "huggingface:")):
        text = text.replace(host, platform)
    platform, _colon, login = text.partition(":")
    found = list(Account.objects.named(platform, login).order_by("gone_at", "-observed_at")[:1])
    if not found:
        raise forms.ValidationError(_("No account %(name)s is known. Write github:NAME.") % {"name": said})
    return found[0]


def artifact_named(said: str) -> Artifact | None:
    """By full name or address. None where nothing is said."""
    name = said.strip().removesuffix("/")
    if not name:
        return None
    found = list(Artifact.objects.there().filter(Q(name=name) | Q(url=name))[:2])
    if not found:
        raise forms.ValidationError(_("No artefact %(name)s is known. Write owner/name.") % {"name": said})
    if len(found) > 1:
        raise forms.ValidationError(_("Several are called that. Write the address."))
    return found[0]


def organisation_named(said: str) -> Organisation | None:
    """By official name, registration number or ROR id. None where nothing is said."""
    name = said.strip()
    if not name:
        return None
    same = Q(name__iexact=name) | Q(registry_id=name) | Q(ror_id=name.rsplit("/", 1)[-1])
    found = list(Organisation.objects.filter(same)[:2])
    if len(found) != 1:
        told = _("No organisation of this name is known here. Check how it is written, or give its ROR id.")
        many = _("Several organisations have this name. Give the registration number.")
        raise forms.ValidationError(many if found else told)
    return found[0]


class BelongingFields(forms.Form):
    """Where somebody belongs: an organisation, or a nation, or international; since when."""

    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        help_text=gettext_lazy("Its official name, registration number or ROR id."),
        required=False,
        max_length=200,
    )
    nation = forms.ModelChoiceField(
        Nation.objects.all(),
        label=gettext_lazy("Or a nation"),
        required=False,
        empty_label=gettext_lazy("none"),
    )
    international = forms.BooleanField(label=gettext_lazy("Or of no single nation"), required=False)
    valid_from = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("The first day it no longer held. Leave it empty while it does."),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def clean_organisation(self) -> Organisation | None:
        return organisation_named(self.cleaned_data["organisation"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        said = [name for name in ("organisation", "nation", "international") if data.get(name)]
        if len(said) > 1:
            self.add_error(said[1], _("Choose one: an organisation, a nation, or no single nation."))
        if said and not data.get("valid_from"):
            self.add_error("valid_from", _("Say since when."))
        if data.get("valid_from") and data.get("valid_to") and data["valid_to"] <= data["valid_from"]:
            self.add_error("valid_to", _("It ends after it began."))
        return data

    @property
    def has_target(self) -> bool:
        return any(self.cleaned_data.get(name) for name in ("organisation", "nation", "international"))

    def target(self) -> dict[str, Any]:
        """As `actions.attribution.affiliate` takes it."""
        names = ("organisation", "nation", "international", "valid_from", "valid_to")
        return {name: self.cleaned_data[name] for name in names}


class TargetFields(BelongingFields):
    """What an officer records of an account, with the evidence."""

    grade = forms.ChoiceField(
        label=gettext_lazy("Evidence"), choices=[("", gettext_lazy("none")), *OFFICERS_GRADES], required=False
    )
    source_url = forms.URLField(
        label=gettext_lazy("Address of the evidence"), required=False, max_length=400, assume_scheme="https"
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.has_target and not data.get("grade"):
            self.add_error("grade", _("Say how good the evidence is."))
        if self.has_target and not data.get("source_url") and "source_url" not in self.errors:
            self.add_error("source_url", _("Give the address where that can be read."))
        return data

    def target(self) -> dict[str, Any]:
        return super().target() | {name: self.cleaned_data[name] for name in ("grade", "source_url")}

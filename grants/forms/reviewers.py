"""What reviewers say of themselves, and how the pool is filtered."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.questions.named import languages_named
from grants.models.reviews import ReviewerProfile
from mission.models import Language, Organisation

MOST_AT_ONCE = 60


class ProfileForm(forms.Form):
    expertise = forms.CharField(
        label=gettext_lazy("What you know"),
        required=False,
        max_length=2000,
        help_text=gettext_lazy(
            "Words, separated by commas, as applicants would write them: speech, evaluation, quantisation."
        ),
        widget=forms.Textarea({"rows": 3}),
    )
    languages = forms.CharField(
        label=gettext_lazy("Languages you can judge work in"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy("Separated by commas, in English or by their own names: Hindi, मराठी."),
    )
    most_at_once = forms.IntegerField(
        label=gettext_lazy("Reviews at once, at most"), min_value=0, max_value=MOST_AT_ONCE
    )
    away_until = forms.DateField(
        label=gettext_lazy("Away until"),
        required=False,
        help_text=gettext_lazy("Up to and including that day you are asked for nothing by the machine."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, profile: ReviewerProfile, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {
            "expertise": ", ".join(profile.expertise),
            "languages": ", ".join(row.name for row in profile.languages.all()) if profile.pk else "",
            "most_at_once": profile.most_at_once,
            "away_until": profile.away_until,
        }

    def clean_languages(self) -> list[Language]:
        said = [name.strip() for name in self.cleaned_data["languages"].split(",") if name.strip()]
        known = languages_named(said)
        unknown = [name for name in said if name.lower() not in known]
        if unknown:
            names = ", ".join(f"“{name}”" for name in unknown)
            raise forms.ValidationError(_("Not known as a language: %(names)s.") % {"names": names})
        return [known[name.lower()] for name in said]

    def values(self) -> dict[str, Any]:
        """As `actions.reviewers.save_profile` takes them."""
        return {**self.cleaned_data, "expertise": self.cleaned_data["expertise"].split(",")}


class StandingConflictForm(forms.Form):
    """The organisation by its name: a list of all of them would be long, and would tell who is here."""

    organisation = forms.CharField(
        label=gettext_lazy("Organisation"),
        max_length=200,
        help_text=gettext_lazy("Its official name, as it is registered here."),
    )
    reason = forms.CharField(
        label=gettext_lazy("What binds you?"), max_length=1000, widget=forms.Textarea({"rows": 2})
    )

    def clean_organisation(self) -> Organisation:
        name = self.cleaned_data["organisation"].strip()
        found = Organisation.objects.filter(name__iexact=name)[:2]
        if len(found) != 1:
            raise forms.ValidationError(
                gettext_lazy("No organisation of this name is registered here. Check how it is written.")
                if not found
                else gettext_lazy("Several organisations have this name. Ask the desk to enter it.")
            )
        return found[0]


class PoolForm(forms.Form):
    """The filters of the pool; they live in the address."""

    q = forms.CharField(label=gettext_lazy("Name, e-mail or expertise"), required=False, max_length=100)
    language = forms.ModelChoiceField(
        Language.objects.filter(pk__in=ReviewerProfile.languages.through.objects.values("language")),
        label=gettext_lazy("Language"),
        required=False,
    )
    has_room = forms.BooleanField(label=gettext_lazy("Has room, and is not away"), required=False)

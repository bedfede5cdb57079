"""Who applies, and whether from nothing or from an earlier application."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grants.models import Applicants, Application, Call
from grants.models.copying import to_copy_from
from mission.models import Nation, Organisation
from mission.models.organisations import OrganisationType

MYSELF = "myself"


class StartForm(forms.Form):
    organisation = forms.ChoiceField(label=gettext_lazy("Who applies?"), widget=forms.RadioSelect)
    nation = forms.ModelChoiceField(
        Nation.objects.all(),
        label=gettext_lazy("Where do you live?"),
        help_text=gettext_lazy("Asked only of who applies as themselves."),
        empty_label=gettext_lazy("Choose a nation"),
        required=False,
        error_messages={"required": gettext_lazy("Choose the nation where you live.")},
    )
    copy_from = forms.ChoiceField(
        label=gettext_lazy("Start from an earlier application?"),
        help_text=gettext_lazy("Answers to the same questions are taken over. You can change each of them."),
        widget=forms.RadioSelect,
        required=False,
    )

    def __init__(self, call: Call, organisations: Iterable[Organisation], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.applying = {str(one.pk): one for one in organisations if fits(call, one)}
        alone = [one for one in self.applying.values() if one.type == OrganisationType.INDIVIDUAL]
        choices = [(pk, named(one)) for pk, one in self.applying.items()]
        self.offers_myself = call.applicants != Applicants.ORGANISATIONS and not alone
        if self.offers_myself:
            choices.append((MYSELF, _("As myself: an individual applies")))
            self.fields["nation"].required = not self.applying
        else:
            del self.fields["nation"]
        self.choose_among("organisation", choices)
        if len(choices) == 1:
            self.fields["organisation"].initial = choices[0][0]
        self.earlier = offered(call, self.applying.values())
        if not self.earlier:
            del self.fields["copy_from"]
            return
        nothing = [("", _("No, start with empty pages"))]
        self.choose_among("copy_from", nothing + [(ref, words) for ref, (_a, words) in self.earlier.items()])

    def choose_among(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean_nation(self) -> Nation | None:
        nation: Nation | None = self.cleaned_data["nation"]
        if nation is None and self.cleaned_data.get("organisation") == MYSELF:
            raise forms.ValidationError(_("Choose the nation where you live."))
        return nation

    @property
    def has_choice(self) -> bool:
        """Somebody may apply: an organisation of the visitor, or they themselves."""
        return bool(self.applying) or self.offers_myself

    def values(self) -> Mapping[str, Any]:
        """For `start_application`, or with a nation for `start_alone`."""
        earlier = self.earlier.get(self.cleaned_data.get("copy_from", ""))
        copy_from = earlier[0] if earlier else None
        chosen = self.cleaned_data["organisation"]
        if chosen == MYSELF:
            return {"nation": self.cleaned_data["nation"], "copy_from": copy_from}
        return {"organisation": self.applying[chosen], "copy_from": copy_from}


def fits(call: Call, organisation: Organisation) -> bool:
    alone = organisation.type == OrganisationType.INDIVIDUAL
    return call.applicants == Applicants.EITHER or alone == (call.applicants == Applicants.INDIVIDUALS)


def named(organisation: Organisation) -> str:
    if organisation.type == OrganisationType.INDIVIDUAL:
        return _("As myself: %(name)s, %(nation)s") % {
            "name": organisation.name,
            "nation": organisation.nation,
        }
    return f"{organisation.name}, {organisation.nation}"


def offered(call: Call, organisations: Iterable[Organisation]) -> dict[str, tuple[Application, str]]:
    """By reference: the application, and a line that says what it would bring."""
    found = {}
    for organisation in organisations:
        for application, count in to_copy_from(call, organisation):
            line = ngettext(
                "“%(title)s” (%(call)s): %(n)d answer", "“%(title)s” (%(call)s): %(n)d answers", count
            )
            words = {"title": application, "call": application.call.title, "n": count}
            found[application.reference] = (application, line % words)
    return found

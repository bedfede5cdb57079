"""The catalogue, languages and bots."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from contributions.models import MACHINES, AccountKind, ArtifactKind, Platform
from dashboards.figures.places import Place
from dashboards.forms.asked import AskedForm, NationField, nation_choices
from mission.models import Language


class LanguagesForm(AskedForm):
    nation = NationField(label=_("Spoken in"), required=False)

    def __init__(self, *args: Any, places: Mapping[str, Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("nation", nation_choices(places, _("the world")))


class BotsForm(AskedForm):
    q = forms.CharField(label=_("Search"), required=False, max_length=100, strip=True)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=[("", _("all")), *(each for each in AccountKind.choices if each[0] in MACHINES)],
    )
    platform = forms.ChoiceField(
        label=_("Platform"), required=False, choices=[("", _("all")), *Platform.choices]
    )


class CatalogueForm(AskedForm):
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("all")), *ArtifactKind.choices])
    language = forms.ChoiceField(label=_("Language"), required=False)
    licence = forms.CharField(label=_("Licence"), required=False, max_length=100, strip=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = Language.objects.filter(artifacts__isnull=False).distinct().order_by("name")
        self.offer("language", [("", _("all")), *named.values_list("code", "name")])

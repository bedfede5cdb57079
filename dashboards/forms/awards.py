"""The register of awards."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboards.figures.places import Place
from dashboards.forms.asked import AskedForm, NationField, nation_choices


class RegisterForm(AskedForm):
    q = forms.CharField(label=_("Search"), required=False, max_length=100, strip=True)
    nation = NationField(label=_("Nation"), required=False)

    def __init__(self, *args: Any, places: Mapping[str, Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("nation", nation_choices(places, _("all")))

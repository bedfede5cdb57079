"""The register of awards."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashboards.forms.asked import AskedForm, NationField, nation_choices
from grants.models import ProgrammeKind
from grants.models.awards import AwardStatus
from mission.models.organisations import OrganisationType
from mission.numerals import native

ALL = ("", _("all"))


class RegisterForm(AskedForm):
    """`years`: those of the first and the last award and between them."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100, strip=True)
    nation = NationField(label=_("Nation"), required=False)
    programme = forms.ChoiceField(label=_("Programme"), required=False, choices=[ALL, *ProgrammeKind.choices])
    year = forms.ChoiceField(label=_("Year"), required=False)
    status = forms.ChoiceField(label=_("State"), required=False, choices=[ALL, *AwardStatus.choices])
    recipient = forms.ChoiceField(
        label=_("Given to"), required=False, choices=[ALL, *OrganisationType.choices]
    )

    def __init__(self, *args: Any, years: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("nation", nation_choices(_("all")))
        self.offer("year", [ALL, *((str(year), native(str(year))) for year in years)])

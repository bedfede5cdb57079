"""Of which applications the statistics are."""

from typing import Any

from django import forms
from django.db.models import Max, Min
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grants.models import Application, Call, ProgrammeKind
from grants.models.applications import ApplicationQuerySet

ANY = ("", _("All"))


class StatisticsForm(forms.Form):
    call = forms.ModelChoiceField(
        Call.objects.public().only("slug", "title"),
        label=_("Call"),
        to_field_name="slug",
        required=False,
        empty_label=_("All"),
    )
    kind = forms.ChoiceField(label=_("Programme"), choices=[ANY, *ProgrammeKind.choices], required=False)
    year = forms.ChoiceField(label=_("Submitted in"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, use_required_attribute=False)
        span = Application.objects.aggregate(first=Min("submitted_at"), last=Max("submitted_at"))
        years = range(span["last"].year, span["first"].year - 1, -1) if span["first"] else []
        choices: Any = [ANY, *((str(year), str(year)) for year in years)]
        self.fields["year"].choices = choices  # type: ignore[attr-defined]

    def narrowed(self, rows: ApplicationQuerySet) -> ApplicationQuerySet:
        wanted = self.cleaned_data
        if wanted.get("call"):
            rows = rows.filter(call=wanted["call"])
        if wanted.get("kind"):
            rows = rows.filter(call__programme__kind=wanted["kind"])
        if wanted.get("year"):
            rows = rows.filter(submitted_at__year=int(wanted["year"]))
        return rows

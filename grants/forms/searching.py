"""The filters of the desk's list, kept in its address; and the name of a saved view."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from grants.models import ApplicationStatus, Call, ProgrammeKind, RouteName
from grants.models.searching import DUE, FLAGS, SORTS
from grants.models.waiting import TASKS
from mission.models import Nation, Organisation
from mission.models.organisations import OrganisationType
from mission.selects import QuickSelect

ANY = ("", _("Any"))


def choices_of(words: Any) -> list[tuple[str, Any]]:
    return [ANY, *((key, value[0]) for key, value in words.items())]


class FilterForm(forms.Form):
    """Every field may stay empty. `task` comes from the home of the desk."""

    q = forms.CharField(label=_("Words or reference"), max_length=200, required=False)
    call = forms.ModelChoiceField(
        Call.objects.none(), label=_("Call"), to_field_name="slug", required=False, empty_label=_("Any")
    )
    status = forms.ChoiceField(label=_("State"), required=False)
    task = forms.ChoiceField(label=_("Waiting for"), required=False)
    sort = forms.ChoiceField(label=_("Order"), required=False)
    kind = forms.ChoiceField(label=_("Programme"), choices=[ANY, *ProgrammeKind.choices], required=False)
    route = forms.ChoiceField(label=_("Route"), choices=[ANY, *RouteName.choices], required=False)
    nation = forms.ModelChoiceField(
        Nation.objects.none(), label=_("Nation"), required=False, empty_label=_("Any")
    )
    region = forms.ChoiceField(label=_("Region"), required=False)
    type = forms.ChoiceField(
        label=_("Type of organisation"), choices=[ANY, *OrganisationType.choices], required=False
    )
    due = forms.ChoiceField(label=_("Decision promised"), required=False)
    hours_from = forms.DecimalField(
        label=_("GPU-hours from"), min_value=0, max_value=10**9, decimal_places=2, required=False
    )
    hours_to = forms.DecimalField(
        label=_("GPU-hours to"), min_value=0, max_value=10**9, decimal_places=2, required=False
    )
    flag = forms.MultipleChoiceField(
        label=_("Only with"),
        choices=[(key, words) for key, (words, _condition) in FLAGS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    FIRST = ("q", "call", "status", "task", "sort")

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, use_required_attribute=False)
        self.asked = data
        self.fields["call"].queryset = Call.objects.public().only("slug", "title")  # type: ignore[attr-defined]
        nations = list(Nation.objects.filter(Exists(Organisation.objects.filter(nation=OuterRef("pk")))))
        self.fields["nation"].queryset = Nation.objects.all()  # type: ignore[attr-defined]
        self.set_choices("nation", [ANY, *((nation.code, str(nation)) for nation in nations)])
        regions = sorted({nation.region for nation in nations if nation.region})
        self.set_choices("region", [ANY, *((region, region) for region in regions)])
        draft = ApplicationStatus.DRAFT
        self.set_choices("status", [ANY, *(c for c in ApplicationStatus.choices if c[0] != draft)])
        self.set_choices("task", [ANY, *((key, task.label) for key, task in TASKS.items())])
        self.set_choices("sort", [(key, words) for key, (words, _columns) in SORTS.items()])
        self.set_choices("due", choices_of(DUE))

        self.write_plainly()

    def write_plainly(self) -> None:
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField):
                choices, field.widget = field.choices, QuickSelect()
                field.choices = choices

    def set_choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    @property
    def first(self) -> list[forms.BoundField]:
        return [self[name] for name in self.FIRST]

    @property
    def further(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.FIRST]

    @property
    def further_used(self) -> bool:
        return any(self.data.get(name) for name in self.fields if name not in self.FIRST)

    @property
    def order(self) -> str:
        return str(self.cleaned_data.get("sort") or "newest")

    @property
    def query(self) -> str:
        """What was asked for, without the page and without what is empty."""
        return query_of(self.asked)


def query_of(data: QueryDict) -> str:
    """Only what the list knows of a query: nothing else is saved or linked to."""
    known = FilterForm.base_fields
    pairs = [(name, value) for name in known for value in data.getlist(name) if value]
    return urlencode(pairs)


class SaveViewForm(forms.Form):
    name = forms.CharField(label=_("Save this view as"), max_length=60)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)

    def clean_query(self) -> str:
        return query_of(QueryDict(self.cleaned_data["query"]))

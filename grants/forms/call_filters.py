"""What the public list of calls can be asked for in its address. A wrong value gets a sentence."""

from collections.abc import Mapping
from operator import itemgetter

from django import forms
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from grants.models import Applicants, Call, ProgrammeKind
from grants.models.calls import PHASES, CallQuerySet, in_order
from mission import local_names
from mission.models import Nation
from mission.remembered import Subject, remembered_while
from mission.selects import Offered, QuickSelect

ALL = ("", _("all"))
GIVES = {"hours": _("GPU-hours"), "money": _("money"), "listing": _("a listing")}


class CallsForm(forms.Form):
    phase = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[ALL, *(each for each in PHASES.items() if each[0] != "draft")],
    )
    kind = forms.ChoiceField(label=_("Programme"), required=False, choices=[ALL, *ProgrammeKind.choices])
    who = forms.ChoiceField(
        label=_("Who applies"),
        required=False,
        choices=[
            ALL,
            (Applicants.ORGANISATIONS.value, Applicants.ORGANISATIONS.label),
            (Applicants.INDIVIDUALS.value, Applicants.INDIVIDUALS.label),
        ],
    )
    gives = forms.ChoiceField(label=_("Gives"), required=False, choices=[ALL, *GIVES.items()])
    nation = forms.ChoiceField(label=_("Open to nation"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data, use_required_attribute=False)
        self.fields["nation"].choices = nations()  # type: ignore[attr-defined]
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField):
                choices, field.widget = field.choices, QuickSelect()
                field.error_messages["invalid_choice"] = _("“%(value)s” is not one of the choices.")
                field.choices = choices

    @property
    def is_asked(self) -> bool:
        return any(self.data.get(name) for name in self.fields)

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for. A wrong value is left out; the page says what is wrong with it."""
        _judged = self.errors
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """What was asked for, for links to the same as data."""
        return urlencode(self.asked)


@remembered_while(Subject.NATIONS)
def nations() -> Offered:
    """Codes and names, in the order of their names in the language spoken now. One query."""
    rows = Nation.objects.order_by().values_list("code", "name")
    named = ((code, local_names.nation(code, name)) for code, name in rows)
    return Offered([ALL, *sorted(named, key=itemgetter(1))])


def found(calls: CallQuerySet, asked: Mapping[str, str]) -> list[Call]:
    """Open ones first; all of what was asked for together."""
    if "kind" in asked:
        calls = calls.filter(programme__kind=asked["kind"])
    if "who" in asked:
        calls = calls.filter(applicants__in=[asked["who"], Applicants.EITHER])
    tests = {"phase": lambda call, said: call.phase == said, "gives": gives, "nation": is_for}
    return [
        call
        for call in in_order(calls)
        if all(test(call, asked[name]) for name, test in tests.items() if name in asked)
    ]


def gives(call: Call, what: str) -> bool:
    given = {"hours": call.budget_gpu_ms > 0, "money": call.budget_money > 0}
    return given[what] if what in given else not any(given.values())


def is_for(call: Call, nation: str) -> bool:
    """Of calls whose rules name nations, only those that name this one."""
    named = [rule["any_of"] for rule in call.eligibility if rule.get("rule") == "nation"]
    return all(nation in codes for codes in named)

"""The desk's form of a decision, on one application; taking one back."""

import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.amounts import LARGEST_MONEY
from grants.models.applications import Application
from grants.models.calls import Call
from grants.models.compute import Resource
from grants.models.decisions import DECIDABLE, Decision, DecisionKind, recommended
from grants.models.gpu_time import LARGEST_HOURS, gpu_ms, plain_hours
from mission.models import User


class WordsForm(forms.Form):
    """What every decision says, and where and until when GPU time is used."""

    resource = forms.ModelChoiceField(
        Resource.objects.all(), label=gettext_lazy("On which GPUs"), required=False
    )
    expires_on = forms.DateField(
        label=gettext_lazy("To be used until"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("A year from the award unless you say otherwise."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=5000,
        help_text=gettext_lazy("Kept with the decision. The applicant does not see it."),
        widget=forms.Textarea({"rows": 4}),
    )
    feedback = forms.CharField(
        label=gettext_lazy("Words to the applicant"),
        required=False,
        max_length=5000,
        help_text=gettext_lazy("Part of the letter. Needed where you decline."),
        widget=forms.Textarea({"rows": 6}),
    )

    def without_compute(self) -> None:
        for name in ("resource", "expires_on"):
            del self.fields[name]

    def clean_expires_on(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["expires_on"]
        if day and day <= timezone.localdate():
            raise forms.ValidationError(_("Choose a day to come."))
        return day

    def need_feedback(self, kind: str) -> None:
        if kind == DecisionKind.DECLINE and not self.cleaned_data.get("feedback", "").strip():
            self.add_error("feedback", _("Tell the applicant why."))

    def where_and_until(self) -> dict[str, Any]:
        """As `decide` takes them."""
        day = self.cleaned_data.get("expires_on")
        end = datetime.time(23, 59, 59)
        return {
            "resource": self.cleaned_data.get("resource"),
            "expires_at": timezone.make_aware(datetime.datetime.combine(day, end)) if day else None,
        }

    def words(self) -> dict[str, str]:
        return {name: self.cleaned_data.get(name, "") for name in ("reason", "feedback")}


class DecisionForm(WordsForm):
    kind = forms.ChoiceField(label=gettext_lazy("Decision"), widget=forms.RadioSelect)
    gpu_hours = forms.DecimalField(
        label=gettext_lazy("GPU-hours to award"),
        required=False,
        min_value=0,
        max_value=LARGEST_HOURS,
        decimal_places=2,
    )
    money = forms.DecimalField(required=False, min_value=0, max_value=LARGEST_MONEY, decimal_places=2)
    place = forms.IntegerField(
        label=gettext_lazy("Place on the waiting list"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=gettext_lazy("The next one unless you say otherwise."),
    )
    field_order = ["kind", "gpu_hours", "money", "resource", "expires_on", "place", "reason", "feedback"]

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        call = application.call
        kinds: Any = self.fields["kind"]
        kinds.choices = [
            pair for pair in DecisionKind.choices if application.status in DECIDABLE[DecisionKind(pair[0])]
        ]
        may_award = any(kind == DecisionKind.AWARD for kind, _label in kinds.choices)
        if not any(kind == DecisionKind.WAIT for kind, _label in kinds.choices):
            del self.fields["place"]
        if not (may_award and call.budget_money):
            del self.fields["money"]
        else:
            self.fields["money"].label = _("Money to award, in %(currency)s") % {"currency": call.currency}
        if not (may_award and call.budget_gpu_ms):
            self.without_compute()
            del self.fields["gpu_hours"]
        if not self.is_bound:
            self.begin(application)

    def begin(self, application: Application) -> None:
        """From what is recommended; from what is asked for where nothing is."""
        hours, money = recommended(application)
        asked_money = application.requested_money if money is None else money
        self.initial["gpu_hours"] = plain_hours(application.requested_gpu_ms if hours is None else hours)
        self.initial["money"] = format(asked_money.normalize(), "f")
        if "resource" in self.fields:
            self.initial["resource"] = Resource.objects.first()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.need_feedback(data.get("kind", ""))
        return data

    def values(self) -> dict[str, Any]:
        """As `actions.decisions.decide` takes them."""
        data = self.cleaned_data
        values: dict[str, Any] = {"kind": data["kind"], **self.words()}
        if data["kind"] == DecisionKind.WAIT:
            return {**values, "place": data.get("place")}
        if data["kind"] == DecisionKind.DECLINE:
            return values
        amounts = {"gpu_ms": gpu_ms(data.get("gpu_hours") or 0), "money": data.get("money") or Decimal(0)}
        return {**values, **amounts, **self.where_and_until()}

    def drafted(self, application: Application, person: User) -> Decision:
        """The decision as it would be, for a look at its letter. Nothing is kept."""
        values = self.values()
        return Decision(
            application=application,
            kind=values["kind"],
            awarded_gpu_ms=values.get("gpu_ms", 0),
            awarded_money=values.get("money", Decimal(0)),
            place=values.get("place") or 1,
            feedback=values["feedback"],
            decided_by=person,
        )


class UndoForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why it is taken back"),
        max_length=2000,
        help_text=gettext_lazy("For the desk. The applicant never learns of it."),
        widget=forms.Textarea({"rows": 3}),
    )


def feedback_to_start_from(kind: str, call: Call) -> str:
    """Words an officer changes rather than writes, where many are decided at once."""
    if kind == DecisionKind.DECLINE:
        return _(
            "There were more good applications to “%(call)s” than its budget reaches, and others stood "
            "higher by its published criteria. You are welcome to apply again."
        ) % {"call": call.title}
    return ""

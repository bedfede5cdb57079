"""What an officer may change in a published call, with the words for everybody."""

import zoneinfo
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.forms.call_form import LOCAL
from grants.models.calls import Call
from grants.models.gpu_time import LARGEST_HOURS, gpu_ms, plain_hours
from grants.models.routes import RouteName

MOMENTS = ("closes_at", "results_at")


class AmendForm(forms.Form):
    """Starts from the call as it is; `changes` are what differs."""

    words = forms.CharField(
        label=gettext_lazy("What changes, and why"),
        help_text=gettext_lazy(
            "Published with its date, and sent to everybody with a draft or an application."
        ),
        widget=forms.Textarea({"rows": 4}),
        max_length=2000,
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Closes"),
        help_text=gettext_lazy("Only later."),
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=LOCAL),
    )
    grace_minutes = forms.IntegerField(
        label=gettext_lazy("Grace after closing, in minutes"), min_value=0, max_value=10_000
    )
    results_at = forms.DateTimeField(
        label=gettext_lazy("Results are announced"),
        help_text=gettext_lazy("Only later."),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format=LOCAL),
    )
    budget_hours = forms.DecimalField(
        label=gettext_lazy("Budget in GPU-hours"),
        help_text=gettext_lazy("Only more."),
        min_value=0,
        max_value=LARGEST_HOURS,
        decimal_places=2,
    )
    budget_money = forms.DecimalField(
        label=gettext_lazy("Budget in money"),
        help_text=gettext_lazy("Only more."),
        min_value=0,
        max_digits=16,
        decimal_places=2,
    )
    summary = forms.CharField(label=gettext_lazy("In one sentence"), max_length=300)
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, widget=forms.Textarea({"rows": 6})
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any] | None, *, call: Call) -> None:
        self.call = call
        super().__init__(data, initial=initial_of(call))
        for name, empty in (
            ("budget_hours", not call.budget_gpu_ms),
            ("budget_money", not call.budget_money),
        ):
            if empty:  # it was published without, and never asked for an amount
                del self.fields[name]
        for route in call.routes:
            self.fields[f"days_{route['route']}"] = forms.IntegerField(
                label=_("%(route)s: decided within, working days")
                % {"route": RouteName(route["route"]).label},
                required=False,
                min_value=1,
                max_value=500,
            )
        for question in call.questions:
            self.fields[f"help_{question['key']}"] = forms.CharField(
                label=_("Help for “%(question)s”") % {"question": question["label"]},
                required=False,
                max_length=300,
            )

    def main(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if not field.name.startswith("help_")]

    def helps(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name.startswith("help_")]

    def clean(self) -> dict[str, Any]:
        """Both moments are meant in the call's own time zone."""
        data = super().clean() or {}
        zone = zoneinfo.ZoneInfo(self.call.time_zone)
        for name in MOMENTS:
            if data.get(name):
                data[name] = timezone.make_naive(data[name]).replace(tzinfo=zone)
        return data

    def changes(self) -> dict[str, Any]:
        """Fields of the call that differ, as `actions.amendments.amend_call` takes them."""
        data, call = self.cleaned_data, self.call
        routes = [{**r, "service_days": data[f"days_{r['route']}"]} for r in call.routes]
        questions = [with_help(q, data[f"help_{q['key']}"]) for q in call.questions]
        wanted: dict[str, Any] = {name: data[name] for name in ("summary", "description", "grace_minutes")}
        wanted |= {"routes": routes, "questions": questions}
        wanted |= {name: data[name] for name in MOMENTS if not same_minute(getattr(call, name), data[name])}
        if "budget_hours" in data and data["budget_hours"] != self.initial_hours():
            wanted["budget_gpu_ms"] = gpu_ms(data["budget_hours"])
        if "budget_money" in data:
            wanted["budget_money"] = data["budget_money"]
        return {name: value for name, value in wanted.items() if value != getattr(call, name)}

    def initial_hours(self) -> Any:
        return self.fields["budget_hours"].clean(plain_hours(self.call.budget_gpu_ms))

    def add_refused(self, field: str | None, sentence: str) -> None:
        name = {"budget_gpu_ms": "budget_hours"}.get(field or "", field)
        self.add_error(name if name in self.fields else None, sentence)


def with_help(question: Mapping[str, Any], words: str) -> dict[str, Any]:
    """Unchanged where nothing was said and nothing is."""
    return dict(question) if question.get("help", "") == words else {**question, "help": words}


def same_minute(one: Any, other: Any) -> bool:
    """A form knows minutes; what it did not change is not changed by leaving seconds out."""
    if one is None or other is None:
        return one is other
    return bool(one.replace(second=0, microsecond=0) == other)


def initial_of(call: Call) -> dict[str, Any]:
    zone = zoneinfo.ZoneInfo(call.time_zone)
    moments = {name: getattr(call, name) for name in MOMENTS}
    return {
        **{name: getattr(call, name) for name in ("summary", "description", "grace_minutes", "revision")},
        **{name: at.astimezone(zone).strftime(LOCAL) for name, at in moments.items() if at},
        "budget_hours": plain_hours(call.budget_gpu_ms),
        "budget_money": call.budget_money,
        **{f"days_{route['route']}": route.get("service_days") for route in call.routes},
        **{f"help_{question['key']}": question.get("help", "") for question in call.questions},
    }

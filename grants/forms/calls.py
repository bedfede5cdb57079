"""The officer's form for a call: one form, and rows for questions, criteria and deliverables."""

import datetime
import zoneinfo
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.forms.eligibility import EligibilityFields
from grants.models.calls import Call
from grants.models.deliverables import DeliverableKind
from grants.models.fellowships import Track
from grants.models.gpu_time import LARGEST_HOURS, gpu_ms, plain_hours
from grants.models.programmes import Programme
from grants.models.questions import QuestionKind
from grants.models.starters import starter

LOCAL = "%Y-%m-%dT%H:%M"
AREAS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)
PLAIN = (
    "programme", "track", "title", "summary", "description", "time_zone", "grace_minutes", "reviews_needed",
)  # fmt: skip


class CallForm(EligibilityFields):
    programme = forms.ModelChoiceField(Programme.objects.all(), label=gettext_lazy("Programme"))
    track = forms.ChoiceField(
        label=gettext_lazy("Track, for a fellowship"), required=False, choices=[("", "—"), *Track.choices]
    )
    title = forms.CharField(label=gettext_lazy("Title"), max_length=160)
    summary = forms.CharField(
        label=gettext_lazy("In one sentence"),
        max_length=300,
        help_text=gettext_lazy("Shown in the list of calls."),
    )
    description = forms.CharField(
        label=gettext_lazy("Description"), required=False, widget=forms.Textarea({"rows": 6})
    )
    opens_at = forms.DateTimeField(
        label=gettext_lazy("Opens"), widget=forms.DateTimeInput({"type": "datetime-local"}, format=LOCAL)
    )
    closes_at = forms.DateTimeField(
        label=gettext_lazy("Closes"), widget=forms.DateTimeInput({"type": "datetime-local"}, format=LOCAL)
    )
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone of both"))
    grace_minutes = forms.IntegerField(
        label=gettext_lazy("Grace after closing, in minutes"), min_value=0, max_value=10_000, initial=0
    )
    budget_hours = forms.DecimalField(
        label=gettext_lazy("Budget in GPU-hours"), min_value=0, max_value=LARGEST_HOURS, decimal_places=2
    )
    reviews_needed = forms.IntegerField(
        label=gettext_lazy("Reviews for each application"), min_value=0, max_value=9, initial=2
    )
    declarations = forms.CharField(
        label=gettext_lazy("Declarations"),
        required=False,
        help_text=gettext_lazy("One a line. Applicants agree to each before they submit."),
        widget=forms.Textarea({"rows": 4}),
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)
    field_order = (*PLAIN[:5], "opens_at", "closes_at", "time_zone", "grace_minutes", "budget_hours")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = ["UTC", *sorted(zone for zone in zoneinfo.available_timezones() if zone.startswith(AREAS))]
        self.fields["time_zone"].choices = [(zone, zone) for zone in zones]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Both moments are meant in the call's own time zone."""
        data = super().clean() or {}
        zone = zoneinfo.ZoneInfo(data.get("time_zone") or "UTC")
        for name in ("opens_at", "closes_at"):
            if data.get(name):
                data[name] = timezone.make_naive(data[name]).replace(tzinfo=zone)
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("A call closes after it opens."))
        return data


class RowForm(forms.Form):
    """A row of the form. One in which nothing is typed is left out, also where something stood before."""

    typed: tuple[str, ...] = ("label",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "use_required_attribute": False})
        self.empty_permitted = True

    def has_changed(self) -> bool:
        return any(self.data.get(self.add_prefix(name), "").strip() for name in self.typed)

    def as_data(self, taken: set[str]) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.fields if name != "DELETE"}


class KeyedForm(RowForm):
    """Its key stays when its words change."""

    key = forms.SlugField(required=False, widget=forms.HiddenInput)

    def keyed(self, taken: set[str]) -> str:
        stem = self.cleaned_data.get("key") or slugify(self.cleaned_data["label"]).replace("-", "_")[:30]
        stem = stem if stem[:1].isalpha() else f"q_{stem}"
        key = next(k for k in (stem, *(f"{stem}_{n}" for n in range(2, 99))) if k not in taken)
        taken.add(key)
        return key


class QuestionForm(KeyedForm):
    typed = ("label", "help", "max_words", "choices")

    label = forms.CharField(label=gettext_lazy("Question"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Answer"), choices=QuestionKind.choices, initial=QuestionKind.LONG_TEXT
    )
    help = forms.CharField(label=gettext_lazy("Help"), required=False, max_length=300)
    max_words = forms.IntegerField(label=gettext_lazy("At most, words"), required=False, min_value=1)
    choices = forms.CharField(
        label=gettext_lazy("Choices, one a line"), required=False, widget=forms.Textarea({"rows": 2})
    )
    optional = forms.BooleanField(label=gettext_lazy("May be left empty"), required=False)

    def as_data(self, taken: set[str]) -> dict[str, Any]:
        data = self.cleaned_data
        made: dict[str, Any] = {name: data[name] for name in ("label", "kind", "help")}
        made |= {"key": self.keyed(taken), "required": not data["optional"]}
        if data["max_words"]:
            made["max_words"] = data["max_words"]
        if data["choices"]:
            made["choices"] = lines(data["choices"])
        return made


class CriterionForm(KeyedForm):
    typed = ("label", "weight")

    label = forms.CharField(label=gettext_lazy("Criterion"), max_length=120)
    weight = forms.IntegerField(label=gettext_lazy("Weight"), min_value=1, max_value=1000)

    def as_data(self, taken: set[str]) -> dict[str, Any]:
        data = self.cleaned_data
        return {"key": self.keyed(taken), "label": data["label"], "weight": data["weight"]}


class DeliverableForm(RowForm):
    typed = ("title", "due_days")

    title = forms.CharField(label=gettext_lazy("What"), max_length=200)
    # With its initial, a row left alone counts as empty.
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=DeliverableKind.choices, initial=DeliverableKind.MODEL
    )
    due_days = forms.IntegerField(label=gettext_lazy("Days after the award"), min_value=1, max_value=3650)


class BaseRows(forms.BaseFormSet[RowForm]):
    def add_fields(self, form: RowForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Leave this out")

    def as_data(self, taken: set[str]) -> list[dict[str, Any]]:
        kept = [row for row in self.forms if row.has_changed() and row not in self.deleted_forms]
        return [row.as_data(taken) for row in kept]


def rows_of(form: type[RowForm], *, extra: int, most: int) -> Any:
    return forms.formset_factory(form, BaseRows, extra=extra, max_num=most, can_delete=True)


ROWS: dict[str, Any] = {
    "questions": rows_of(QuestionForm, extra=2, most=60),
    "criteria": rows_of(CriterionForm, extra=2, most=20),
    "deliverables": rows_of(DeliverableForm, extra=1, most=20),
}


class CallPage:
    """The form and its rows, read and judged together."""

    def __init__(self, data: Mapping[str, Any] | None, call: Call | None = None) -> None:
        start = stored(call) if call else starter()
        self.form = CallForm(data, initial=form_initial(call, start))
        self.rows: dict[str, Any] = {
            name: made(data, prefix=name, initial=row_initial(name, start[name]))
            for name, made in ROWS.items()
        }

    def is_valid(self) -> bool:
        """Every part is judged, so that every error shows at once."""
        judged = [self.form.is_valid(), *(rows.is_valid() for rows in self.rows.values())]
        if self.form.is_valid() and not all(judged):
            self.form.add_error(None, _("Look at the questions, criteria and deliverables below."))
        return all(judged)

    def values(self) -> dict[str, Any]:
        """As `actions.calls.create_call` takes them."""
        data = self.form.cleaned_data
        made = {name: data[name] for name in (*PLAIN, "opens_at", "closes_at")}
        made["budget_gpu_ms"] = gpu_ms(data["budget_hours"])
        made["declarations"] = lines(data["declarations"])
        made["eligibility"] = self.form.rules()
        for name, rows in self.rows.items():
            made[name] = rows.as_data({"title", "summary", "gpu_hours", "version", "next", "declarations"})
        return made

    def revision(self) -> int:
        return int(self.form.cleaned_data.get("revision") or 0)

    def add_refused(self, field: str | None, sentence: str) -> None:
        known = {"budget_gpu_ms": "budget_hours"}.get(field or "", field)
        self.form.add_error(known if known in self.form.fields else None, sentence)


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def stored(call: Call) -> dict[str, list[Any]]:
    names = ("questions", "criteria", "deliverables", "declarations")
    return {name: getattr(call, name) for name in names}


def form_initial(call: Call | None, start: dict[str, list[Any]]) -> dict[str, Any]:
    initial: dict[str, Any] = {"declarations": "\n".join(start["declarations"])}
    if call is None:
        now = timezone.localtime().replace(second=0, microsecond=0)
        closes = now.replace(hour=17, minute=0) + datetime.timedelta(days=42)
        return {
            **initial,
            "opens_at": now,
            "closes_at": closes,
            "time_zone": timezone.get_default_timezone_name(),
        }
    zone = zoneinfo.ZoneInfo(call.time_zone)
    initial |= {name: getattr(call, name) for name in PLAIN}
    for name in ("opens_at", "closes_at"):
        initial[name] = getattr(call, name).astimezone(zone).strftime(LOCAL)
    initial |= EligibilityFields.initial_of(call.eligibility)
    return {**initial, "budget_hours": plain_hours(call.budget_gpu_ms), "revision": call.revision}


def row_initial(name: str, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if name != "questions":
        return items
    return [
        {**item, "choices": "\n".join(item.get("choices", [])), "optional": not item.get("required", True)}
        for item in items
    ]

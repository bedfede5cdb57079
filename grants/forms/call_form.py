"""The officer's form for a call: its own fields. Its rows and routes are beside it, in `calls.py`."""

import zoneinfo
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.forms.eligibility import EligibilityFields
from grants.models.calls import Applicants
from grants.models.currencies import currencies
from grants.models.fellowships import Track
from grants.models.gpu_time import LARGEST_HOURS
from grants.models.programmes import Programme

LOCAL = "%Y-%m-%dT%H:%M"
AREAS = (
    "Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/",
    "Pacific/",
)  # fmt: skip
MOMENTS = ("opens_at", "closes_at", "results_at", "publish_at")
PLAIN = (
    "programme", "track", "title", "summary", "description", "time_zone", "grace_minutes", "reviews_needed",
    "budget_money", "currency", "applicants", "appeal_days", "terms",
)  # fmt: skip
# The parts of the page, each under its own heading, and the fields in it.
PARTS: dict[str, tuple[str, ...]] = {
    "about": ("programme", "track", "title", "summary", "description"),
    "dates": ("opens_at", "closes_at", "time_zone", "grace_minutes", "results_at", "publish_at"),
    "gives": ("budget_hours", "budget_money", "currency"),
    "who": (
        "applicants", "only_types", "only_nations", "founded_within", "must_be_registered", "hours_at_most",
        "money_at_most", "must_promise_open", "awards_at_most",
    ),
    "steps": ("reviews_needed",),
    "award": ("declarations", "terms", "appeal_days"),
}  # fmt: skip


def moment(label: Any, *, required: bool, help_text: Any = "") -> forms.DateTimeField:
    widget = forms.DateTimeInput({"type": "datetime-local"}, format=LOCAL)
    return forms.DateTimeField(label=label, required=required, help_text=help_text, widget=widget)


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
    opens_at = moment(gettext_lazy("Opens"), required=True)
    closes_at = moment(gettext_lazy("Closes"), required=True)
    time_zone = forms.ChoiceField(label=gettext_lazy("Time zone of all dates here"))
    grace_minutes = forms.IntegerField(
        label=gettext_lazy("Grace after closing, in minutes"),
        help_text=gettext_lazy("For who is slow at the last moment. Published with the call."),
        min_value=0,
        max_value=10_000,
        initial=0,
    )
    results_at = moment(
        gettext_lazy("Results are announced"),
        required=False,
        help_text=gettext_lazy("All decisions are held until then. Empty: each is told when it is made."),
    )
    publish_at = moment(
        gettext_lazy("Publish by itself"),
        required=False,
        help_text=gettext_lazy("Empty: you publish it by hand."),
    )
    budget_hours = forms.DecimalField(
        label=gettext_lazy("Budget in GPU-hours"),
        help_text=gettext_lazy("Empty or 0, and no GPU time is asked for or given."),
        required=False,
        min_value=0,
        max_value=LARGEST_HOURS,
        decimal_places=2,
    )
    budget_money = forms.DecimalField(
        label=gettext_lazy("Budget in money"),
        help_text=gettext_lazy("Empty or 0, and no money is asked for or given."),
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=2,
    )
    currency = forms.ChoiceField(label=gettext_lazy("Currency"), required=False)
    applicants = forms.ChoiceField(
        label=gettext_lazy("Who applies?"),
        required=False,
        choices=Applicants.choices,
        widget=forms.RadioSelect,
        initial=Applicants.ORGANISATIONS,
    )
    reviews_needed = forms.IntegerField(
        label=gettext_lazy("Reviews for each application, where no route is used"),
        min_value=0,
        max_value=9,
        initial=2,
    )
    declarations = forms.CharField(
        label=gettext_lazy("Declarations"),
        required=False,
        help_text=gettext_lazy("One a line. Applicants agree to each before they submit."),
        widget=forms.Textarea({"rows": 5}),
    )
    terms = forms.CharField(
        label=gettext_lazy("Terms of the award"),
        required=False,
        help_text=gettext_lazy("Published with the call. Each offer keeps its own copy."),
        widget=forms.Textarea({"rows": 10}),
    )
    appeal_days = forms.IntegerField(
        label=gettext_lazy("Days in which an applicant may appeal"),
        help_text=gettext_lazy("0: no appeals."),
        required=False,
        min_value=0,
        max_value=365,
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = ["UTC", *sorted(zone for zone in zoneinfo.available_timezones() if zone.startswith(AREAS))]
        self.fields["time_zone"].choices = [(zone, zone) for zone in zones]  # type: ignore[attr-defined]
        self.fields["currency"].choices = [("", "—"), *currencies()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """All moments are meant in the call's own time zone."""
        data = super().clean() or {}
        zone = zoneinfo.ZoneInfo(data.get("time_zone") or "UTC")
        for name in MOMENTS:
            if data.get(name):
                data[name] = timezone.make_naive(data[name]).replace(tzinfo=zone)
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("A call closes after it opens."))
        if closes and data.get("results_at") and data["results_at"] < closes:
            self.add_error("results_at", _("Results come after the call closes."))
        if data.get("budget_money") and not data.get("currency"):
            self.add_error("currency", _("Say in which currency the budget is."))
        return data

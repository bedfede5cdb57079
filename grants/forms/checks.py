"""The desk's findings: administrative check and technical assessment."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.applications import Application
from grants.models.gpu_time import LARGEST_HOURS, gpu_ms, plain_hours
from grants.models.moments import end_of_day, start_of
from grants.models.steps import Outcome

DAYS_TO_COMPLETE = 10


class FindingForm(forms.Form):
    """What both steps ask where the desk says no."""

    outcome = forms.ChoiceField(label=gettext_lazy("What did you find?"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        help_text=gettext_lazy("For the desk; the reason, where you decline. Applicants do not see it."),
        widget=forms.Textarea({"rows": 3}),
    )
    words = forms.CharField(
        label=gettext_lazy("Words to the applicant"),
        required=False,
        help_text=gettext_lazy("Part of the letter. Needed unless all is well."),
        widget=forms.Textarea({"rows": 4}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        outcome = data.get("outcome")
        if outcome in {Outcome.RETURNED, Outcome.FAILED} and not data.get("words", "").strip():
            self.add_error("words", _("Tell the applicant what is wrong."))
        if outcome == Outcome.FAILED and not data.get("note", "").strip():
            self.add_error("note", _("Say why: the reason is kept with the decision."))
        return data


class CheckForm(FindingForm):
    complete_by = forms.DateField(
        label=gettext_lazy("To be completed by"),
        required=False,
        help_text=gettext_lazy("If you return it: until the end of that day, in the call's time zone."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.application = application
        choices: list[tuple[str, Any]] = [(Outcome.PASSED, _("All is there: go on"))]
        if not application.returned_once:
            choices.append((Outcome.RETURNED, _("Something is missing: return it for completion, once")))
        choices.append((Outcome.FAILED, _("It does not meet what the call asks: decline")))
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
        if application.returned_once:
            del self.fields["complete_by"]
        else:
            soon = timezone.localdate() + datetime.timedelta(days=DAYS_TO_COMPLETE)
            self.fields["complete_by"].initial = soon

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("outcome") == Outcome.RETURNED:
            day = data.get("complete_by")
            if day is None and "complete_by" not in self.errors:
                self.add_error("complete_by", _("Say until when."))
            elif day is not None and self.end_of(day) <= timezone.now():
                self.add_error("complete_by", _("Choose a day to come."))
        return data

    def end_of(self, day: datetime.date) -> datetime.datetime:
        """The last second of that day where the call is at home."""
        zone = self.application.call.time_zone
        return end_of_day(start_of(day, zone), zone)


class LapsedForm(FindingForm):
    """What was not completed in time can only be declined here; the applicant may still complete it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (Outcome.FAILED, _("It was not completed in time: decline"))
        ]
        self.fields["outcome"].initial = Outcome.FAILED


class TechnicalForm(FindingForm):
    recommended = forms.DecimalField(
        label=gettext_lazy("GPU-hours you recommend"),
        required=False,
        min_value=0,
        max_value=LARGEST_HOURS,
        decimal_places=2,
        help_text=gettext_lazy("What the work needs, as you see it."),
    )

    def __init__(self, application: Application, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [  # type: ignore[attr-defined]
            (Outcome.PASSED, _("It can be done: go on")),
            (Outcome.FAILED, _("It cannot be done as planned: decline")),
        ]
        self.fields["note"].label = _("What you looked at, and found")
        self.fields["note"].help_text = _("For the desk, the panel and the decision.")
        if application.requested_gpu_ms:
            self.fields["recommended"].initial = plain_hours(application.requested_gpu_ms)
        else:
            del self.fields["recommended"]

    @property
    def recommended_gpu_ms(self) -> int | None:
        hours = self.cleaned_data.get("recommended")
        return None if hours is None else gpu_ms(hours)

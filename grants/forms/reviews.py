"""The reviewer's forms: conflicts, and scores criterion by criterion."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.calls import HIGHEST_POINTS
from grants.models.gpu_time import LARGEST_HOURS, gpu_ms, plain_hours
from grants.models.reviews import Review

ANCHORS = {
    0: gettext_lazy("0: nothing there to judge"),
    1: gettext_lazy("1: weak"),
    2: gettext_lazy("2: below what is needed"),
    3: gettext_lazy("3: good enough"),
    4: gettext_lazy("4: strong"),
    5: gettext_lazy("5: outstanding"),
}


class ConflictForm(forms.Form):
    NONE, SOME = "none", "conflict"
    declaration = forms.ChoiceField(
        label=gettext_lazy("Does anything bind you to this applicant?"),
        help_text=gettext_lazy(
            "Work, money, family, a shared project, or a dispute, now or in the last three years."
        ),
        choices=[
            (NONE, gettext_lazy("No, nothing binds me to them")),
            (SOME, gettext_lazy("Yes, I have a conflict of interest")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("If yes: what binds you?"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("declaration") == self.SOME and not data.get("reason", "").strip():
            self.add_error("reason", _("Say what the conflict is."))
        return data


class ScoresForm(forms.Form):
    """Two fields a criterion, `<key>-points` and `<key>-comment`. A draft may leave any of them empty."""

    def __init__(self, review: Review, criteria: list[dict[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        self.review = review
        for item in criteria:
            self.add_criterion(item, review.scores.get(item["key"], {}))
        recommended = review.recommended_gpu_ms
        if review.application.requested_gpu_ms:
            self.fields["recommended"] = forms.DecimalField(
                label=_("GPU-hours you would give"),
                required=False,
                min_value=0,
                max_value=LARGEST_HOURS,
                decimal_places=2,
                initial=None if recommended is None else plain_hours(recommended),
            )
        self.fields["comment"] = forms.CharField(
            label=_("Anything else for the desk"),
            required=False,
            initial=review.comment,
            widget=forms.Textarea({"rows": 4}),
        )

    def add_criterion(self, item: dict[str, Any], given: dict[str, Any]) -> None:
        points: list[tuple[int, Any]] = [(n, ANCHORS[n]) for n in range(HIGHEST_POINTS + 1)]
        self.fields[f"{item['key']}-points"] = forms.TypedChoiceField(
            label=_("%(label)s: points (%(share)d%% of the score)") % item,
            choices=points,
            coerce=int,
            empty_value=None,
            required=False,
            initial=given.get("points"),
            widget=forms.RadioSelect,
        )
        self.fields[f"{item['key']}-comment"] = forms.CharField(
            label=_("%(label)s: why") % item,
            required=False,
            max_length=5000,
            initial=given.get("comment", ""),
            widget=forms.Textarea({"rows": 3}),
        )
        for name in ("points", "comment"):
            self.fields[f"{item['key']}-{name}"].required = False

    def add_refused(self, field: str | None, sentence: str) -> None:
        """A refusal names the criterion: it belongs to the first of its two fields that is empty."""
        names = [f"{field}-points", f"{field}-comment"]
        empty = [name for name in names if self.cleaned_data.get(name) in (None, "")]
        place = next((name for name in empty + names if name in self.fields), None)
        self.add_error(place, sentence)

    def values(self) -> dict[str, Any]:
        """As the actions take them."""
        data = self.cleaned_data
        hours = data.get("recommended")
        return {
            "scores": {
                item["key"]: {
                    "points": data.get(f"{item['key']}-points"),
                    "comment": data.get(f"{item['key']}-comment", ""),
                }
                for item in self.criteria
            },
            "comment": data["comment"],
            "recommended_gpu_ms": None if hours is None else gpu_ms(hours),
        }

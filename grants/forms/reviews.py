"""The reviewer's forms: conflicts, and scores criterion by criterion."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.amounts import LARGEST_MONEY
from grants.models.gpu_time import LARGEST_HOURS, gpu_ms, plain_hours
from grants.models.reviews import Review
from grants.models.scores import anchors_of


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


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Why can you not review it?"),
        max_length=1000,
        help_text=gettext_lazy("No time, not your field … The desk reads it and asks somebody else."),
        widget=forms.Textarea({"rows": 3}),
    )


class ScoresForm(forms.Form):
    """Two fields a criterion, `<key>-points` and `<key>-comment`. A draft may leave any of them empty."""

    use_required_attribute = False

    def __init__(
        self,
        review: Review,
        criteria: list[dict[str, Any]],
        *args: Any,
        draft: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria, self.draft = criteria, draft
        self.review = review
        for item in criteria:
            self.add_criterion(item, review.scores.get(item["key"], {}))
        self.add_amounts()
        self.fields["comment"] = forms.CharField(
            label=_("Anything else for the desk"),
            required=False,
            initial=review.comment,
            help_text=_("Only the desk and the panel read it."),
            widget=forms.Textarea({"rows": 4}),
        )

    def add_criterion(self, item: dict[str, Any], given: dict[str, Any]) -> None:
        points: list[tuple[int, Any]] = list(anchors_of(item))
        self.fields[f"{item['key']}-points"] = forms.TypedChoiceField(
            label=_("%(label)s: points (%(share)d%% of the score)") % item,
            help_text=item.get("help", ""),
            choices=points,
            coerce=int,
            empty_value=None,
            required=not self.draft,
            error_messages={"required": _("Give points.")},
            initial=given.get("points"),
            widget=forms.RadioSelect,
        )
        self.fields[f"{item['key']}-comment"] = forms.CharField(
            label=_("%(label)s: why") % item,
            required=not self.draft,
            error_messages={"required": _("Say why.")},
            max_length=5000,
            initial=given.get("comment", ""),
            widget=forms.Textarea({"rows": 3}),
        )

    def add_amounts(self) -> None:
        """What they would give, of what is asked for."""
        application, hours = self.review.application, self.review.recommended_gpu_ms
        if application.requested_gpu_ms:
            self.fields["recommended"] = forms.DecimalField(
                label=_("GPU-hours you would give"),
                required=False,
                min_value=0,
                max_value=LARGEST_HOURS,
                decimal_places=2,
                initial=None if hours is None else plain_hours(hours),
            )
        if application.requested_money:
            self.fields["recommended_money"] = forms.DecimalField(
                label=_("Money you would give, in %(currency)s") % {"currency": application.call.currency},
                required=False,
                min_value=0,
                max_value=LARGEST_MONEY,
                decimal_places=2,
                initial=self.review.recommended_money,
            )

    def add_refused(self, field: str | None, sentence: str) -> None:
        """A refusal names the criterion: it belongs to the first of its two fields that is empty."""
        names = [f"{field}-points", f"{field}-comment"]
        empty = [name for name in names if self.cleaned_data.get(name) in (None, "")]
        place = next((name for name in empty + names if name in self.fields), None)
        self.add_error(place, sentence)

    def values(self) -> dict[str, Any]:
        """As the actions take them; of what will not do, nothing."""
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
            "comment": data.get("comment", ""),
            "recommended_gpu_ms": None if hours is None else gpu_ms(hours),
            "recommended_money": data.get("recommended_money"),
        }

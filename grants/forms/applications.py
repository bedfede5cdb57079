"""Agreeing and handing in; withdrawing."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _

from grants.models import Application
from mission.errors import Refused


class DeclarationsForm(forms.Form):
    """One box each; the action says what is missing. `version`: the save whose answers were looked at."""

    declarations = forms.MultipleChoiceField(
        required=False, label="", widget=forms.CheckboxSelectMultiple, choices=()
    )
    version = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(self, application: Application, data: QueryDict | None = None) -> None:
        super().__init__(data, initial={"version": application.draft_version})
        self.sent = data or QueryDict()
        texts = declared_for(application)
        field = self.fields["declarations"]
        field.label, field.required = _("Declarations"), bool(texts)
        field.choices = [(text, text) for text in texts]  # type: ignore[attr-defined]
        field.error_messages["required"] = _("Agree to each declaration.")
        if not texts:
            del self.fields["declarations"]

    def values(self) -> dict[str, Any]:
        return {
            "declared": self.cleaned_data.get("declarations", []),
            "version": self.cleaned_data.get("version"),
        }

    def refuse(self, refused: Refused, application: Application) -> None:
        """The sentence; and what is drawn now was looked at, so the next press means it."""
        self.add_error(refused.field if refused.field in self.fields else None, refused.sentence)
        seen = self.sent.copy()
        seen["version"] = str(application.draft_version)
        self.data = seen


def declared_for(application: Application) -> list[str]:
    """The call's declarations, pinned since it was first submitted."""
    version = application.submitted_version() if application.submitted_at else None
    return list(version.pinned["declarations"] if version else application.call.declarations)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea({"rows": 3}))

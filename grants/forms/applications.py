"""The applicant's form, made from the call's questions. `Question.clean` judges; this draws and reads."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import escape
from django.utils.translation import gettext as _

from grants.models.questions import Question, QuestionKind
from mission.models import Organisation


class AnswerField(forms.CharField):
    def __init__(self, question: Question) -> None:
        super().__init__(
            label=question.label,
            help_text=hint(question),
            required=question.required,
            widget=control(question),
        )
        self.question = question

    def clean(self, value: Any) -> str:
        return self.question.clean(str(value or ""))


def hint(question: Question) -> str:
    parts = [question.help]
    if question.max_words:
        parts.append(_("At most %(n)d words.") % {"n": question.max_words})
    return escape(" ".join(part for part in parts if part))


def control(question: Question) -> forms.Widget:
    if question.kind == QuestionKind.LONG_TEXT:
        rows = min(14, max(4, (question.max_words or 100) // 15))
        return forms.Textarea({"rows": rows})
    if question.kind == QuestionKind.CHOICE:
        choices = [(choice, choice) for choice in question.choices]
        if len(choices) <= 6:
            return forms.RadioSelect(choices=choices)
        return forms.Select(choices=[("", _("Choose …")), *choices])
    if question.kind in {QuestionKind.NUMBER, QuestionKind.GPU_HOURS}:
        return forms.TextInput({"inputmode": "decimal", "class": "num"})
    if question.kind == QuestionKind.URL:
        return forms.URLInput()
    return forms.TextInput()


class AnswersForm(forms.Form):
    """`version` is the save the writer saw last."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, questions: Sequence[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[question.key] = AnswerField(question)

    def typed(self) -> dict[str, str]:
        """What was typed, right or wrong."""
        return {q.key: self.data.get(q.key, "") for q in self.questions if q.key in self.data}

    def seen_version(self) -> int:
        """The save the writer saw; one that never was where the page did not say."""
        text = self.data.get("version", "")
        return int(text) if text.isdecimal() and len(text) < 9 else 2**31 - 2

    def judge(self) -> None:
        """Judge what is saved, though the draft does not say which version it saw."""
        self.is_valid()

    def show_version(self, version: int) -> None:
        """Draw the hidden version anew: what is typed now was written knowing that save."""
        self.data = {**{name: self.data.get(name, "") for name in self.data}, "version": str(version)}


class StartForm(forms.Form):
    organisation = forms.ModelChoiceField(Organisation.objects.none())

    def __init__(self, organisations: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]


class DeclarationsForm(forms.Form):
    """One box each; the action says what is missing."""

    declarations = forms.MultipleChoiceField(
        required=False, label="", widget=forms.CheckboxSelectMultiple, choices=()
    )

    def __init__(self, declarations: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["declarations"]
        field.label, field.required = _("Declarations"), bool(declarations)
        field.choices = [(text, text) for text in declarations]  # type: ignore[attr-defined]
        field.error_messages["required"] = _("Agree to each declaration.")
        if not declarations:
            del self.fields["declarations"]


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), required=False, widget=forms.Textarea({"rows": 3}))

"""The applicant's form, made from questions: a whole call's, or one section's.

`clean_answers` judges; this draws, and reads back what was typed, right or wrong. `initial` holds all saved
answers, also those of other sections: a question may hang on one of them.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from grants.forms import answers_widgets as widgets
from grants.forms.answers_hints import hint
from grants.models.questions import Question, QuestionKind, clean_answers
from grants.models.questions.tables import judge_rows

MOST_RADIOS = 8
ELSEWHERE = frozenset({QuestionKind.FILE})  # answered on a page of their own


class AnswerField(forms.Field):
    """Draws one question. The form judges: one answer may hang on another."""

    def __init__(self, question: Question, widget: forms.Widget, *, drawn: Mapping[str, Question]) -> None:
        super().__init__(
            label=question.label,
            help_text=hint(question, drawn),
            required=question.required,
            widget=widget,
            template_name="grants/answers/field.html" if question.shown_if else None,
        )
        self.question = question
        self.hangs_on = question.shown_if.get("question") if question.shown_if else None
        self.shown_values = list(question.shown_if.get("is", ())) if self.hangs_on in drawn else []
        self.shown_json = json.dumps(self.shown_values, ensure_ascii=False)

    def clean(self, value: Any) -> Any:
        return value

    def bound_data(self, data: Any, initial: Any) -> Any:
        """What was handed in elsewhere is no part of what is sent, and is drawn as it was saved."""
        return initial if self.question.kind in ELSEWHERE and not isinstance(data, list) else data


def control(question: Question, *, draws_list: bool = True) -> forms.Widget:
    choices = [(choice, choice) for choice in question.choices]
    if question.kind == QuestionKind.LONG_TEXT:
        return forms.Textarea({"rows": min(14, max(4, (question.max_words or 100) // 15))})
    if question.kind == QuestionKind.CHOICE and len(choices) > MOST_RADIOS:
        return widgets.Menu(choices=[("", _("Choose …")), *choices])
    if question.kind == QuestionKind.CHOICE:
        return widgets.Radios(choices=choices)
    if question.kind == QuestionKind.SEVERAL:
        return widgets.Boxes(choices=choices)
    if question.kind == QuestionKind.LANGUAGES:
        return widgets.LanguageLines(draws_list=draws_list)
    if question.kind == QuestionKind.LICENCE:
        return widgets.LicenceLine(question)
    if question.kind == QuestionKind.FILE:
        return widgets.Files()
    return widgets.Rows(question) if question.is_table else widgets.Line(question)


class AnswersForm(forms.Form):
    """`version` is the save the writer saw last."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, questions: Sequence[Question], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        drawn = {question.key: question for question in questions}
        languages = [question.key for question in questions if question.kind == QuestionKind.LANGUAGES]
        for question in questions:
            widget = control(question, draws_list=question.key in languages[:1])
            self.fields[question.key] = AnswerField(question, widget, drawn=drawn)

    def typed(self) -> dict[str, Any]:
        """What was typed, right or wrong. Files are handed in on their own page."""
        return {
            question.key: self.read(question)
            for question in self.questions
            if question.kind not in ELSEWHERE and not self.omits(question)
        }

    def read(self, question: Question) -> Any:
        return self.fields[question.key].widget.value_from_datadict(self.data, self.files, question.key)

    def omits(self, question: Question) -> bool:
        widget = self.fields[question.key].widget
        return bool(widget.value_omitted_from_data(self.data, self.files, question.key))

    def answers(self) -> dict[str, Any]:
        """What is saved, and over it what was typed. A mapping of answers has its files, a browser's not."""
        files = [question.key for question in self.questions if question.kind in ELSEWHERE]
        saved = {key: self.data[key] for key in files if isinstance(self.data.get(key), list)}
        return {**self.initial, **saved, **self.typed()}

    def clean(self) -> dict[str, Any]:
        clean, problems = clean_answers(self.questions, self.answers())
        for question in self.questions:
            if question.key in problems:
                self.add_error(question.key, self.sentences(question, problems[question.key]))
        return {**self.cleaned_data, **clean}

    def sentences(self, question: Question, problem: str) -> list[str]:
        """Of a table, each cell's own."""
        if not question.is_table:
            return [problem]
        try:
            _rows, found = judge_rows(question, question.without_nothing(self.answers().get(question.key)))
        except forms.ValidationError:
            found = []
        widget = self.fields[question.key].widget
        if isinstance(widget, widgets.Rows):
            widget.wrong = {(each.row, each.column.key) for each in found}
        return [str(each) for each in found] or [problem]

    def seen_version(self) -> int:
        """The save the writer saw; one that never was where the page did not say."""
        text = self.data.get("version", "")
        return int(text) if text.isdecimal() and len(text) < 9 else 2**31 - 2

    def judge(self) -> None:
        """Judge what is saved, though the draft does not say which version it saw."""
        self.is_valid()

    def show_version(self, version: int) -> None:
        """Draw the hidden version anew: what is typed now was written knowing that save."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data["version"] = str(version)
        self.data = data

    def wants_rows(self) -> str:
        """The question to which the writer wants more rows or lines, if that was the button."""
        key = str(self.data.get("add", ""))
        growing = key in self.fields and isinstance(self.fields[key].widget, widgets.GROWING)
        return key if growing else ""

    def wants_files(self) -> str:
        """The question whose files the writer wants to hand in, if that was the button."""
        key = str(self.data.get("files", ""))
        return key if any(q.key == key and q.kind in ELSEWHERE for q in self.questions) else ""

    def with_more_rows(self, version: int) -> "AnswersForm":
        """The same page, unjudged, with what was typed and more rows where they were wanted."""
        initial = {**self.answers(), "version": version}
        form = AnswersForm(self.questions, initial=initial)
        widget = form.fields[self.wants_rows()].widget if self.wants_rows() else None
        if isinstance(widget, widgets.GROWING):
            widget.spare = widgets.SPARE_AFTER_ADDING
        return form

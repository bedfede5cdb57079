"""A question of a call, as an officer writes it. Which fields count depends on the kind of answer."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.forms.call_rows import KeyedForm
from grants.models.questions import FileKind, QuestionKind

CHOSEN = (QuestionKind.CHOICE, QuestionKind.SEVERAL)
NUMBERS = (QuestionKind.NUMBER, QuestionKind.GPU_HOURS, QuestionKind.MONEY)
COUNTED = (
    QuestionKind.SEVERAL, QuestionKind.LANGUAGES, QuestionKind.FILE, QuestionKind.TEAM,
    QuestionKind.MILESTONES, QuestionKind.GPU_TABLE,
)  # fmt: skip
TEXTS = (QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT)
# Which field of the form belongs to which kinds; the others are every question's.
ONLY: dict[str, tuple[str, ...]] = {
    "min_words": TEXTS,
    "max_words": TEXTS,
    "minimum": NUMBERS,
    "maximum": NUMBERS,
    "unit": (QuestionKind.NUMBER,),
    "currency": (QuestionKind.MONEY,),
    "not_before": (QuestionKind.DATE,),
    "not_after": (QuestionKind.DATE,),
    "choices": CHOSEN,
    "least": COUNTED,
    "most": COUNTED,
    "accepts": (QuestionKind.FILE,),
    "open_only": (QuestionKind.LICENCE,),
    "total_is": (QuestionKind.GPU_TABLE,),
}
DAY = gettext_lazy("As 2027-03-31, or “today”.")


class QuestionForm(KeyedForm):
    typed = ("label", "help", "max_words", "choices")
    template_name_row = "grants/desk/row_question.html"

    label = forms.CharField(label=gettext_lazy("Question"), max_length=200)
    kind = forms.ChoiceField(
        label=gettext_lazy("Answer"), choices=QuestionKind.choices, initial=QuestionKind.LONG_TEXT
    )
    section = forms.CharField(
        label=gettext_lazy("Page"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Questions with the same words here stand on one page."),
    )
    help = forms.CharField(label=gettext_lazy("Help"), required=False, max_length=300)
    optional = forms.BooleanField(label=gettext_lazy("May be left empty"), required=False)
    max_words = forms.IntegerField(label=gettext_lazy("At most, words"), required=False, min_value=1)
    min_words = forms.IntegerField(label=gettext_lazy("At least, words"), required=False, min_value=1)
    choices = forms.CharField(
        label=gettext_lazy("Choices, one a line"), required=False, widget=forms.Textarea({"rows": 4})
    )
    minimum = forms.DecimalField(label=gettext_lazy("At least"), required=False)
    maximum = forms.DecimalField(label=gettext_lazy("At most"), required=False)
    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Such as TB or people."),
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"), required=False, max_length=3, help_text=gettext_lazy("Such as INR.")
    )
    not_before = forms.CharField(label=gettext_lazy("Not before"), required=False, help_text=DAY)
    not_after = forms.CharField(label=gettext_lazy("Not after"), required=False, help_text=DAY)
    least = forms.IntegerField(label=gettext_lazy("At least, how many"), required=False, min_value=0)
    most = forms.IntegerField(label=gettext_lazy("At most, how many"), required=False, min_value=1)
    accepts = forms.MultipleChoiceField(
        label=gettext_lazy("Which files"),
        required=False,
        choices=FileKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    open_only = forms.BooleanField(label=gettext_lazy("Open licences alone"), required=False, initial=True)
    total_is = forms.BooleanField(
        label=gettext_lazy("The rows must add up to the GPU-hours asked for"), required=False
    )
    shown_if = forms.ChoiceField(label=gettext_lazy("Asked only if the answer to"), required=False)
    shown_for = forms.CharField(
        label=gettext_lazy("is one of these"),
        required=False,
        help_text=gettext_lazy("One a line, in the words of its choices."),
        widget=forms.Textarea({"rows": 2}),
    )

    def __init__(self, *args: Any, earlier: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known: Any = self.fields["shown_if"]
        known.choices = [("", _("Asked of everybody")), *earlier]

    def own(self) -> list[tuple[str, forms.BoundField]]:
        """(the kinds it is for, as classes of the style; the field)."""
        return [(" ".join(f"for--{kind}" for kind in kinds), self[name]) for name, kinds in ONLY.items()]

    def conditions(self) -> list[forms.BoundField]:
        return [self["shown_if"], self["shown_for"]]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("kind") in CHOSEN and len(lines(data.get("choices", ""))) < 2:
            self.add_error("choices", _("Write two choices or more, one a line."))
        if data.get("shown_if") and not lines(data.get("shown_for", "")):
            self.add_error("shown_for", _("Say after which answers it is asked."))
        return data

    def as_data(self, taken: set[str]) -> dict[str, Any]:
        data = self.cleaned_data
        made: dict[str, Any] = {name: data[name] for name in ("label", "kind", "help")}
        made |= {"key": self.keyed(taken), "required": not data["optional"]}
        if data["section"].strip():
            made["section"] = data["section"].strip()
        for name, kinds in ONLY.items():
            if data["kind"] in kinds and data[name] not in (None, "", [], False):
                made[name] = as_json(name, data[name])
        if data["shown_if"]:
            made["shown_if"] = {"question": data["shown_if"], "is": lines(data["shown_for"])}
        return made


def as_json(name: str, value: Any) -> Any:
    if name in {"minimum", "maximum"}:
        return int(value) if value == int(value) else float(value)
    if name == "total_is":
        return "gpu_hours"
    return lines(value) if name == "choices" else value


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def question_initial(item: dict[str, Any]) -> dict[str, Any]:
    """A question of the call, as its row shows it."""
    hangs_on = item.get("shown_if") or {}
    return {
        **item,
        "choices": "\n".join(item.get("choices", [])),
        "optional": not item.get("required", True),
        "open_only": item.get("open_only", False),
        "total_is": bool(item.get("total_is")),
        "shown_if": hangs_on.get("question", ""),
        "shown_for": "\n".join(hangs_on.get("is", [])),
    }


def earlier_choices(rows: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """What a question may hang on: the choices among the rows, by key."""
    return [
        (row["key"], row.get("label", "")) for row in rows if row.get("kind") in CHOSEN and row.get("key")
    ]

"""The kinds of question there are, and one question."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Answer = str | list[Any]


class QuestionKind(models.TextChoices):
    SHORT_TEXT = "short_text", gettext_lazy("Short text")
    LONG_TEXT = "long_text", gettext_lazy("Long text")
    NUMBER = "number", gettext_lazy("Number")
    QUANTITY = "quantity", gettext_lazy("Large number, such as 7B")
    MONEY = "money", gettext_lazy("Money")
    DATE = "date", gettext_lazy("Date")
    CHOICE = "choice", gettext_lazy("One choice")
    SEVERAL = "several", gettext_lazy("Several choices")
    FILE = "file", gettext_lazy("File")
    URL = "url", gettext_lazy("Web address")
    EMAIL = "email", gettext_lazy("E-mail address")
    GITHUB = "github", gettext_lazy("Name on GitHub")
    HUGGINGFACE = "huggingface", gettext_lazy("Name on Hugging Face")
    ORCID = "orcid", gettext_lazy("ORCID")
    LANGUAGES = "languages", gettext_lazy("Languages")
    LICENCE = "licence", gettext_lazy("Licence")
    TEAM = "team", gettext_lazy("Table of the team")
    MILESTONES = "milestones", gettext_lazy("Table of milestones")
    GPU_TABLE = "gpu_table", gettext_lazy("Table of GPU-hours by work item")
    GPU_HOURS = "gpu_hours", gettext_lazy("GPU-hours")


_K = QuestionKind
TABLES = frozenset({_K.TEAM, _K.MILESTONES, _K.GPU_TABLE})
LISTS = frozenset({_K.SEVERAL, _K.FILE, _K.LANGUAGES, *TABLES})  # whose answer is a list


class FileKind(models.TextChoices):
    """What a `file` question may accept; `grants.file_types` knows each by its content."""

    PDF = "pdf", gettext_lazy("PDF")
    DOCUMENT = "document", gettext_lazy("text or slides (DOCX, ODT, PPTX, ODP)")
    SPREADSHEET = "spreadsheet", gettext_lazy("spreadsheet (XLSX, ODS)")
    TEXT = "text", gettext_lazy("plain text (TXT, MD, CSV, JSON)")
    IMAGE = "image", gettext_lazy("picture (PNG, JPEG)")


@dataclass(frozen=True)
class Question:
    """The package's docstring says which of these belong to which kind."""

    key: str
    kind: str
    label: str
    help: str = ""
    required: bool = True
    section: str = ""
    shown_if: Mapping[str, Any] = field(default_factory=dict)
    min_words: int | None = None
    max_words: int | None = None
    choices: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: str = ""
    currency: str = ""
    not_before: str = ""
    not_after: str = ""
    least: int | None = None
    most: int | None = None
    accepts: tuple[str, ...] = ()
    open_only: bool = False
    total_is: str = ""

    @property
    def takes_list(self) -> bool:
        return self.kind in LISTS

    @property
    def is_table(self) -> bool:
        return self.kind in TABLES

    def empty(self) -> Answer:
        """What stands where nothing was answered."""
        return [] if self.takes_list else ""

    def clean(self, answer: Any) -> Any:
        """The answer in its plain form; ValidationError with a sentence where it will not do."""
        from grants.models.questions.cleaning import CLEANERS  # the cleaners know questions

        answer = self.without_nothing(answer)
        if not answer:
            if self.required:
                raise ValidationError(_("Answer this question."))
            return self.empty()
        return CLEANERS[QuestionKind(self.kind)](self, answer)

    def without_nothing(self, answer: Any) -> Any:
        """The answer less what says nothing: blanks around it, empty lines of a list or table."""
        if answer is None or answer in ("", []):
            return self.empty()
        if isinstance(answer, list) != self.takes_list:
            raise ValidationError(_("Answer in the way this question asks."))
        if isinstance(answer, list):
            return [item for item in answer if says_something(item)]
        return str(answer).strip()


def says_something(item: Any) -> bool:
    """Whether anything is written in one item of a list: a text, or a row of a table."""
    texts = item.values() if isinstance(item, Mapping) else [item]
    return any(str(text if text is not None else "").strip() for text in texts)


def read_question(data: Mapping[str, Any]) -> Question:
    """One question from its JSON."""
    return Question(
        key=data["key"],
        kind=data["kind"],
        label=data["label"],
        help=data.get("help", ""),
        required=data.get("required", True),
        section=data.get("section", ""),
        shown_if=data.get("shown_if") or {},
        min_words=data.get("min_words"),
        max_words=data.get("max_words"),
        choices=tuple(data.get("choices", ())),
        minimum=None if data.get("minimum") is None else Decimal(str(data["minimum"])),
        maximum=None if data.get("maximum") is None else Decimal(str(data["maximum"])),
        unit=data.get("unit", ""),
        currency=data.get("currency", ""),
        not_before=data.get("not_before", ""),
        not_after=data.get("not_after", ""),
        least=data.get("least"),
        most=data.get("most"),
        accepts=tuple(data.get("accepts", ())),
        open_only=data.get("open_only", False),
        total_is=data.get("total_is", ""),
    )

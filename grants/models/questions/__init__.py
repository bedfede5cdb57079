"""What a call asks, as data; what an answer must be; and which questions stand on which page.

A question is a dictionary. Every kind takes

    key       "plan": small letters, digits and _, its own in the call; never changes once published
    kind      one of the kinds below
    label     the question
    help      a sentence below it                                     (optional, "")
    required  must be answered                                        (optional, true)
    section   the page it stands on, in the applicant's words         (optional: “Your project”)
    shown_if  {"question": key, "is": [values]}: asked only where an earlier question (choice or several)
              was answered with one of these                          (optional)

and each kind what is its own, all optional unless said:

    kind         its own                                        answer as typed       clean answer
    short_text   min_words, max_words                           str                   str
    long_text    min_words, max_words                           str                   str
    number       minimum, maximum (numbers), unit ("people")    str                   "1500.5"
    gpu_hours    minimum, maximum                               str                   "500"
    money        currency ("INR"), minimum, maximum             str                   "1500.5"
    date         not_before, not_after ("2027-01-31", "today")  str                   "2027-03-31"
    choice       choices [str, …], two or more (must)           str                   one of the choices
    several      choices (must), least, most (how many)         [str]                 [str], in the call's order
    file         accepts ["pdf", …] of FileKind, most (1)       [key of Attachment]   [str]
    url                                                         str                   "https://…"
    email                                                       str                   str
    orcid                                                       str (or its URL)      "0000-0002-1825-0097"
    github                                                      str (or profile URL)  "octocat"
    huggingface                                                 str (or profile URL)  "ai4bharat"
    languages    least, most (how many)                         [name, own name or code]   ["mar", …] (ISO 639-3)
    licence      open_only (true: open licences alone)          str (SPDX)            "Apache-2.0"
    team         least, most (rows)                             [row]                 [row]: name, role, email,
                                                                                      github, huggingface, orcid
    milestones   least, most (rows)                             [row]                 [row]: what, by, proof
    gpu_table    least, most (rows), total_is ("gpu_hours":     [row]                 [row]: work, parameters,
                 the total must be that question's answer)                            tokens, hardware, hours

A row is a dictionary of strings by column; rows in which nothing is written are left out. Answers are
kept as typed, so that a draft never loses anything; `clean_answers` judges them. A question that is not
shown is not judged and has no clean answer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.gpu_time import LARGEST_HOURS

RESERVED_KEYS = frozenset({"version", "next", "csrfmiddlewaretoken", "declarations"})
LARGEST_MONEY = Decimal(10) ** 13
LONGEST_ANSWER = 20_000  # characters


class QuestionKind(models.TextChoices):
    SHORT_TEXT = "short_text", gettext_lazy("Short text")
    LONG_TEXT = "long_text", gettext_lazy("Long text")
    NUMBER = "number", gettext_lazy("Number")
    CHOICE = "choice", gettext_lazy("Choice")
    URL = "url", gettext_lazy("Web address")
    GPU_HOURS = "gpu_hours", gettext_lazy("GPU-hours")
    MONEY = "money", gettext_lazy("Money")


@dataclass(frozen=True)
class Question:
    key: str
    kind: str
    label: str
    help: str = ""
    required: bool = True
    max_words: int | None = None
    choices: tuple[str, ...] = ()
    minimum: Decimal | None = None
    maximum: Decimal | None = None

    def clean(self, answer: str) -> str:
        """The answer in its plain form; ValidationError with a sentence where it will not do."""
        answer = answer.strip()
        if not answer:
            if self.required:
                raise ValidationError(_("Answer this question."))
            return ""
        return CLEANERS[QuestionKind(self.kind)](self, answer)


def _text(question: Question, answer: str) -> str:
    words = len(answer.split())
    if question.max_words and words > question.max_words:
        raise ValidationError(
            _("This has %(words)d words. Shorten it to %(limit)d.")
            % {"words": words, "limit": question.max_words}
        )
    if len(answer) > LONGEST_ANSWER:
        raise ValidationError(_("This is too long. Shorten it."))
    return answer


def _number(question: Question, answer: str) -> str:
    try:
        number = Decimal(answer.replace(",", "").replace("\u202f", "").replace(" ", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValidationError(_("Write a number, such as 500."))
    low, high = question.minimum, question.maximum
    if low is not None and number < low:
        raise ValidationError(_("Write a number of at least %(n)s.") % {"n": low})
    if high is not None and number > high:
        raise ValidationError(_("Write a number of at most %(n)s.") % {"n": high})
    return format(number.normalize(), "f")


def _gpu_hours(question: Question, answer: str) -> str:
    number = _number(question, answer)
    if Decimal(number) <= 0 or Decimal(number) > LARGEST_HOURS:
        raise ValidationError(_("Write a number above 0."))
    return number


def _money(question: Question, answer: str) -> str:
    number = Decimal(_number(question, answer))
    if number <= 0 or number >= LARGEST_MONEY:
        raise ValidationError(_("Write an amount above 0."))
    if number != round(number, 2):
        raise ValidationError(_("Write an amount with at most two decimals."))
    return format(number, "f")


def _choice(question: Question, answer: str) -> str:
    if answer not in question.choices:
        raise ValidationError(_("Choose one of the answers."))
    return answer


def _url(question: Question, answer: str) -> str:
    try:
        URLValidator(schemes=["http", "https"])(answer)
    except ValidationError as error:
        raise ValidationError(_("Write a web address, such as https://example.org.")) from error
    return answer


CLEANERS = {
    QuestionKind.SHORT_TEXT: _text,
    QuestionKind.LONG_TEXT: _text,
    QuestionKind.NUMBER: _number,
    QuestionKind.CHOICE: _choice,
    QuestionKind.URL: _url,
    QuestionKind.GPU_HOURS: _gpu_hours,
    QuestionKind.MONEY: _money,
}


def read_question(data: Mapping[str, Any]) -> Question:
    """One question from its JSON."""
    return Question(
        key=data["key"],
        kind=data["kind"],
        label=data["label"],
        help=data.get("help", ""),
        required=data.get("required", True),
        max_words=data.get("max_words"),
        choices=tuple(data.get("choices", ())),
        minimum=None if data.get("minimum") is None else Decimal(str(data["minimum"])),
        maximum=None if data.get("maximum") is None else Decimal(str(data["maximum"])),
    )


def standing_questions(*, asks_gpu_hours: bool, currency: str = "") -> list[dict[str, Any]]:
    """What every application answers first: the register needs the first two, the budgets the others."""
    asked: list[dict[str, Any]] = [
        {
            "key": "title",
            "kind": QuestionKind.SHORT_TEXT,
            "label": _("Title of the project"),
            "help": _("Public, if you receive an award."),
            "max_words": 20,
        },
        {
            "key": "summary",
            "kind": QuestionKind.LONG_TEXT,
            "label": _("Public summary"),
            "help": _("What will exist at the end, and who can use it. Public, if you receive an award."),
            "max_words": 150,
        },
    ]
    if asks_gpu_hours:
        asked.append(
            {
                "key": "gpu_hours",
                "kind": QuestionKind.GPU_HOURS,
                "label": _("GPU-hours you ask for"),
                "help": _("One GPU for one hour is one GPU-hour."),
            }
        )
    if currency:
        asked.append(
            {
                "key": "money",
                "kind": QuestionKind.MONEY,
                "label": _("Money you ask for, in %(currency)s") % {"currency": currency},
                "help": _("In total, for the whole project."),
            }
        )
    return asked


def clean_answers(
    questions: Sequence[Question], answers: Mapping[str, Any]
) -> tuple[dict[str, str], dict[str, str]]:
    """(clean answers, problems by key). No problems: the application can be submitted."""
    clean: dict[str, str] = {}
    problems: dict[str, str] = {}
    for question in questions:
        try:
            clean[question.key] = question.clean(str(answers.get(question.key, "")))
        except ValidationError as error:
            problems[question.key] = error.messages[0]
    return clean, problems


def validate_questions(value: Any) -> None:
    """For the JSON column: a list of questions with distinct keys and known kinds."""
    if not isinstance(value, list):
        raise ValidationError(_("Questions are a list."))
    keys: set[str] = set()
    for item in value:
        key = str(item.get("key", "")) if isinstance(item, dict) else ""
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", key) or key in keys | RESERVED_KEYS:
            raise ValidationError(_("Each question needs a key of its own, such as “plan”."))
        keys.add(key)
        if item.get("kind") not in QuestionKind.values or not str(item.get("label", "")).strip():
            raise ValidationError(_("The question “%(key)s” needs a kind and a label.") % {"key": key})
        if item["kind"] == QuestionKind.CHOICE and len(item.get("choices", ())) < 2:
            raise ValidationError(_("The question “%(key)s” needs two choices or more.") % {"key": key})

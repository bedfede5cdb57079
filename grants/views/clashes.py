"""What a page shows when a colleague saved the same section first: both texts, and a choice for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from grants.forms.answers import AnswersForm
from grants.models import Application
from grants.models.questions import Question, Section
from grants.models.questions.words import answer_in_words
from mission.models import User


@dataclass(frozen=True)
class Differing:
    """One question that two people answered: in words, side by side."""

    question: Question
    mine: str
    theirs: str


@dataclass(frozen=True)
class Clash:
    who: User | None
    rows: list[Differing]


def clash_of(application: Application, here: Section, form: AnswersForm, sentence: str) -> Clash:
    """The page keeps what was typed; beside it stands what is saved. Saving again knows of it."""
    application.refresh_from_db()
    typed = form.typed()
    form.is_valid()
    form.errors.clear()
    form.add_error(None, sentence)
    form.show_version(application.seen_version(here.slug))
    rows = [
        Differing(question, answer_in_words(question, typed[question.key]), in_words(question, application))
        for question in here.drawn
        if question.key in typed
        and plain(typed[question.key]) != plain(application.answers.get(question.key))
    ]
    mark = application.section_versions.get(here.slug, {})
    who = User.objects.filter(pk=mark.get("by")).first() or application.saved_by
    return Clash(who, rows)


def in_words(question: Question, application: Application) -> str:
    return answer_in_words(question, application.answers.get(question.key))


def plain(answer: Any) -> Any:
    """Line ends and blanks around a text make no difference."""
    if isinstance(answer, str):
        return answer.replace("\r\n", "\n").strip()
    return answer or ""


def choose(data: QueryDict, saved: Mapping[str, Any]) -> tuple[QueryDict, str]:
    """What was sent, where theirs was chosen without one's own; and a sentence while a choice is missing."""
    differing = data.getlist("clash-differs")
    if not differing:
        return data, ""
    kept = data.copy()
    for key in differing:
        choice = data.get(f"clash-{key}")
        if choice not in {"mine", "theirs"}:
            return data, _("Choose for each answer below: yours, or your colleague's.")
        if choice == "theirs":
            for name in [name for name in kept if name == key or name.startswith(f"{key}-")]:
                del kept[name]
    return kept, ""

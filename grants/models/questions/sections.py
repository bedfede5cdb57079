"""Sections: one topic a page, in the order first seen, each with how far the applicant has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.questions.cleaning import clean_answers, shown
from grants.models.questions.kinds import Question, says_something

BASICS = "basics"  # where the standing questions stand
OWN_LABELS = {BASICS: gettext_lazy("Title, summary and size"), "": gettext_lazy("Your project")}
OWN_SLUGS = {BASICS: "basics", "": "project"}
# Pages of an application stand beside its sections: a section of that name gets “check-2”.
TAKEN = {"appeal", "check", "files", "messages", "offer", "receipt", "timeline", "versions", "withdraw"}


class Progress(models.TextChoices):
    EMPTY = "empty", gettext_lazy("Not started")
    BEGUN = "begun", gettext_lazy("Begun")
    COMPLETE = "complete", gettext_lazy("Complete")


@dataclass(frozen=True)
class Section:
    """`questions`: those asked, given the answers. `drawn`: these and those that an answer on the same
    page may still bring; what `AnswersForm` takes. `problems`: how many answers will not do yet."""

    slug: str
    label: str
    questions: list[Question]
    drawn: list[Question]
    state: Progress
    problems: int


def sections(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[Section]:
    """The pages of an application. A section in which nothing is asked is left out."""
    _clean, problems = clean_answers(questions, answers)
    asked = {question.key for question in shown(questions, answers)}
    found = []
    for name, slug in slugs(questions).items():
        here = [question for question in questions if question.section == name]
        seen = [question for question in here if question.key in asked]
        if seen:
            wrong = sum(question.key in problems for question in seen)
            label = str(OWN_LABELS.get(name, name))
            drawn = drawable(here, asked)
            found.append(Section(slug, label, seen, drawn, progress(seen, answers, wrong), wrong))
    return found


def slugs(questions: Sequence[Question]) -> dict[str, str]:
    """{section: its part of an address}. The same in every language, and each once."""
    found: dict[str, str] = {}
    for name in dict.fromkeys(question.section for question in questions):
        stem = OWN_SLUGS.get(name) or slugify(name)[:40].strip("-") or f"section-{len(found) + 1}"
        taken = TAKEN.union(found.values())
        found[name] = next(s for s in (stem, *(f"{stem}-{n}" for n in range(2, 99))) if s not in taken)
    return found


def drawable(here: Sequence[Question], asked: set[str]) -> list[Question]:
    """Those asked, and those that hang on one drawn on the same page: without a script, its answer is
    known only when the page is sent."""
    drawn: list[Question] = []
    for question in here:
        hangs_on = question.shown_if.get("question")
        if question.key in asked or any(hangs_on == other.key for other in drawn):
            drawn.append(question)
    return drawn


def progress(seen: Sequence[Question], answers: Mapping[str, Any], problems: int) -> Progress:
    if not any(answered(answers.get(question.key)) for question in seen):
        return Progress.EMPTY
    return Progress.BEGUN if problems else Progress.COMPLETE


def answered(answer: Any) -> bool:
    items = answer if isinstance(answer, list) else [answer]
    return any(says_something(item) for item in items)


def section_label(question: Question) -> str:
    return str(OWN_LABELS.get(question.section, question.section or _("Your project")))

"""Which cleaner judges which kind; and judging all answers together."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError

from grants.models.quantities import in_short, read_quantity
from grants.models.questions import named, plain, tables
from grants.models.questions.kinds import Question, QuestionKind


def clean_quantity(question: Question, answer: str) -> str:
    return in_short(read_quantity(answer))


CLEANERS: Mapping[QuestionKind, Callable[[Question, Any], Any]] = {
    QuestionKind.SHORT_TEXT: plain.clean_text,
    QuestionKind.LONG_TEXT: plain.clean_text,
    QuestionKind.NUMBER: plain.clean_number,
    QuestionKind.QUANTITY: clean_quantity,
    QuestionKind.MONEY: plain.clean_money,
    QuestionKind.DATE: plain.clean_date,
    QuestionKind.CHOICE: plain.clean_choice,
    QuestionKind.SEVERAL: plain.clean_several,
    QuestionKind.FILE: named.clean_files,
    QuestionKind.URL: plain.clean_url,
    QuestionKind.EMAIL: plain.clean_email,
    QuestionKind.GITHUB: named.clean_github,
    QuestionKind.HUGGINGFACE: named.clean_huggingface,
    QuestionKind.ORCID: named.clean_orcid,
    QuestionKind.LANGUAGES: named.clean_languages,
    QuestionKind.LICENCE: named.clean_licence,
    QuestionKind.TEAM: tables.clean_table,
    QuestionKind.MILESTONES: tables.clean_table,
    QuestionKind.GPU_TABLE: tables.clean_table,
    QuestionKind.GPU_HOURS: plain.clean_gpu_hours,
}


def is_shown(question: Question, by_key: Mapping[str, Question], answers: Mapping[str, Any]) -> bool:
    """Whether it is asked, given what was answered. What hangs on a hidden question is hidden too."""
    if not question.shown_if:
        return True
    key = question.shown_if["question"]
    if key in by_key and not is_shown(by_key[key], by_key, answers):
        return False
    given = answers.get(key) or []
    chosen = {str(item).strip() for item in (given if isinstance(given, list) else [given])}
    return not chosen.isdisjoint(question.shown_if["is"])


def shown(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[Question]:
    """Those that are asked, in their order."""
    by_key = {question.key: question for question in questions}
    return [question for question in questions if is_shown(question, by_key, answers)]


def clean_answers(
    questions: Sequence[Question], answers: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, str]]:
    """(clean answers, problems by key) of the questions shown. No problems: it can be submitted."""
    clean: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for question in shown(questions, answers):
        try:
            clean[question.key] = question.clean(answers.get(question.key))
        except ValidationError as error:
            problems[question.key] = error.messages[0]
            continue
        problem = tables.total_problem(question, answers)
        if problem:
            problems[question.key] = problem
            del clean[question.key]
    return clean, problems

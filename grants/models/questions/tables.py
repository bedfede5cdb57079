"""Tables: what stands in their columns, and judging them cell by cell."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.models.questions.kinds import Question, QuestionKind
from grants.models.questions.plain import grouped, read_number

MOST_ROWS = 60
K = QuestionKind
Row = dict[str, str]


class CellProblem(NamedTuple):
    """What is wrong in one cell; `row` counts from 0, over the rows in which something is written."""

    row: int
    column: Question
    sentence: str

    def __str__(self) -> str:
        words = {"row": self.row + 1, "column": self.column.label, "problem": self.sentence}
        return _("Row %(row)d, %(column)s: %(problem)s") % words


def columns_of(kind: str) -> tuple[Question, ...]:
    """A column is a question of its own, answered once in each row."""
    return _COLUMNS[QuestionKind(kind)]()


def _team() -> tuple[Question, ...]:
    return (
        Question("name", K.SHORT_TEXT, _("Name"), max_words=20),
        Question("role", K.SHORT_TEXT, _("Role in the project"), max_words=30),
        Question("email", K.EMAIL, _("E-mail"), required=False),
        Question("github", K.GITHUB, _("GitHub"), required=False),
        Question("huggingface", K.HUGGINGFACE, _("Hugging Face"), required=False),
        Question("orcid", K.ORCID, _("ORCID"), required=False),
    )


def _milestones() -> tuple[Question, ...]:
    return (
        Question("what", K.SHORT_TEXT, _("What will be done"), max_words=60),
        Question("by", K.DATE, _("By when")),
        Question("proof", K.SHORT_TEXT, _("How one can see that it is done"), max_words=60),
    )


def _gpu_table() -> tuple[Question, ...]:
    return (
        Question("work", K.SHORT_TEXT, _("Work item"), max_words=30),
        Question("parameters", K.QUANTITY, _("Parameters"), help=_("such as 7B"), required=False),
        Question("tokens", K.QUANTITY, _("Tokens"), help=_("such as 300B"), required=False),
        Question("hardware", K.SHORT_TEXT, _("Hardware"), max_words=12),
        Question("hours", K.GPU_HOURS, _("GPU-hours")),
    )


_COLUMNS = {K.TEAM: _team, K.MILESTONES: _milestones, K.GPU_TABLE: _gpu_table}


def rows_of(answer: Sequence[Any]) -> list[Row]:
    """Rows of texts, as a page draws them, whatever was kept."""
    rows = [row if isinstance(row, Mapping) else {} for row in answer]
    return [{str(k): "" if v is None else str(v) for k, v in row.items()} for row in rows]


def judge_rows(question: Question, answer: Sequence[Any]) -> tuple[list[Row], list[CellProblem]]:
    """(clean rows, problems). Empty optional cells are left out of a clean row."""
    clean: list[Row] = []
    problems: list[CellProblem] = []
    columns = columns_of(question.kind)
    for number, row in enumerate(rows_of(answer)):
        cells: Row = {}
        for column in columns:
            try:
                cells[column.key] = column.clean(row.get(column.key, ""))
            except ValidationError as error:
                problems.append(CellProblem(number, column, error.messages[0]))
        clean.append({key: cell for key, cell in cells.items() if cell})
    return clean, problems


def clean_table(question: Question, answer: list[Any]) -> list[Row]:
    rows, problems = judge_rows(question, answer)
    if problems:
        raise ValidationError(" ".join(str(problem) for problem in problems[:5]))
    least, most = question.least or 0, question.most or MOST_ROWS
    if len(rows) < least:
        raise ValidationError(
            ngettext("Fill in at least %(n)d row.", "Fill in at least %(n)d rows.", least) % {"n": least}
        )
    if len(rows) > most:
        raise ValidationError(
            ngettext("Fill in at most %(n)d row.", "Fill in at most %(n)d rows.", most) % {"n": most}
        )
    return rows


def gpu_table(questions: Sequence[Question]) -> Question | None:
    """The first question that takes GPU-hours by work item: where an estimate goes."""
    return next((question for question in questions if question.kind == K.GPU_TABLE), None)


def total_hours(answer: Any) -> Decimal:
    """The GPU-hours of a table's rows, leaving out what is no number."""
    total = Decimal(0)
    for row in rows_of(answer) if isinstance(answer, list) else []:
        try:
            total += read_number(row.get("hours", "").strip() or "0")
        except ValidationError:
            continue
    return total


def total_problem(question: Question, answers: Mapping[str, Any]) -> str | None:
    """What is wrong where a table's total must be another question's answer."""
    if not question.total_is or not answers.get(question.key):
        return None
    try:
        asked = read_number(str(answers.get(question.total_is, "")).strip())
    except ValidationError:
        return None  # that question says so itself
    total = total_hours(answers[question.key])
    if total == asked:
        return None
    return _("The rows add up to %(total)s GPU-hours, and you ask for %(asked)s. Make the two equal.") % {
        "total": grouped(total),
        "asked": grouped(asked),
    }

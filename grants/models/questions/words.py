"""Answers in words: for the PDF, for CSV, and for the pages that show them."""

import datetime
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from grants.models.questions.kinds import Question, QuestionKind
from grants.models.questions.named import languages_named, one_line
from grants.models.questions.plain import grouped, read_number
from grants.models.questions.tables import columns_of, rows_of, total_hours
from mission.models import Language

if TYPE_CHECKING:
    from grants.models.files import Attachment

K = QuestionKind
PROFILES = {
    K.GITHUB: "https://github.com/%s",
    K.HUGGINGFACE: "https://huggingface.co/%s",
    K.ORCID: "https://orcid.org/%s",
    K.EMAIL: "mailto:%s",
    K.URL: "%s",
}


class Piece(NamedTuple):
    """A text, and where it leads, if anywhere."""

    text: str
    href: str = ""


class Table(NamedTuple):
    """Columns in which anything is written; rows of (column, piece); the GPU-hours in total, if any."""

    columns: list[Question]
    rows: list[list[tuple[Question, Piece]]]
    total: str = ""


def answer_in_words(question: Question, answer: Any) -> str:
    """Plain text; a list one item a line. What will not do is shown as it was typed."""
    if not answer:
        return ""
    if question.is_table and isinstance(answer, list):
        return _table_in_words(table(question, answer))
    return "\n".join(piece.text for piece in pieces(question, answer))


def pieces(question: Question, answer: Any) -> list[Piece]:
    """The answer item by item; files by their names."""
    items = [str(item) for item in answer] if isinstance(answer, list) else [str(answer)]
    if question.kind == K.FILE:
        return [Piece(file.name) for file in attached(items)]
    if question.kind == K.LANGUAGES:
        known = languages_named(one_line(item) for item in items)
        return [Piece(_language_in_words(known.get(one_line(item).lower()), item)) for item in items]
    return [piece(question, item) for item in items]


def attached(answer: Any) -> list["Attachment"]:
    """The files an answer names, in its order; whatever names none is left out."""
    from grants.models.files import Attachment  # files know applications, and those know questions

    keys = [str(key) for key in answer if is_key(key)] if isinstance(answer, list) else []
    found = {str(file.key): file for file in Attachment.objects.filter(key__in=keys)} if keys else {}
    return [found[key] for key in keys if key in found]


def is_key(text: Any) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", str(text)))


def piece(question: Question, item: str) -> Piece:
    """One text, with the link it carries where it is sound."""
    if question.kind in PROFILES:
        try:
            return Piece(item, PROFILES[K(question.kind)] % question.clean(item) if item else "")
        except ValidationError:
            return Piece(item)
    if question.kind in {K.NUMBER, K.GPU_HOURS, K.MONEY}:
        return Piece(_number_in_words(question, item))
    if question.kind == K.DATE:
        try:
            return Piece(date_format(datetime.date.fromisoformat(item.strip()), "j F Y"))
        except ValueError:
            return Piece(item)
    return Piece(item)


def _number_in_words(question: Question, item: str) -> str:
    try:
        number = read_number(item.strip())
    except ValidationError:
        return item
    if question.kind == K.MONEY:
        return f"{question.currency} {grouped(number, 2 if number % 1 else 0)}".strip()
    return f"{grouped(number)} {question.unit}".strip()


def _language_in_words(language: Language | None, item: str) -> str:
    """Its name, with its own name where that is another; as it was typed where no language is called so."""
    if language is None:
        return item
    own = language.autonym
    return f"{language.name} ({own})" if own and own != language.name else language.name


def table(question: Question, answer: Sequence[Any]) -> Table:
    rows = rows_of(answer)
    written = {key for row in rows for key, cell in row.items() if cell.strip()}
    columns = [column for column in columns_of(question.kind) if column.required or column.key in written]
    cells = [[(column, piece(column, row.get(column.key, ""))) for column in columns] for row in rows]
    total = grouped(total_hours(answer)) if question.kind == K.GPU_TABLE else ""
    return Table(columns, cells, total)


def _table_in_words(found: Table) -> str:
    lines = [
        "; ".join(f"{column.label}: {cell.text}" for column, cell in row if cell.text) for row in found.rows
    ]
    if found.total:
        lines.append(_("Total: %(hours)s GPU-hours") % {"hours": found.total})
    return "\n".join(lines)


def answers_in_words(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[tuple[Question, str]]:
    """Question and answer, in the call's order: what a PDF prints and a row of CSV holds."""
    return [(question, answer_in_words(question, answers.get(question.key))) for question in questions]

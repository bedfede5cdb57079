"""Showing an answer, whatever its kind: `templates/grants/answers/answer.html` asks here what to draw."""

from typing import Any, NamedTuple

from django import template
from django.utils.html import format_html

from grants.models.files import Attachment
from grants.models.questions import Question, QuestionKind
from grants.models.questions.words import Piece, Table, attached, pieces, table

register = template.Library()


class Shown(NamedTuple):
    """One of the four, whichever the kind has."""

    text: str = ""
    pieces: list[Piece] = []
    files: list[Attachment] = []
    table: Table | None = None


@register.filter
def shown(question: Question, answer: Any) -> Shown | None:
    """What the answer looks like; None where there is none."""
    if not answer:
        return None
    if question.kind == QuestionKind.FILE:
        files = attached(answer)
        return Shown(files=files) if files else None
    if question.is_table and isinstance(answer, list):
        return Shown(table=table(question, answer))
    if question.kind == QuestionKind.LONG_TEXT:
        return Shown(text=str(answer))
    return Shown(pieces=pieces(question, answer))


@register.filter
def linked(piece: Piece) -> str:
    """The text, as a link where it leads somewhere."""
    if not piece.href:
        return piece.text
    return format_html('<a href="{}" rel="nofollow noopener noreferrer">{}</a>', piece.href, piece.text)

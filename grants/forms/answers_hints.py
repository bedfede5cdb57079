"""What stands below a question: its help, when it is asked, and its limits, in sentences."""

from collections.abc import Callable, Mapping

from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.models.questions import FileKind, Question, QuestionKind
from grants.models.questions.plain import day_of, grouped

K = QuestionKind


def hint(question: Question, drawn: Mapping[str, Question]) -> str:
    parts = [
        question.help,
        condition(question, drawn),
        *words(question),
        *amounts(question),
        *days(question),
        *counts(question),
        *own(question),
    ]
    return escape(" ".join(part for part in parts if part))


def condition(question: Question, drawn: Mapping[str, Question]) -> str:
    """Said only where the answer it hangs on stands on the same page."""
    other = drawn.get(question.shown_if.get("question", "")) if question.shown_if else None
    if other is None:
        return ""
    values = _(" or ").join(f"“{value}”" for value in question.shown_if["is"])
    return _("Only if you answered %(values)s to “%(label)s”.") % {"values": values, "label": other.label}


def words(question: Question) -> list[str]:
    said = []
    if question.min_words:
        said.append(_("At least %(n)d words.") % {"n": question.min_words})
    if question.max_words:
        said.append(_("At most %(n)d words.") % {"n": question.max_words})
    return said


def amounts(question: Question) -> list[str]:
    said = [
        _("In %(unit)s.") % {"unit": unit}
        for unit in (question.unit, question.currency)
        if unit and unit not in question.label
    ]
    if question.minimum is not None:
        said.append(_("At least %(n)s.") % {"n": grouped(question.minimum)})
    if question.maximum is not None:
        said.append(_("At most %(n)s.") % {"n": grouped(question.maximum)})
    return said


def days(question: Question) -> list[str]:
    said = []
    first, last = day_of(question.not_before), day_of(question.not_after)
    if first:
        said.append(_("Not before %(day)s.") % {"day": date_format(first, "j F Y")})
    if last:
        said.append(_("Not after %(day)s.") % {"day": date_format(last, "j F Y")})
    return said


def counts(question: Question) -> list[str]:
    if not question.takes_list or question.kind == K.FILE:
        return []
    least, most, said = question.least or 0, question.most, []
    if least > 1:
        said.append((_("At least %(n)d rows.") if question.is_table else _("At least %(n)d.")) % {"n": least})
    if most:
        said.append((_("At most %(n)d rows.") if question.is_table else _("At most %(n)d.")) % {"n": most})
    return said


def own(question: Question) -> list[str]:
    told = OWN.get(K(question.kind))
    return told(question) if told else []


def _files(question: Question) -> list[str]:
    kinds = ", ".join(str(FileKind(kind).label) for kind in question.accepts)
    most = question.most or 1
    number = ngettext("One file.", "At most %(n)d files.", most) % {"n": most}
    return [number, _("Accepted: %(kinds)s.") % {"kinds": kinds} if kinds else ""]


def _licence(question: Question) -> list[str]:
    open_only = _("An open one.") if question.open_only else ""
    return [open_only, _("By its SPDX identifier; some are offered while you type.")]


OWN: Mapping[QuestionKind, Callable[[Question], list[str]]] = {
    K.QUANTITY: lambda q: [_("Such as 7B or 300M.")],
    K.GITHUB: lambda q: [_("The name, or the address of the profile.")],
    K.HUGGINGFACE: lambda q: [_("The name, or the address of the profile.")],
    K.ORCID: lambda q: [_("Such as 0000-0002-1825-0097.")],
    K.LANGUAGES: lambda q: [_("One a line: its name in English, its own name, or its ISO 639-3 code.")],
    K.LICENCE: _licence,
    K.FILE: _files,
}

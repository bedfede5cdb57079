"""Saving what is typed. Two people on two sections never meet; on one section the second is told."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from grants.actions.applications_rules import load, told_applicant
from grants.actions.handles import watch_handles
from grants.actions.rights import must_belong
from grants.models.applications import Application
from grants.models.gpu_time import gpu_ms
from grants.models.moments import in_zone
from grants.models.questions import Question
from grants.models.questions.sections import slugs
from mission.errors import Refused
from mission.models import User

LONGEST_TEXT = 50_000  # signs kept of one text: more than any answer may have


def save_draft(
    *,
    actor: User,
    application: Application,
    answers: Mapping[str, Any],
    version: int,
    section: str | None = None,
) -> Application:
    """Keep what was typed, right or wrong. `version` is the save the writer saw last: of the section,
    where one is named, and otherwise of the whole draft.

    Refused with code `clash` when somebody saved it since. Saves leave no audit entry each: the draft
    itself says who saved last and when.
    """
    application = load(application)
    must_belong(actor, application.organisation)
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=application.pk)
        if not locked.is_editable:
            raise Refused(told_applicant(application, actor), code="moved_on")
        questions = application.read_questions()
        kept = {**locked.answers, **typed(questions, answers)}
        seen = locked.draft_version if section is None else locked.seen_version(section)
        if seen != version:
            raise clash(locked, section)
        changed = kept != locked.answers
        if changed:
            write(locked, questions, actor=actor, answers=kept, section=section)
    saved = load(application)
    if changed:
        watch_handles(application=saved)
    return saved


def typed(questions: Sequence[Question], answers: Mapping[str, Any]) -> dict[str, Any]:
    """What belongs to a question, cut where no answer could be that long. Files are handed in, not typed."""
    return {q.key: shortened(answers[q.key]) for q in questions if q.key in answers and q.kind != "file"}


def shortened(answer: Any) -> Any:
    """Texts, also those inside tables, without the one sign that the database does not keep."""
    if isinstance(answer, Mapping):
        return {str(name)[:100]: shortened(value) for name, value in list(answer.items())[:50]}
    if isinstance(answer, list | tuple):
        return [shortened(value) for value in answer[:200]]
    return str(answer).replace("\0", "")[:LONGEST_TEXT]


def write(
    locked: Application,
    questions: Sequence[Question],
    *,
    actor: User,
    answers: dict[str, Any],
    section: str | None,
) -> None:
    """The answers, and one save more. What was submitted keeps its title and amounts until it is again."""
    now = timezone.now()
    values: dict[str, Any] = {
        "answers": answers,
        "draft_version": locked.draft_version + 1,
        "section_versions": counted(locked, actor, [section] if section else slugs(questions).values(), now),
        "saved_at": now,
        "saved_by": actor,
    }
    if locked.is_draft:
        values["title"] = str(answers.get("title", "")).strip()[:200]
        values["requested_gpu_ms"] = asked_gpu_ms(questions, answers)
        values["requested_money"] = asked_money(questions, answers)
    Application.objects.filter(pk=locked.pk).update(**values)


def counted(locked: Application, actor: User, saved: Iterable[str], now: datetime.datetime) -> dict[str, Any]:
    """One save more of each of these sections: who, when."""
    marks = {
        slug: {"version": locked.seen_version(slug) + 1, "by": actor.pk, "at": now.isoformat()}
        for slug in saved
    }
    return {**locked.section_versions, **marks}


def clash(locked: Application, section: str | None) -> Refused:
    """Who was first, and when."""
    mark = locked.section_versions.get(section) if section else None
    who = User.objects.filter(pk=mark["by"]).first() if mark else locked.saved_by
    when = parse_datetime(mark["at"]) if mark else locked.saved_at
    sentence = (
        _("%(who)s saved this section on %(when)s, while you were writing. Yours is not saved yet.")
        if section
        else _("%(who)s saved this application on %(when)s, while you were writing. Yours is not saved yet.")
    )
    return Refused(sentence % {"who": who, "when": in_zone(when or locked.saved_at)}, code="clash")


def asked_gpu_ms(questions: Sequence[Question], answers: Mapping[str, Any]) -> int:
    """The amount asked for; 0 while it is not a sound number."""
    return gpu_ms(sound_number(questions, answers, "gpu_hours"))


def asked_money(questions: Sequence[Question], answers: Mapping[str, Any]) -> Decimal:
    """The money asked for; 0 while it is not a sound amount."""
    return sound_number(questions, answers, "money")


def sound_number(questions: Sequence[Question], answers: Mapping[str, Any], key: str) -> Decimal:
    question = next((q for q in questions if q.key == key), None)
    if question is None:
        return Decimal(0)
    try:
        return Decimal(str(question.clean(answers.get(key, "")) or 0))
    except ValidationError:
        return Decimal(0)

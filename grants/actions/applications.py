"""Applying: start, for an organisation or as oneself, from nothing or from an earlier one; and withdraw.

Saving and submitting have files of their own beside this one.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.applications_rules import load, must_be_eligible, must_be_open, told_applicant
from grants.actions.applications_saving import asked_gpu_ms, asked_money, save_draft
from grants.actions.applications_submitting import submit
from grants.actions.decisions import drop_held
from grants.actions.rights import must_belong
from grants.actions.states import move
from grants.actions.steps import advance
from grants.models.applications import INSIDE, Application, ApplicationStatus
from grants.models.calls import Call
from grants.models.copying import copied
from grants.models.reviews import ReviewStatus
from mission.actions.audit import record
from mission.actions.organisations import stand_alone
from mission.errors import Refused
from mission.models import Nation, Organisation, User

__all__ = ["save_draft", "start_alone", "start_application", "submit", "withdraw"]


def start_application(
    *, actor: User, call: Call, organisation: Organisation, copy_from: Application | None = None
) -> Application:
    """A draft for an organisation. Starting again gives the one there is.

    `copy_from`: an earlier application of the same organisation; answers whose question and kind are the
    same here are taken over.
    """
    must_belong(actor, organisation)
    there = Application.objects.filter(call=call, organisation=organisation).exclude(
        status=ApplicationStatus.WITHDRAWN
    )
    found = there.first()
    if found is not None:
        return found
    must_be_open(call, timezone.now())
    must_be_eligible(call, organisation)
    if copy_from is not None and copy_from.organisation_id != organisation.pk:
        raise Refused(_("Only answers of the same applicant can be copied."), code="forbidden", status=403)
    try:
        with transaction.atomic():
            made = Application.objects.create(
                call=call,
                organisation=organisation,
                started_by=actor,
                saved_by=actor,
                **first_answers(call, copy_from),
            )
            source = copy_from.reference if copy_from else ""
            record(actor=actor, verb="application.started", target=made, to=made.status, copied_from=source)
    except IntegrityError:
        return there.get()
    return made


def first_answers(call: Call, copy_from: Application | None) -> dict[str, Any]:
    """The columns of a draft that begins with what was written before."""
    if copy_from is None:
        return {}
    questions = call.read_questions()
    answers = copied(copy_from, questions)
    return {
        "copied_from": copy_from,
        "answers": answers,
        "title": str(answers.get("title", ""))[:200],
        "requested_gpu_ms": asked_gpu_ms(questions, answers),
        "requested_money": asked_money(questions, answers),
    }


def start_alone(
    *, actor: User, call: Call, nation: Nation, copy_from: Application | None = None
) -> Application:
    """A draft for the person themselves. Refused: nothing is left behind."""
    with transaction.atomic():
        myself = stand_alone(actor=actor, nation=nation)
        return start_application(actor=actor, call=call, organisation=myself, copy_from=copy_from)


def withdraw(*, actor: User, application: Application, reason: str = "") -> Application:
    """Take an undecided application back; its reviewers are released."""
    application = load(application)
    must_belong(actor, application.organisation)
    if not application.may_be_withdrawn and application.status in INSIDE:
        raise Refused(told_applicant(application, actor), code="moved_on")
    with transaction.atomic():
        advance(
            application,
            actor=actor,
            to=ApplicationStatus.WITHDRAWN,
            verb="application.withdrawn",
            reason=reason,
        )
        drop_held(application)
        for review in application.reviews.waiting().select_for_update():
            move(review, actor=actor, to=ReviewStatus.RELEASED, verb="review.released")
    return application

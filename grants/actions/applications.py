"""Applying: start, save, submit, withdraw."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.letters import write_letter
from grants.actions.rights import must_belong
from grants.actions.states import move, told
from grants.actions.steps import advance, go_on
from grants.models.applications import Application, ApplicationStatus, ApplicationVersion, findings
from grants.models.calls import Call
from grants.models.gpu_time import gpu_ms
from grants.models.moments import in_zone
from grants.models.questions import Question, clean_answers
from grants.models.reviews import ReviewStatus
from grants.models.working_days import due_on
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import Organisation, User


def start_application(*, actor: User, call: Call, organisation: Organisation) -> Application:
    """A draft for an organisation. Starting again gives the one there is."""
    must_belong(actor, organisation)
    there = Application.objects.filter(call=call, organisation=organisation).exclude(
        status=ApplicationStatus.WITHDRAWN
    )
    found = there.first()
    if found is not None:
        return found
    must_be_open(call)
    must_be_eligible(call, organisation)
    try:
        with transaction.atomic():
            made = Application.objects.create(
                call=call, organisation=organisation, started_by=actor, saved_by=actor
            )
            record(actor=actor, verb="application.started", target=made, to=made.status)
    except IntegrityError:
        return there.get()
    return made


def save_draft(
    *, actor: User, application: Application, answers: Mapping[str, Any], version: int
) -> Application:
    """Keep what was typed, right or wrong. `version` is the save the writer saw last.

    Refused with code `clash` when somebody saved since. Saves leave no audit entry each: the draft
    itself says who saved last and when.
    """
    application = load(application)
    must_belong(actor, application.organisation)
    questions = application.call.read_questions()
    typed = {q.key: str(answers[q.key])[:50_000] for q in questions if q.key in answers}
    kept = {**application.answers, **typed}
    if application.is_draft and application.draft_version == version and kept == application.answers:
        return application
    fresh = Application.objects.filter(
        pk=application.pk, status=ApplicationStatus.DRAFT, draft_version=version
    ).update(
        answers=kept,
        title=kept.get("title", "").strip()[:200],
        requested_gpu_ms=asked_gpu_ms(questions, kept),
        requested_money=asked_money(questions, kept),
        draft_version=version + 1,
        saved_at=timezone.now(),
        saved_by=actor,
    )
    application.refresh_from_db()
    if fresh:
        return application
    if not application.is_draft:
        raise Refused(told(application, actor), code="moved_on")
    raise Refused(
        _("%(who)s saved this application on %(when)s, while you were writing. Yours is not saved yet.")
        % {"who": application.saved_by, "when": in_zone(application.saved_at)},
        code="clash",
    )


def submit(*, actor: User, application: Application, declared: Sequence[str] = ()) -> Application:
    """Hand in the draft as saved. `declared`: the declarations agreed to. Again: changes nothing.

    Refused, with the question's key as `field`, where an answer will not do.
    """
    application = load(application)
    must_belong(actor, application.organisation)
    if application.submitted_at is not None:
        return application
    call = application.call
    must_be_open(call)
    questions = call.read_questions()
    clean, problems = clean_answers(questions, application.answers)
    for question in questions:
        if question.key in problems:
            sentence = f"{question.label}: {problems[question.key]}"
            raise Refused(sentence, field=question.key, code="invalid", status=422)
    must_be_eligible(call, application.organisation, application)
    if set(call.declarations) - set(declared):
        raise Refused(_("Agree to each declaration."), field="declarations", code="invalid", status=422)
    try:
        with transaction.atomic():
            freeze(application, actor=actor, clean=clean)
    except Refused:
        application.refresh_from_db()
        if application.submitted_at is None:
            raise
    return application


def freeze(application: Application, *, actor: User, clean: dict[str, str]) -> None:
    """Move, keep the version with what the call asked, and write the receipt."""
    now, number = timezone.now(), application.versions.count() + 1
    pinned = application.call.pinned(application.requested_gpu_ms, application.requested_money)
    advance(
        application,
        actor=actor,
        to=ApplicationStatus.SUBMITTED,
        verb="application.submitted",
        values={
            "submitted_at": now,
            "route": pinned["route"]["route"],
            "first_step": pinned["route"]["steps"][0]["step"],
            "reviews_needed": pinned["reviews_needed"],
            "due_on": due_on(now, pinned["route"].get("service_days"), application.call.time_zone),
        },
        where={"draft_version": application.draft_version},  # not what a colleague saved just now
        version=number,
        gpu_ms=application.requested_gpu_ms,
    )
    ApplicationVersion.objects.create(
        application=application,
        number=number,
        title=clean["title"],
        summary=clean["summary"],
        answers=clean,
        requested_gpu_ms=application.requested_gpu_ms,
        requested_money=application.requested_money,
        pinned=pinned,
        submitted_by=actor,
        submitted_at=now,
    )
    go_on(application, actor=None, after=None)
    write_letter(kind="receipt", to=actor, application=application, when=in_zone(now))


def withdraw(*, actor: User, application: Application, reason: str = "") -> Application:
    """Take an undecided application back; its reviewers are released."""
    application = load(application)
    must_belong(actor, application.organisation)
    with transaction.atomic():
        advance(
            application,
            actor=actor,
            to=ApplicationStatus.WITHDRAWN,
            verb="application.withdrawn",
            reason=reason,
        )
        for review in application.reviews.waiting().select_for_update():
            move(review, actor=actor, to=ReviewStatus.RELEASED, verb="review.released")
    return application


def load(application: Application) -> Application:
    return Application.objects.select_related("call", "organisation__nation", "saved_by").get(
        pk=application.pk
    )


def must_be_open(call: Call) -> None:
    if call.is_open:
        return
    words = {"title": call.title, "opens": call.opens_in_words, "closes": call.closes_in_words}
    if call.phase == "upcoming":
        raise Refused(_("“%(title)s” opens on %(opens)s.") % words, code="call_not_open")
    raise Refused(_("“%(title)s” closed on %(closes)s.") % words, code="call_closed")


def must_be_eligible(call: Call, organisation: Organisation, application: Application | None = None) -> None:
    judged = application.findings() if application else findings(call, organisation)
    failing = [finding for finding in judged if finding.ok is False]
    if failing:
        sentence = _("%(rule)s %(reason)s") % {"rule": failing[0].rule, "reason": failing[0].reason}
        raise Refused(sentence, code="not_eligible")


def asked_gpu_ms(questions: Sequence[Question], answers: Mapping[str, str]) -> int:
    """The amount asked for; 0 while it is not a sound number."""
    question = next((q for q in questions if q.key == "gpu_hours"), None)
    if question is None:
        return 0
    try:
        return gpu_ms(Decimal(question.clean(answers.get("gpu_hours", "")) or 0))
    except ValidationError:
        return 0


def asked_money(questions: Sequence[Question], answers: Mapping[str, str]) -> Decimal:
    """The money asked for; 0 while it is not a sound amount."""
    question = next((q for q in questions if q.key == "money"), None)
    if question is None:
        return Decimal(0)
    try:
        return Decimal(question.clean(answers.get("money", "")) or 0)
    except ValidationError:
        return Decimal(0)

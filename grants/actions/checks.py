"""The desk's own steps before anybody else reads: administrative check and technical assessment."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.decisions import decide
from grants.actions.notifications import notify
from grants.actions.reviews import locked
from grants.actions.rights import must, must_be_free
from grants.actions.states import told
from grants.actions.steps import advance, go_on, has_step
from grants.actions.teams import tell_team
from grants.models.applications import Application, ApplicationStatus
from grants.models.decisions import DecisionKind
from grants.models.moments import in_zone
from grants.models.routes import Step
from grants.models.steps import Outcome, StepResult
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import AuditEntry, User

STATE_AT = {Step.CHECK: ApplicationStatus.SUBMITTED, Step.TECHNICAL: ApplicationStatus.ASSESSMENT}


def pass_check(*, actor: User, application: Application, note: str = "") -> StepResult:
    """All is there: on to the next step."""
    may_find(actor, application)
    with transaction.atomic():
        application = at_step(application, Step.CHECK, actor)
        found = write_down(application, actor=actor, step=Step.CHECK, outcome=Outcome.PASSED, note=note)
        go_on(application, actor=actor, after=Step.CHECK)
    return found


def return_for_completion(
    *, actor: User, application: Application, words: str, complete_by: datetime.datetime, note: str = ""
) -> StepResult:
    """Something is missing: the team may write again until then. Once only."""
    may_find(actor, application)
    if not words.strip():
        raise Refused(_("Tell the applicant what is missing."), field="words", status=422)
    if complete_by <= timezone.now():
        raise Refused(_("Choose a moment to come."), field="complete_by", status=422)
    with transaction.atomic():
        application = at_step(application, Step.CHECK, actor)
        if application.returned_once:
            raise Refused(
                _("It was returned for completion once already. Pass it, or decline it."), code="once"
            )
        found = write_down(
            application, actor=actor, step=Step.CHECK, outcome=Outcome.RETURNED, note=note, words=words
        )
        advance(
            application,
            actor=actor,
            to=ApplicationStatus.RETURNED,
            verb="application.returned",
            values={"returned_once": True, "complete_by": complete_by},
            where={"returned_once": False},
            complete_by=complete_by.isoformat(),
        )
        tell_returned(application, words=found.words, when=in_zone(complete_by, application.call.time_zone))
    return found


def tell_returned(application: Application, *, words: str, when: str) -> None:
    said = {"title": application.title, "when": when}
    text = _("“%(title)s” needs completing by %(when)s.") % said
    tell_team(application, kind="returned", text=text, words=words, when=when)


def fail_check(*, actor: User, application: Application, reason: str, feedback: str) -> StepResult:
    """It does not meet what the call asks, or was not completed in time: declined by the desk."""
    return fail(actor=actor, application=application, step=Step.CHECK, reason=reason, feedback=feedback)


def pass_technical(
    *, actor: User, application: Application, note: str, recommended_gpu_ms: int | None = None
) -> StepResult:
    """The work can be done with what it asks for, or with what is recommended here."""
    may_find(actor, application)
    if not note.strip():
        raise Refused(_("Say what you found: reviewers and panel build on it."), field="note", status=422)
    with transaction.atomic():
        application = at_step(application, Step.TECHNICAL, actor)
        found = write_down(
            application,
            actor=actor,
            step=Step.TECHNICAL,
            outcome=Outcome.PASSED,
            note=note,
            recommended_gpu_ms=recommended_gpu_ms,
        )
        go_on(application, actor=actor, after=Step.TECHNICAL)
    return found


def fail_technical(*, actor: User, application: Application, reason: str, feedback: str) -> StepResult:
    """It cannot be done as it is planned: declined by the desk."""
    return fail(actor=actor, application=application, step=Step.TECHNICAL, reason=reason, feedback=feedback)


def fail(*, actor: User, application: Application, step: Step, reason: str, feedback: str) -> StepResult:
    may_find(actor, application)
    with transaction.atomic():
        application = at_step(application, step, actor, also=ApplicationStatus.RETURNED)
        must_be_lapsed(application)
        found = write_down(
            application, actor=actor, step=step, outcome=Outcome.FAILED, note=reason, words=feedback
        )
        decide(
            actor=actor,
            application=application,
            kind=DecisionKind.DECLINE,
            reason=reason,
            feedback=feedback,
        )
    return found


def may_find(actor: User, application: Application) -> None:
    must(actor, "step.write")
    must_be_free(actor, application)


def at_step(
    application: Application, step: Step, actor: User, also: ApplicationStatus | None = None
) -> Application:
    """Locked, and before the desk at this step of its route."""
    application = locked(application)
    here = {STATE_AT[step]} | ({also} if also and step == Step.CHECK else set())
    if not has_step(application, step) or application.status not in here:
        raise Refused(told(application, actor), code="moved_on")
    return application


def must_be_lapsed(application: Application) -> None:
    """While it is with the team, it is theirs to complete."""
    if application.status == ApplicationStatus.RETURNED and not application.is_lapsed:
        raise Refused(
            _("The applicant may complete it until %(when)s.")
            % {"when": in_zone(application.complete_by) if application.complete_by else ""},
            code="not_yet",
        )


def write_down(
    application: Application,
    *,
    actor: User,
    step: Step,
    outcome: Outcome,
    note: str,
    words: str = "",
    recommended_gpu_ms: int | None = None,
) -> StepResult:
    found = StepResult.objects.create(
        application=application,
        step=step,
        outcome=outcome,
        note=note.strip(),
        words=words.strip(),
        recommended_gpu_ms=recommended_gpu_ms,
        found_by=actor,
    )
    verb = f"{step}.{outcome}"
    record(actor=actor, verb=verb, target=application, gpu_ms=recommended_gpu_ms, reason=found.note)
    return found


def tell_of_lapsed_returns() -> int:
    """What was not completed in time: whoever returned it hears of it, once. How many were told of."""
    late = Application.objects.filter(status=ApplicationStatus.RETURNED, complete_by__lte=timezone.now())
    return sum(tell_of_lapsed(application_id=pk) for pk in list(late.values_list("pk", flat=True)[:200]))


def tell_of_lapsed(*, application_id: int) -> bool:
    """True when this call told of it; twice at once tells once, for the row is locked."""
    with transaction.atomic():
        rows = Application.objects.select_for_update(of=("self",)).select_related("call")
        application = rows.get(pk=application_id)
        told_before = AuditEntry.objects.about(application).filter(verb="application.not_completed")
        if not application.is_lapsed or told_before.exists():
            return False
        record(actor=None, verb="application.not_completed", target=application)
        returned = application.step_results.filter(outcome=Outcome.RETURNED).order_by("found_at").last()
        if returned is not None:
            text = _("%(reference)s was not completed in time.") % {"reference": application.reference}
            notify(
                user=returned.found_by,
                kind="application.not_completed",
                text=text,
                path=f"/desk/applications/{application.reference}/checks/",
                application=application,
            )
    return True

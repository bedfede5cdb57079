"""Appeals: the applicant's word against a decision, looked at by somebody who did not decide."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.applications_rules import told_applicant
from grants.actions.notifications import notify
from grants.actions.reviews import locked
from grants.actions.rights import must, must_be_free, must_belong
from grants.actions.states import move
from grants.actions.steps import advance
from grants.actions.teams import tell_team
from grants.models.applications import Application, ApplicationStatus
from grants.models.decisions import Appeal, AppealStatus, Decision, DecisionKind
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User


def file_appeal(*, actor: User, application: Application, grounds: str) -> Appeal:
    """Within the window that was pinned when it was submitted, once for each decision.

    Filing again gives the appeal there is.
    """
    must(actor, "appeal.file")
    must_belong(actor, application.organisation)
    decision = must_be_appealable(application)
    there = Appeal.objects.filter(decision=decision)
    found = there.first()
    if found is not None:
        return found
    if not grounds.strip():
        raise Refused(_("Say what should be looked at again."), field="grounds", status=422)
    try:
        with transaction.atomic():
            application = locked(application)
            if application.status != ApplicationStatus.DECLINED:
                raise Refused(told_applicant(application, actor), code="moved_on")
            made = Appeal.objects.create(
                application=application, decision=decision, grounds=grounds.strip(), filed_by=actor
            )
            record(actor=actor, verb="application.appealed", target=application, appeal=made.pk)
            tell_who_decided(made)
    except IntegrityError:
        return there.get()
    return made


def decide_appeal(*, actor: User, appeal: Appeal, uphold: bool, reason: str) -> Appeal:
    """Upheld: the application is decided anew, by somebody else. The applicant reads the reason."""
    must(actor, "appeal.decide")
    must_be_free(actor, appeal.application)
    must_not_have_decided(actor, appeal.application)
    if not reason.strip():
        raise Refused(_("Say why. The applicant reads it."), field="reason", status=422)
    with transaction.atomic():
        application = locked(appeal.application)
        appeal = Appeal.objects.get(pk=appeal.pk)
        to = AppealStatus.UPHELD if uphold else AppealStatus.DISMISSED
        values = {"decided_by": actor, "decided_at": timezone.now(), "reason": reason.strip()}
        move(appeal, actor=actor, to=to, verb=f"appeal.{to}", values=values)
        facts: dict[str, Any] = {"appeal": appeal.pk, "reason": appeal.reason}
        if uphold:
            again = ApplicationStatus.REVIEWED
            advance(application, actor=actor, to=again, verb="application.appeal_upheld", **facts)
        else:
            record(actor=actor, verb="application.appeal_dismissed", target=application, **facts)
        outcomes = {
            True: _("Your appeal on “%(title)s” was upheld."),
            False: _("“%(title)s”: it stays declined."),
        }
        text = outcomes[uphold] % {"title": application.title}
        tell_team(application, kind=f"appeal_{to}", text=text, appeal=appeal)
    return appeal


def must_be_appealable(application: Application) -> Decision:
    """The decision that may be appealed against; refused with the reason where there is none."""
    decision = application.announced_decision
    status = Application.objects.values_list("status", flat=True).get(pk=application.pk)
    if decision is None or decision.kind != DecisionKind.DECLINE or status != ApplicationStatus.DECLINED:
        raise Refused(_("Only an application that was declined can be appealed."), code="moved_on")
    until = decision.appeal_until()
    if until is None:
        raise Refused(_("This call knows no appeals."), code="no_appeals")
    if until <= timezone.now():
        when = application.call.in_words(until)
        raise Refused(_("Appeals were possible until %(when)s.") % {"when": when}, code="appeal_late")
    return decision


def must_not_have_decided(actor: User, application: Application) -> None:
    if Decision.objects.filter(application=application, decided_by=actor).exists():
        raise Refused(
            _("You decided this application. Somebody else decides the appeal."), code="decided_before"
        )


def tell_who_decided(appeal: Appeal) -> None:
    """They know that it is looked at; somebody else does that."""
    application = appeal.application
    notify(
        user=appeal.decision.decided_by,
        kind="appeal",
        text=_("An appeal was filed on “%(title)s”.") % {"title": application.title},
        path=f"/desk/applications/{application.reference}/appeal/",
        application=application,
    )

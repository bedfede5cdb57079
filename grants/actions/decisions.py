"""Deciding: award, waiting list or decline. The budget is held when it is decided; the applicant hears of
it at once, or when the call publishes its results."""

import datetime
import logging
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.awards import make_award, only_resource
from grants.actions.budgets import check_amounts, give_back, hold_budget
from grants.actions.offers import make_offer
from grants.actions.reviews import locked, recount
from grants.actions.rights import must, must_be_free
from grants.actions.states import move, told
from grants.actions.steps import advance, route_of
from grants.actions.teams import tell_team
from grants.models.applications import Application, ApplicationStatus
from grants.models.calls import Call
from grants.models.compute import Resource
from grants.models.decisions import DECIDABLE, AppealStatus, Decision, DecisionKind, recommended
from grants.models.reviews import ReviewStatus
from grants.models.routes import step_of
from mission.errors import Refused
from mission.models import User

logger = logging.getLogger(__name__)
_S = ApplicationStatus


def decide(
    *,
    actor: User,
    application: Application,
    kind: str,
    reason: str,
    feedback: str = "",
    gpu_ms: int = 0,
    money: Decimal = Decimal(0),
    resource: Resource | None = None,
    expires_at: datetime.datetime | None = None,
    place: int | None = None,
) -> Decision:
    """Decide, and hold the budget. `resource` may be left out while there is only one; the lot expires
    after a year unless told; `place` on the waiting list is the next one unless told.

    Refused, and nothing changed, above the budget, without a reason, without words to who is declined,
    or when somebody decided before.
    """
    must(actor, "award.write")
    must_be_free(actor, application)
    with transaction.atomic():
        application = locked(application)
        must_be_decidable(application, kind, actor)
        check_words(kind, reason, feedback)
        given: dict[str, Any] = {}
        if kind == DecisionKind.AWARD:
            given = hold(application.call, gpu_ms, money, resource, expires_at)
        elif kind == DecisionKind.WAIT:
            given = {"place": place or next_place(application.call)}
        else:
            release_reviewers(application, actor=actor)
        words = {"reason": reason.strip(), "feedback": feedback.strip()}
        decision = write_decision(application, kind=kind, decided_by=actor, **words, **given)
        if results_are_held(application.call):
            go(decision, application, actor=actor, to=_S.DECIDED, verb="application.decided")
        else:
            publish(decision, application, actor=actor)
    return decision


def hold(
    call: Call, gpu_ms: int, money: Decimal, resource: Resource | None, expires_at: datetime.datetime | None
) -> dict[str, Any]:
    """Both amounts out of the call's budget at once, or neither; what the decision says of them."""
    check_amounts(call, gpu_ms, money)
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused(_("Choose a day to come."), field="expires_on", status=422)
    hold_budget(call, gpu_ms, money)
    return {
        "awarded_gpu_ms": gpu_ms,
        "awarded_money": money,
        "resource": (resource or only_resource()) if gpu_ms else None,
        "lot_expires_at": expires_at if gpu_ms else None,
    }


def write_decision(application: Application, **values: Any) -> Decision:
    """Requested, recommended and awarded kept apart, as they are at this moment."""
    recommended_gpu_ms, recommended_money = recommended(application)
    return Decision.objects.create(
        application=application,
        number=application.decisions.count() + 1,
        requested_gpu_ms=application.requested_gpu_ms,
        requested_money=application.requested_money,
        recommended_gpu_ms=recommended_gpu_ms,
        recommended_money=recommended_money,
        **values,
    )


def undo_decision(*, actor: User, decision: Decision, reason: str = "") -> Decision:
    """Take back what nobody was told yet. The budget held for it is free again."""
    must(actor, "award.write")
    must_be_free(actor, decision.application)
    with transaction.atomic():
        application = locked(decision.application)
        if application.status != _S.DECIDED:
            raise Refused(told(application, actor), code="moved_on")
        before = application.announced_decision
        waited = before is not None and before.kind == DecisionKind.WAIT
        to = _S.WAITLISTED if waited else _S.REVIEWED
        advance(application, actor=actor, to=to, verb="application.decision_undone", reason=reason.strip())
        return drop_held(application) or decision


def drop_held(application: Application) -> Decision | None:
    """Beside the move that leaves DECIDED without an announcement: an undo, or a withdrawal."""
    decision = application.decisions.filter(announced_at=None, undone_at=None).first()
    if decision is None:
        return None
    decision.undone_at = timezone.now()
    undone = Decision.objects.filter(pk=decision.pk, announced_at=None, undone_at=None)
    if undone.update(undone_at=decision.undone_at):
        give_back(application.call, decision.awarded_gpu_ms, decision.awarded_money)
    return decision


def announce(*, decision: Decision, actor: User | None = None) -> Decision:
    """Tell the applicant what was decided. Announcing again changes nothing. `actor`: None for the clock."""
    if actor is not None:
        must(actor, "award.write")
        must_be_free(actor, decision.application)
    announced_now(decision, actor=actor)
    return Decision.objects.get(pk=decision.pk)


def announced_now(decision: Decision, *, actor: User | None) -> bool:
    """True when this call announced it."""
    with transaction.atomic():
        application = locked(decision.application)
        decision = Decision.objects.select_related("resource", "decided_by").get(pk=decision.pk)
        if not decision.is_held or application.status != _S.DECIDED:
            return False
        if results_are_held(application.call):
            when = application.call.in_words(application.call.results_at or timezone.now())
            raise Refused(_("Results are held until %(when)s.") % {"when": when}, code="held")
        publish(decision, application, actor=actor)
    return True


def announce_due() -> int:
    """How many were announced. Each in a transaction of its own: killed in between, the next run goes on."""
    out = Q(application__call__results_at=None) | Q(application__call__results_at__lte=timezone.now())
    due = Decision.objects.filter(out, announced_at=None, undone_at=None, application__status=_S.DECIDED)
    announced = 0
    for decision in due.select_related("application").order_by("pk"):
        try:
            announced += announced_now(decision, actor=None)
        except Exception:  # one that cannot be told must not keep the others waiting
            logger.exception("decision not announced", extra={"decision": decision.pk})
    return announced


def publish(decision: Decision, application: Application, *, actor: User | None) -> None:
    """Claimed by one conditional UPDATE; then the state and what follows from it, in one transaction."""
    now = timezone.now()
    unsaid = Decision.objects.filter(pk=decision.pk, announced_at=None, undone_at=None)
    if not unsaid.update(announced_at=now):
        raise Refused(told(application, actor), code="moved_on")
    decision.announced_at = now
    title = {"title": application.title}
    answer = step_of(route_of(application), "answer")
    if decision.kind == DecisionKind.DECLINE:
        go(decision, application, actor=actor, to=_S.DECLINED, verb="application.declined")
        text = _("“%(title)s” was not chosen.") % title
        tell_team(application, kind="declined", text=text, decision=decision)
    elif decision.kind == DecisionKind.WAIT:
        go(decision, application, actor=actor, to=_S.WAITLISTED, verb="application.waitlisted")
        text = _("“%(title)s” is on the waiting list.") % title
        tell_team(application, kind="waitlist", text=text, decision=decision)
    elif answer is not None:
        go(decision, application, actor=actor, to=_S.OFFERED, verb="application.offered")
        make_offer(application, decision=decision, actor=actor, days=answer["days"])
    else:
        go(decision, application, actor=actor, to=_S.AWARDED, verb="application.awarded")
        make_award(application, decision=decision, actor=actor)


def go(decision: Decision, application: Application, *, actor: User | None, to: str, verb: str) -> None:
    facts: dict[str, Any] = {"kind": decision.kind, "reason": decision.reason}
    facts |= {"gpu_ms": decision.awarded_gpu_ms, "money": str(decision.awarded_money)}
    advance(application, actor=actor, to=to, verb=verb, **facts)


def results_are_held(call: Call) -> bool:
    return call.results_at is not None and call.results_at > timezone.now()


def kinds_for(application: Application) -> list[str]:
    """Which decisions its state allows."""
    return [kind for kind, states in DECIDABLE.items() if application.status in states]


def must_be_decidable(application: Application, kind: str, actor: User) -> None:
    """In a state where this may be decided, with its reviews in, and not by who was appealed against."""
    if application.status not in DECIDABLE[DecisionKind(kind)]:
        raise Refused(told(application, actor), code="moved_on")
    version = application.submitted_version()
    needed = version.pinned["reviews_needed"] if version else 0
    if kind != DecisionKind.DECLINE and application.reviews.submitted().count() < needed:
        raise Refused(
            _("%(needed)d reviews are needed first, and %(here)d are in.")
            % {"needed": needed, "here": application.reviews.submitted().count()},
            code="reviews_missing",
        )
    upheld = application.appeals.filter(status=AppealStatus.UPHELD, decision__decided_by=actor)
    if upheld.exists():
        raise Refused(
            _("An appeal against your decision was upheld. Somebody else decides anew."),
            code="decided_before",
        )


def check_words(kind: str, reason: str, feedback: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why: the reason is kept with the decision."), field="reason", status=422)
    if kind == DecisionKind.DECLINE and not feedback.strip():
        raise Refused(_("Tell the applicant why."), field="feedback", status=422)


def next_place(call: Call) -> int:
    """After the last on the call's waiting list."""
    waiting = Decision.objects.filter(
        application__call=call, application__status__in=[_S.WAITLISTED, _S.DECIDED], undone_at=None
    )
    return (waiting.aggregate(last=Max("place"))["last"] or 0) + 1


def release_reviewers(application: Application, *, actor: User) -> None:
    for review in application.reviews.waiting().select_for_update():
        move(review, actor=actor, to=ReviewStatus.RELEASED, verb="review.released")
    recount(application)

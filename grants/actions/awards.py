"""Deciding. An award holds budget, opens the lot and asks for deliverables, or does nothing."""

import datetime

from django.db import transaction
from django.db.models import Avg, F
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.compute import open_lot
from grants.actions.letters import write_letter
from grants.actions.reviews import locked
from grants.actions.rights import must, must_be_free
from grants.actions.states import move
from grants.actions.steps import advance
from grants.models.applications import Application, ApplicationStatus, ApplicationVersion
from grants.models.awards import Award, AwardNumber
from grants.models.calls import Call
from grants.models.compute import Resource, in_words
from grants.models.decisions import Decision, DecisionKind
from grants.models.deliverables import Deliverable, DeliverableKind
from grants.models.reviews import ReviewStatus
from mission.actions.audit import record
from mission.actions.people import grant_role
from mission.errors import Refused
from mission.models import Role, User

A_YEAR = datetime.timedelta(days=365)


def award(
    *,
    actor: User,
    application: Application,
    gpu_ms: int,
    reason: str,
    feedback: str = "",
    resource: Resource | None = None,
    expires_at: datetime.datetime | None = None,
) -> Award:
    """Give an application GPU time out of its call's budget.

    `resource`: may be left out while there is only one. The lot expires after a year unless told.
    Refused, and nothing changed, above the budget, or when somebody decided before.
    """
    must(actor, "award.write")
    must_be_free(actor, application)
    check_words(reason)
    check_amount(application.call, gpu_ms)
    with transaction.atomic():
        application = locked(application)
        advance(
            application,
            actor=actor,
            to=ApplicationStatus.AWARDED,
            verb="application.awarded",
            gpu_ms=gpu_ms,
            reason=reason,
        )
        hold_budget(application.call, gpu_ms)
        kind = DecisionKind.AWARD
        decide(application, actor=actor, kind=kind, gpu_ms=gpu_ms, reason=reason, feedback=feedback)
        made = make_award(application, actor=actor, gpu_ms=gpu_ms)
        if gpu_ms:
            promise(made, actor=actor, resource=resource or only_resource(), expires_at=expires_at)
        welcome(made, actor=actor, feedback=feedback)
    return made


def decline(*, actor: User, application: Application, reason: str, feedback: str = "") -> Decision:
    """Say no, with a reason that is kept and words for the applicant."""
    must(actor, "award.write")
    must_be_free(actor, application)
    check_words(reason)
    with transaction.atomic():
        application = locked(application)
        advance(
            application,
            actor=actor,
            to=ApplicationStatus.DECLINED,
            verb="application.declined",
            reason=reason,
        )
        for review in application.reviews.waiting().select_for_update():
            move(review, actor=actor, to=ReviewStatus.RELEASED, verb="review.released")
        decision = decide(
            application, actor=actor, kind=DecisionKind.DECLINE, gpu_ms=0, reason=reason, feedback=feedback
        )
        for member in members_of(application):
            write_letter(kind="declined", to=member, application=application, decision=decision)
    return decision


def hold_budget(call: Call, gpu_ms: int) -> None:
    """One conditional UPDATE: of all officers at once, none goes above the budget."""
    room = Call.objects.filter(pk=call.pk, budget_gpu_ms__gte=F("held_gpu_ms") + gpu_ms)
    if not room.update(held_gpu_ms=F("held_gpu_ms") + gpu_ms):
        call.refresh_from_db(fields=["budget_gpu_ms", "held_gpu_ms"])
        raise Refused(
            _("%(free)s are left of this call's budget, and this award needs %(needs)s. Nothing was changed.")
            % {"free": in_words(call.free_gpu_ms), "needs": in_words(gpu_ms)},
            field="gpu_hours",
            code="over_budget",
        )


def decide(
    application: Application, *, actor: User, kind: DecisionKind, gpu_ms: int, reason: str, feedback: str
) -> Decision:
    """Keep requested, recommended (the reviewers' mean) and awarded apart."""
    mean = application.reviews.submitted().aggregate(mean=Avg("recommended_gpu_ms"))["mean"]
    return Decision.objects.create(
        application=application,
        number=application.decisions.count() + 1,
        announced_at=timezone.now(),
        kind=kind,
        requested_gpu_ms=application.requested_gpu_ms,
        recommended_gpu_ms=None if mean is None else int(mean),
        awarded_gpu_ms=gpu_ms,
        reason=reason.strip(),
        feedback=feedback.strip(),
        decided_by=actor,
    )


def make_award(application: Application, *, actor: User, gpu_ms: int) -> Award:
    version = application.submitted_version()
    if version is None:  # the state table lets no draft come here
        raise Refused(_("This application has not been submitted."))
    now = timezone.now()
    made = Award.objects.create(
        reference=next_reference(now.year),
        application=application,
        organisation=application.organisation,
        nation=application.organisation.nation,
        title=version.title,
        summary=version.summary,
        gpu_ms=gpu_ms,
        awarded_by=actor,
        awarded_at=now,
    )
    copy_deliverables(made, version)
    record(actor=actor, verb="award.made", target=made, reference=made.reference, gpu_ms=gpu_ms)
    return made


def promise(award: Award, *, actor: User, resource: Resource, expires_at: datetime.datetime | None) -> None:
    """The lot, open from now."""
    open_lot(
        actor=actor,
        award=award,
        resource=resource,
        granted_ms=award.gpu_ms,
        opens_at=award.awarded_at,
        expires_at=expires_at or award.awarded_at + A_YEAR,
    )


def copy_deliverables(award: Award, version: ApplicationVersion) -> None:
    """What the call asked for when the application was submitted."""
    start = timezone.localdate(award.awarded_at)
    Deliverable.objects.bulk_create(
        Deliverable(
            award=award,
            title=item["title"],
            kind=item.get("kind", DeliverableKind.OTHER),
            description=item.get("description", ""),
            due_on=start + datetime.timedelta(days=item["due_days"]),
        )
        for item in version.pinned["deliverables"]
    )


def welcome(award: Award, *, actor: User, feedback: str) -> None:
    """The organisation's members become grantees, and are written to."""
    for member in members_of(award.application):
        grant_role(actor=actor, user=member, role=Role.GRANTEE)
        write_letter(
            kind="award",
            to=member,
            application=award.application,
            award=award,
            amount=in_words(award.gpu_ms),
            feedback=feedback,
        )


def members_of(application: Application) -> list[User]:
    return list(
        User.objects.filter(
            memberships__organisation=application.organisation_id, memberships__until=None, is_active=True
        )
    )


def next_reference(year: int) -> str:
    """OSAI-2026-0001, -0002, …: counted in the transaction, so a refused award leaves no gap."""
    AwardNumber.objects.get_or_create(year=year)
    AwardNumber.objects.filter(year=year).update(last=F("last") + 1)
    return str(AwardNumber.objects.get(year=year))


def only_resource() -> Resource:
    there = list(Resource.objects.all()[:2])
    if len(there) == 1:
        return there[0]
    sentence = _("Choose the resource.") if there else _("Enter a resource before you award GPU time.")
    raise Refused(sentence, field="resource", status=422)


def check_words(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say why: the reason is kept with the decision."), field="reason", status=422)


def check_amount(call: Call, gpu_ms: int) -> None:
    if call.budget_gpu_ms and gpu_ms <= 0:
        raise Refused(_("Award more than 0 GPU-hours."), field="gpu_hours", status=422)
    if not call.budget_gpu_ms and gpu_ms:
        raise Refused(_("This call gives no GPU time."), field="gpu_hours", status=422)

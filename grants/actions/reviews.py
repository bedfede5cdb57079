"""Reviewing: assign, declare, score. The application is locked, so that the last score is seen as such."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Avg, Count, Max, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.letters import write_letter
from grants.actions.notifications import notify
from grants.actions.rights import must, must_be_free
from grants.actions.states import move, told
from grants.actions.steps import advance, go_on, has_step, route_of
from grants.models.applications import Application, ApplicationStatus
from grants.models.conflicts import conflicts_of
from grants.models.reviews import WAITING, Review, ReviewStatus, due_day
from grants.models.scores import criteria_of, tidy, weighted_total
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import Role, User


def assign_reviewer(
    *, actor: User, application: Application, reviewer: User, override_reason: str = ""
) -> Review:
    """Ask a reviewer to judge an application. Assigning one who is assigned changes nothing.

    `override_reason`: why they are asked although they worked with the applicant's people; kept.
    """
    must(actor, "review.assign")
    must_be_free(actor, application)
    must_be_free(reviewer, application)
    if Role.REVIEWER not in reviewer.roles:
        raise Refused(_("%(person)s is not a reviewer.") % {"person": reviewer})
    bonds = softer_bonds(reviewer, application, override_reason)
    with transaction.atomic():
        application = locked(application)
        if not application.is_undecided:
            raise Refused(told(application, actor), code="moved_on")
        must_be_past_the_checks(application)
        values = {
            "override_reason": override_reason.strip() if bonds else "",
            "due_on": due_day(route_of(application), application.due_on),
        }
        review, fresh = Review.objects.get_or_create(
            application=application, reviewer=reviewer, defaults={"assigned_by": actor, **values}
        )
        facts: dict[str, Any] = {"reviewer": reviewer.pk, "reviewer_name": str(reviewer)}
        if bonds:
            facts |= {"conflict": bonds, "reason": values["override_reason"]}
        if fresh:
            record(actor=actor, verb="review.assigned", target=review, to=review.status, **facts)
        elif review.status == ReviewStatus.RELEASED:
            again = {**values, "assigned_by": actor, "assigned_at": timezone.now(), "reminders": 0}
            move(review, actor=actor, to=ReviewStatus.ASSIGNED, verb="review.assigned", values=again, **facts)
        elif review.status != ReviewStatus.ASSIGNED:
            raise Refused(told(review, actor), code="moved_on")
        else:
            return review
        if application.status != ApplicationStatus.IN_REVIEW:
            advance(application, actor=actor, to=ApplicationStatus.IN_REVIEW, verb="application.in_review")
        recount(application)
        ask(review)
    return review


def ask(review: Review) -> None:
    """Tell the reviewer: a letter, and a line in their room. Neither names who applies."""
    to, application = review.reviewer, review.application
    write_letter(kind="review_request", to=to, application=application, review=review)
    text = _("You were asked to review %(reference)s.") % {"reference": application.reference}
    path = review.get_absolute_url()
    notify(user=to, kind="review.asked", text=text, path=path, application=application, letter=True)


def softer_bonds(reviewer: User, application: Application, override_reason: str) -> str:
    """What binds the reviewer, short of barring them; refused where no reason is given to ask them anyway."""
    words = "; ".join(conflict.words for conflict in conflicts_of(reviewer, application))
    if words and not override_reason.strip():
        raise Refused(
            _("%(person)s %(conflict)s. Ask somebody else, or say why they are asked all the same.")
            % {"person": reviewer, "conflict": words},
            field="override_reason",
            code="soft_conflict",
            status=422,
        )
    return words


def must_be_past_the_checks(application: Application) -> None:
    """Reviewers are asked once the desk's own checks are done."""
    early = application.status in {ApplicationStatus.RETURNED, ApplicationStatus.ASSESSMENT}
    unchecked = has_step(application, "check") or has_step(application, "technical")
    if early or (application.status == ApplicationStatus.SUBMITTED and unchecked):
        raise Refused(_("First finish the desk's own checks; then ask reviewers."), code="not_yet")


def declare_no_conflict(*, actor: User, review: Review) -> Review:
    """The reviewer's word, kept with its time; only then may they read and score."""
    review = own(actor, review)
    with transaction.atomic():
        now = {"declared_at": timezone.now()}
        move(review, actor=actor, to=ReviewStatus.ACCEPTED, verb="review.accepted", values=now)
    return review


def declare_conflict(*, actor: User, review: Review, reason: str) -> Review:
    """The reviewer steps back; from then on they do not see the application."""
    review = own(actor, review)
    if not reason.strip():
        raise Refused(_("Say what the conflict is."), field="reason", status=422)
    with transaction.atomic():
        application = locked(review.application)
        said = {"declared_at": timezone.now(), "conflict_reason": reason.strip()}
        move(review, actor=actor, to=ReviewStatus.CONFLICTED, verb="review.conflicted", values=said)
        see_whether_all_are_in(application)
        tell_the_desk(review)
    return review


def decline_review(*, actor: User, review: Review, reason: str) -> Review:
    """The reviewer has no time, or not the knowledge. The desk asks somebody else."""
    review = own(actor, review)
    if not reason.strip():
        raise Refused(_("Say why, so that the desk knows whom to ask instead."), field="reason", status=422)
    with transaction.atomic():
        application = locked(review.application)
        why = reason.strip()
        said = {"decline_reason": why}
        move(review, actor=actor, to=ReviewStatus.DECLINED, verb="review.declined", values=said, reason=why)
        see_whether_all_are_in(application)
        tell_the_desk(review)
    return review


def tell_the_desk(review: Review) -> None:
    """Whoever asked this reviewer looks for another."""
    application = review.application
    notify(
        user=review.assigned_by,
        kind="review.stepped_back",
        text=_("%(who)s will not review %(reference)s: ask somebody else.")
        % {"who": review.reviewer, "reference": application.reference},
        path=reverse("grants:desk_reviews", args=[application.reference]),
        application=application,
    )


def release_reviewer(*, actor: User, review: Review, reason: str = "") -> Review:
    """The desk takes an assignment back that was not scored."""
    must(actor, "review.assign")
    must_be_free(actor, review.application)
    with transaction.atomic():
        application = locked(review.application)
        review = Review.objects.get(pk=review.pk)
        move(review, actor=actor, to=ReviewStatus.RELEASED, verb="review.released", reason=reason)
        see_whether_all_are_in(application)
    return review


def replace_reviewer(*, actor: User, review: Review, reviewer: User, override_reason: str = "") -> Review:
    """Release one and ask another, in one act: both or neither."""
    with transaction.atomic():
        made = assign_reviewer(
            actor=actor, application=review.application, reviewer=reviewer, override_reason=override_reason
        )
        reason = _("Replaced by %(who)s") % {"who": reviewer}
        release_reviewer(actor=actor, review=review, reason=reason)
    return made


def save_review(
    *,
    actor: User,
    review: Review,
    scores: Mapping[str, Any],
    comment: str = "",
    recommended_gpu_ms: int | None = None,
    recommended_money: Decimal | None = None,
) -> Review:
    """Keep scores so far: `{criterion: {"points": 0 to 5 or None, "comment": "…"}}`."""
    review = own(actor, review)
    values = {
        "scores": tidy(criteria_of(review), scores),
        "comment": comment,
        "recommended_gpu_ms": recommended_gpu_ms,
        "recommended_money": recommended_money,
        "saved_at": timezone.now(),
    }
    if not Review.objects.filter(pk=review.pk, status=ReviewStatus.ACCEPTED).update(**values):
        raise Refused(told(review, actor), code="moved_on")
    review.refresh_from_db()
    return review


def submit_review(
    *,
    actor: User,
    review: Review,
    scores: Mapping[str, Any],
    comment: str = "",
    recommended_gpu_ms: int | None = None,
    recommended_money: Decimal | None = None,
) -> Review:
    """Hand in a review with points and words on every criterion. It cannot be changed afterwards."""
    review = own(actor, review)
    criteria = criteria_of(review)
    kept = tidy(criteria, scores)
    for item in criteria:
        if kept[item["key"]]["points"] is None or not kept[item["key"]]["comment"]:
            raise Refused(
                _("Give “%(label)s” points and say why.") % {"label": item["label"]},
                field=item["key"],
                status=422,
            )
    with transaction.atomic():
        application = locked(review.application)
        values = {
            "scores": kept,
            "comment": comment,
            "recommended_gpu_ms": recommended_gpu_ms,
            "recommended_money": recommended_money,
            "total": weighted_total(criteria, kept),
            "submitted_at": timezone.now(),
        }
        move(review, actor=actor, to=ReviewStatus.SUBMITTED, verb="review.submitted", values=values)
        see_whether_all_are_in(application)
    return review


def see_whether_all_are_in(application: Application) -> None:
    """The last score in ends the review step."""
    recount(application)
    if application.status != ApplicationStatus.IN_REVIEW or application.reviews.waiting().exists():
        return
    version = application.submitted_version()
    needed = version.pinned["reviews_needed"] if version else 0
    if application.reviews.submitted().count() >= needed:
        go_on(application, actor=None, after="review")


def recount(application: Application) -> None:
    """Asked, scored, mean and spread, from the rows, onto the application: lists and rankings read them."""
    crowd = Q(status__in=[*WAITING, ReviewStatus.SUBMITTED])
    figures = application.reviews.aggregate(
        asked=Count("pk", filter=crowd),
        scored=Count("pk", filter=Q(status=ReviewStatus.SUBMITTED)),
        mean=Avg("total"),
        spread=Max("total") - Min("total"),
    )
    mean = figures.pop("mean")
    values = {**figures, "mean_total": None if mean is None else round(mean, 2)}
    Application.objects.filter(pk=application.pk).update(**values)
    for name, value in values.items():
        setattr(application, name, value)


def locked(application: Application) -> Application:
    """Inside a transaction: one action at a time on this application."""
    return Application.objects.select_for_update(of=("self",)).select_related("call").get(pk=application.pk)


def own(actor: User, review: Review) -> Review:
    """The reviewer's own review, as it is now, while nothing binds them to the applicant."""
    review = Review.objects.select_related("application__organisation", "application__call").get(pk=review.pk)
    if review.reviewer_id != actor.pk:
        raise Refused(_("This review is somebody else's."), code="forbidden", status=403)
    must_be_free(actor, review.application)
    return review

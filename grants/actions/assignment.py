"""Asking all the reviewers a call needs, at once and in balance: first the plan, then the act."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from grants import emails
from grants.actions.notifications import notify
from grants.actions.rights import must
from grants.actions.steps import advance_all
from grants.models.applications import Application, ApplicationStatus, ApplicationVersion
from grants.models.calls import Call
from grants.models.conflicts import Conflicts, conflicts_between
from grants.models.letters import Letter
from grants.models.matching import Matching, Room, match
from grants.models.reviewers import (
    EXPERTISE,
    LANGUAGE,
    is_away,
    newest_versions,
    pool,
    profile_of,
    shared,
    subject_of,
)
from grants.models.reviews import Review, ReviewStatus, due_day
from grants.models.routes import Step
from mission.actions.audit import record, record_all
from mission.errors import Refused
from mission.models import User

OPEN_TO_REVIEWERS = (ApplicationStatus.SUBMITTED, ApplicationStatus.IN_REVIEW)


@dataclass
class Short:
    """An application that does not get all its reviews, and why."""

    application: Application
    missing: int
    why: str


@dataclass
class Plan:
    """What asking all would do; nothing is written yet."""

    call: Call
    applications: dict[int, Application] = field(default_factory=dict)
    versions: Mapping[int, ApplicationVersion] = field(default_factory=dict)
    reviewers: dict[int, Any] = field(default_factory=dict)
    found: Matching = field(default_factory=Matching)
    short: list[Short] = field(default_factory=list)
    skipped: int = 0  # of organisations the officer is bound to

    @property
    def size(self) -> int:
        return len(self.found.pairs)

    @property
    def loads(self) -> list[tuple[Any, int, int]]:
        """(reviewer, waiting now, waiting then), the busiest first."""
        rows = [(user, user.load, self.found.loads[pk]) for pk, user in self.reviewers.items()]
        return sorted(rows, key=lambda row: (-row[2], str(row[0])))


def plan_reviews(*, actor: User, call: Call) -> Plan:
    """Who would be asked for what. The same world gives the same plan."""
    must(actor, "review.assign")
    waiting = to_be_reviewed(call)
    mine = list(waiting.without_conflict(actor).select_related("organisation", "call"))
    plan = Plan(call, {row.pk: row for row in mine}, skipped=waiting.count() - len(mine))
    plan.versions = newest_versions(mine)
    plan.reviewers = {user.pk: user for user in pool()}
    conflicts = conflicts_between(mine, plan.reviewers.values())
    needs = {row.pk: row.reviews_needed - row.asked for row in mine}
    forbidden = forbidden_pairs(plan, conflicts)
    plan.found = match(needs, rooms_of(plan), forbidden, fits_of(plan))
    plan.short = [short_of(plan, pk, n, forbidden) for pk, n in plan.found.missing.items()]
    return plan


def to_be_reviewed(call: Call) -> Any:
    """Past the desk's own checks, and with fewer reviewers asked than its route needs."""
    rows = Application.objects.filter(call=call, asked__lt=F("reviews_needed"), status__in=OPEN_TO_REVIEWERS)
    return rows.exclude(
        status=ApplicationStatus.SUBMITTED, first_step__in=[Step.CHECK, Step.TECHNICAL]
    ).order_by("submitted_at", "pk")


def forbidden_pairs(plan: Plan, conflicts: Conflicts) -> set[tuple[int, int]]:
    """Whoever is bound in any way, and whoever was asked before, whatever became of it."""
    asked = Review.objects.filter(application__in=plan.applications).values_list("application", "reviewer")
    bound: dict[int, set[int]] = defaultdict(set)
    for organisation, reviewer in conflicts:
        bound[organisation].add(reviewer)
    barred = {(pk, r) for pk, row in plan.applications.items() for r in bound[row.organisation_id]}
    return barred | set(asked)


def rooms_of(plan: Plan) -> dict[int, Room]:
    """Who is away takes nothing new."""
    rooms = {}
    for pk, user in plan.reviewers.items():
        profile = profile_of(user)
        rooms[pk] = Room(user.load, user.load if is_away(profile) else profile.most_at_once)
    return rooms


def fits_of(plan: Plan) -> dict[tuple[int, int], int]:
    profiles = {pk: profile_of(user) for pk, user in plan.reviewers.items()}
    found = {}
    for application in plan.applications:
        subject = subject_of(plan.versions.get(application))
        for reviewer, profile in profiles.items():
            words, languages = shared(subject, profile)
            if words or languages:
                found[application, reviewer] = EXPERTISE * len(words) + LANGUAGE * len(languages)
    return found


def short_of(plan: Plan, pk: int, missing: int, forbidden: set[tuple[int, int]]) -> Short:
    everybody, given = len(plan.reviewers), sum(1 for a, _r in plan.found.pairs if a == pk)
    barred = sum((pk, reviewer) in forbidden for reviewer in plan.reviewers)
    words = {"all": everybody, "barred": barred, "given": given, "full": everybody - barred - given}
    why = _(
        "Of %(all)d reviewers, %(barred)d are bound to the applicant or were asked before, "
        "%(given)d would be asked now, and %(full)d take no more or are away."
    )
    return Short(plan.applications[pk], missing, why % words)


def assign_all(*, actor: User, call: Call, expected: int | None = None) -> Plan:
    """Ask everybody the plan names. `expected`: the number confirmed; refused where it changed since."""
    must(actor, "review.assign")
    with transaction.atomic():
        Call.objects.select_for_update().get(pk=call.pk)  # one officer at a time
        list(to_be_reviewed(call).select_for_update().values_list("pk"))
        plan = plan_reviews(actor=actor, call=call)
        if expected not in (None, plan.size):
            raise Refused(
                _("Meanwhile something changed: it is %(now)d reviews now, not %(then)d. Look again.")
                % {"now": plan.size, "then": expected},
                code="changed",
            )
        reviews = write_reviews(plan, actor)
        send_to_review(plan, actor)
        tell_reviewers(plan, reviews)
        record(actor=actor, verb="call.assigned", target=call, reviews=plan.size, short=len(plan.short))
    return plan


def write_reviews(plan: Plan, actor: User) -> list[Review]:
    rows = []
    for application, reviewer in plan.found.pairs:
        row = plan.applications[application]
        route = plan.versions[application].pinned["route"]
        rows.append(
            Review(
                application=row,
                reviewer=plan.reviewers[reviewer],
                assigned_by=actor,
                due_on=due_day(route, row.due_on),
            )
        )
    made = Review.objects.bulk_create(rows)
    facts = [
        (r, {"to": str(ReviewStatus.ASSIGNED), "reviewer": r.reviewer_id, "reviewer_name": str(r.reviewer)})
        for r in made
    ]
    record_all(actor=actor, verb="review.assigned", about=facts)
    return made


def send_to_review(plan: Plan, actor: User) -> None:
    """The counts of each application, and its state, in as many statements as there are counts."""
    more = Counter(application for application, _reviewer in plan.found.pairs)
    by_count: dict[int, list[int]] = defaultdict(list)
    for application, n in more.items():
        by_count[n].append(application)
    for n, applications in by_count.items():
        Application.objects.filter(pk__in=applications).update(asked=F("asked") + n)
    began = [plan.applications[pk] for pk in more]
    began = [row for row in began if row.status == ApplicationStatus.SUBMITTED]
    if began:
        advance_all(began, actor=actor, to=ApplicationStatus.IN_REVIEW, verb="application.in_review")


def tell_reviewers(plan: Plan, reviews: Sequence[Review]) -> None:
    """One letter and one line to each, however many reviews they were given."""
    given: dict[int, list[Review]] = defaultdict(list)
    for review in reviews:
        given[review.reviewer_id].append(review)
    letters = []
    for pk, mine in given.items():
        to = plan.reviewers[pk]
        context = {"person": to, "call": plan.call, "reviews": mine, "site_url": settings.SITE_URL}
        subject, body = emails.compose("review_requests", context)
        letters.append(Letter(kind="review_requests", to=to.email, subject=subject[:200], body=body))
        text = _("You were asked for %(n)d reviews of “%(call)s”.") % {"n": len(mine), "call": plan.call}
        notify(user=to, kind="review.asked", text=text, path=reverse("grants:reviews"), letter=True)
    Letter.objects.bulk_create(letters)
    transaction.on_commit(
        lambda: current_app.send_task("grants.tasks.send_due_letters", retry=False), robust=True
    )

"""The one way an application moves: its state, how long it was in each, and what comes next on its route."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.states import move, told
from grants.models.applications import Application, ApplicationStatus, Passage
from grants.models.routes import Step, step_after, step_of
from mission.actions.audit import record_all
from mission.errors import Refused
from mission.models import User

STATE_OF_STEP = {
    Step.CHECK: ApplicationStatus.SUBMITTED,
    Step.TECHNICAL: ApplicationStatus.ASSESSMENT,
    Step.REVIEW: ApplicationStatus.IN_REVIEW,
    Step.PANEL: ApplicationStatus.PANEL,
    Step.DECISION: ApplicationStatus.REVIEWED,
}
VERB_OF_STATE = {
    ApplicationStatus.ASSESSMENT: "application.assessment",
    ApplicationStatus.IN_REVIEW: "application.in_review",
    ApplicationStatus.PANEL: "application.panel",
    ApplicationStatus.REVIEWED: "application.reviewed",
}


def advance(
    application: Application,
    *,
    actor: User | None,
    to: str,
    verb: str,
    values: Mapping[str, Any] | None = None,
    where: Mapping[str, Any] | None = None,
    **facts: Any,
) -> None:
    """`move`, and the clock of each state. Call it inside a transaction."""
    now = timezone.now()
    new = {**(values or {}), "status_since": now}
    move(application, actor=actor, to=to, verb=verb, values=new, where=where, **facts)
    Passage.objects.filter(application=application, left_at=None).update(left_at=now)
    Passage.objects.create(application=application, status=to, entered_at=now)


def advance_all(applications: Sequence[Application], *, actor: User | None, to: str, verb: str) -> None:
    """`advance` for many at once, in four statements; they are locked, and each may come to that state."""
    now = timezone.now()
    stay = [row for row in applications if not row.may_become(to)]
    if stay:
        raise Refused(told(stay[0], actor), code="moved_on")
    mine = [row.pk for row in applications]
    was = {row.pk: row.status for row in applications}
    rows = Application.objects.filter(pk__in=mine, status__in=set(was.values()))
    if rows.update(status=to, status_since=now) != len(mine):
        raise Refused(_("Somebody moved one of them meanwhile. Nothing was changed."), code="moved_on")
    Passage.objects.filter(application__in=mine, left_at=None).update(left_at=now)
    Passage.objects.bulk_create(Passage(application=row, status=to, entered_at=now) for row in applications)
    facts = [(row, {"was": was[row.pk], "to": str(to)}) for row in applications]
    record_all(actor=actor, verb=verb, about=facts)
    for row in applications:
        row.status, row.status_since = to, now


def route_of(application: Application) -> Mapping[str, Any]:
    """The route pinned when it was submitted; an empty one before that."""
    version = application.submitted_version()
    return version.pinned["route"] if version else {}


def go_on(application: Application, *, actor: User | None, after: str | None) -> None:
    """To the step that follows `after` (None: to the first) on the pinned route.

    An application whose first step is the administrative check, or the review, waits as SUBMITTED: the
    desk begins it. What has no check and no reviews goes to the decision at once.
    """
    name = step_after(route_of(application), after)
    if name is None or (after is None and name in {Step.CHECK, Step.REVIEW}):
        return
    to = STATE_OF_STEP[Step(name)]
    if application.status != to:
        advance(application, actor=actor, to=to, verb=VERB_OF_STATE[to])


def has_step(application: Application, name: str) -> bool:
    return step_of(route_of(application), name) is not None

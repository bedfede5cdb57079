"""The one way an application moves: its state, how long it was in each, and what comes next on its route."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from grants.actions.states import move
from grants.models.applications import Application, ApplicationStatus, Passage
from grants.models.routes import Step, step_after, step_of
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

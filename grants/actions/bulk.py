"""The same act on many applications, each in a transaction of its own: what one refuses stops no other."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from grants.actions import messages
from grants.actions.checks import pass_check
from grants.actions.decisions import announce, decide
from grants.actions.states import told
from grants.models.applications import Application, ApplicationStatus
from grants.models.decisions import Decision, DecisionKind
from mission.errors import Refused
from mission.models import User


class Done(NamedTuple):
    done: list[Application]
    refused: list[tuple[Application, str]]


def act_on_each(
    *, actor: User, act: Callable[..., Any], applications: Sequence[Application], **values: Any
) -> Done:
    """`act` is one of the actions below, or any that takes `actor`, `application` and these values."""
    result = Done([], [])
    for application in applications:
        try:
            act(actor=actor, application=application, **values)
            result.done.append(application)
        except Refused as refused:
            result.refused.append((application, refused.sentence))
    return result


def add_note(*, actor: User, application: Application, body: str) -> None:
    messages.write_note(actor=actor, application=application, body=body)


def send_message(*, actor: User, application: Application, body: str) -> None:
    messages.write_to_applicant(actor=actor, application=application, body=body)


def mark_messages_read(*, actor: User, application: Application) -> None:
    messages.desk_has_read(actor=actor, application=application)


def check_passed(*, actor: User, application: Application, note: str) -> None:
    pass_check(actor=actor, application=application, note=note)


def decline(*, actor: User, application: Application, reason: str, feedback: str) -> None:
    decide(actor=actor, application=application, kind=DecisionKind.DECLINE, reason=reason, feedback=feedback)


def announce_decision(*, actor: User, application: Application) -> None:
    """The one that is held; refused where there is none."""
    held: Decision | None = application.decision
    if held is None or application.status != ApplicationStatus.DECIDED:
        raise Refused(told(application, actor), code="moved_on")
    announce(actor=actor, decision=held)

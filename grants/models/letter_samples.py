"""A letter as it would be: for the desk to look at before anything is sent. Nothing here is kept."""

import datetime
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from grants import emails
from grants.models.applications import Application
from grants.models.awards import Award
from grants.models.calls import Call
from grants.models.decisions import Appeal, Decision, DecisionKind, Offer
from grants.models.deliverables import Deliverable, asked_for
from grants.models.gpu_time import GPU_MS_PER_HOUR
from grants.models.moments import end_of_day, in_zone
from grants.models.reviews import Review
from grants.models.routes import DEFAULT_ANSWER_DAYS, step_of
from mission.models import Organisation, User

KIND_OF_LETTER = {"waitlist": DecisionKind.WAIT, "declined": DecisionKind.DECLINE}


def letter_of(decision: Decision) -> str:
    """Which letter this decision sends."""
    if decision.kind == DecisionKind.AWARD:
        return "offer" if answer_days(decision.application) else "award"
    return "waitlist" if decision.kind == DecisionKind.WAIT else "declined"


def preview(decision: Decision, *, person: User) -> tuple[str, str]:
    """Subject and body of the letter a decision that is still being written would send."""
    kind = letter_of(decision)
    return emails.compose(kind, sample(kind, decision.application, person, decision))


def try_out(
    kind: str, call: Call, person: User, own: Mapping[str, str] | None, application: Application | None = None
) -> tuple[str, str]:
    """A call's letter with these words (None: the house's), on an application or a made-up one."""
    found = application or made_up(call, person)
    context = sample(kind, found, person, sample_decision(kind, found, person))
    if own:
        return emails.own_words(own, emails.values_of(context))
    return emails.house_words(kind, {**emails.values_of(context), **context})


def sample(kind: str, application: Application, person: User, decision: Decision) -> dict[str, Any]:
    """Everything a letter of this kind is told."""
    call, now = application.call, timezone.now()
    decision.announced_at = now
    context = {"application": application, "call": call, "person": person, "site_url": settings.SITE_URL}
    context |= {"decision": decision, "when": in_zone(now, call.time_zone)}
    context["words"] = _("(what you say is missing)")
    context["asks_for"] = promised(application)
    if kind == "award":
        reference = _("OSAI-%(year)d-…") % {"year": now.year}
        context["award"] = Award(reference=reference, title=application.title, gpu_ms=decision.awarded_gpu_ms)
    if kind.startswith("offer"):
        days = datetime.timedelta(days=answer_days(application) or DEFAULT_ANSWER_DAYS)
        context["offer"] = Offer(decision=decision, answer_by=end_of_day(now + days, call.time_zone))
    if kind.startswith("review"):
        context["review"] = Review(pk=0, due_on=timezone.localdate() + datetime.timedelta(days=14))
    if kind.startswith("appeal"):
        context["appeal"] = Appeal(reason=_("(the reason you give for the outcome)"))
    return context


def sample_decision(kind: str, application: Application, person: User) -> Decision:
    gives = KIND_OF_LETTER.get(kind) is None
    return Decision(
        application=application,
        kind=KIND_OF_LETTER.get(kind, DecisionKind.AWARD),
        awarded_gpu_ms=application.requested_gpu_ms if gives else 0,
        awarded_money=application.requested_money if gives else Decimal(0),
        place=1,
        feedback=_("(your words to the applicant)"),
        decided_by=person,
    )


def promised(application: Application) -> list[Deliverable]:
    """What an award made today would ask for."""
    version = application.submitted_version() if application.pk else None
    items = version.pinned["deliverables"] if version else application.call.deliverables
    return asked_for(items, timezone.localdate())


def answer_days(application: Application) -> int:
    """How long an offer to this application waits for its answer; 0 where awards stand at once."""
    version = application.submitted_version() if application.pk else None
    step = step_of(version.pinned["route"], "answer") if version else None
    return int(step["days"]) if step else 0


def made_up(call: Call, person: User) -> Application:
    return Application(
        call=call,
        organisation=Organisation(name=_("Sample organisation")),
        started_by=person,
        title=_("Sample application"),
        reference="A-SAMPLE22",
        requested_gpu_ms=min(call.budget_gpu_ms, 500 * GPU_MS_PER_HOUR),
        requested_money=min(call.budget_money, Decimal(20_000)),
    )

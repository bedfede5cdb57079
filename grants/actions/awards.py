"""Award and decline, by their short names: `decide` with the kind said."""

import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from grants.actions.decisions import decide
from grants.models.applications import Application
from grants.models.awards import Award
from grants.models.compute import Resource
from grants.models.decisions import Decision, DecisionKind
from mission.errors import Refused
from mission.models import User


def award(
    *,
    actor: User,
    application: Application,
    gpu_ms: int = 0,
    reason: str,
    feedback: str = "",
    money: Decimal = Decimal(0),
    resource: Resource | None = None,
    expires_at: datetime.datetime | None = None,
) -> Award:
    """The award itself. Refused where the call offers its awards or holds its results: use `decide`."""
    with transaction.atomic():
        decided = decide(
            actor=actor,
            application=application,
            kind=DecisionKind.AWARD,
            gpu_ms=gpu_ms,
            money=money,
            reason=reason,
            feedback=feedback,
            resource=resource,
            expires_at=expires_at,
        )
        made = Award.objects.filter(application=decided.application_id).first()
        if made is None:
            raise Refused(_("On this call no award stands at once. Decide, and wait. Nothing was changed."))
    return made


def decline(*, actor: User, application: Application, reason: str, feedback: str = "") -> Decision:
    """Say no, with a reason that is kept and words for the applicant."""
    kind = DecisionKind.DECLINE
    return decide(actor=actor, application=application, kind=kind, reason=reason, feedback=feedback)

"""The panel: what it held of each application, and why. Records are added, never changed."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from grants.actions.reviews import locked
from grants.actions.rights import must, must_be_free
from grants.actions.states import told
from grants.actions.steps import go_on
from grants.models.applications import Application, ApplicationStatus
from grants.models.call_parts import HIGHEST_POINTS
from grants.models.scores import weighted_total
from grants.models.steps import PanelRecord
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User


def record_panel(
    *,
    actor: User,
    application: Application,
    moderated: Mapping[str, Decimal],
    reasons: str,
    recommended_gpu_ms: int | None = None,
    recommended_money: Decimal | None = None,
) -> PanelRecord:
    """Write down what the panel held: points by criterion (halves are fine), amounts, and the reasons."""
    must(actor, "panel.write")
    must_be_free(actor, application)
    if not reasons.strip():
        raise Refused(_("Write down why: the reasons are kept."), field="reasons", status=422)
    with transaction.atomic():
        application = at_the_panel(application, actor)
        criteria = criteria_before(application)
        points = sound_points(criteria, moderated)
        total = weighted_total(criteria, {key: {"points": given} for key, given in points.items()})
        made = PanelRecord.objects.create(
            application=application,
            moderated={key: str(given) for key, given in points.items()},
            total=total,
            recommended_gpu_ms=recommended_gpu_ms,
            recommended_money=recommended_money,
            reasons=reasons.strip(),
            recorded_by=actor,
        )
        facts = {"total": str(total), "gpu_ms": recommended_gpu_ms, "reason": made.reasons}
        record(actor=actor, verb="panel.recorded", target=application, **facts)
    return made


def finish_panel(*, actor: User, application: Application) -> Application:
    """On to the decision. Refused before the panel's reasons are written down."""
    must(actor, "panel.write")
    must_be_free(actor, application)
    with transaction.atomic():
        application = at_the_panel(application, actor)
        if not application.panel_records.exists():
            raise Refused(
                _("First record what the panel held of %(title)s, and why.") % {"title": application}
            )
        go_on(application, actor=actor, after="panel")
    return application


def finish_panels(*, actor: User, applications: Sequence[Application]) -> list[Application]:
    """All of these, or none."""
    with transaction.atomic():
        return [finish_panel(actor=actor, application=row) for row in applications]


def at_the_panel(application: Application, actor: User) -> Application:
    application = locked(application)
    if application.status != ApplicationStatus.PANEL:
        raise Refused(told(application, actor), code="moved_on")
    return application


def criteria_before(application: Application) -> list[dict[str, Any]]:
    version = application.submitted_version()
    return list(version.pinned["criteria"]) if version else []


def sound_points(criteria: list[dict[str, Any]], moderated: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Every criterion, in halves from 0 to the highest."""
    kept = {}
    for item in criteria:
        points = moderated.get(item["key"])
        if points is None or not 0 <= points <= HIGHEST_POINTS or (2 * Decimal(points)) % 1:
            raise Refused(
                _("“%(label)s”: give 0 to %(highest)d points, halves are fine.")
                % {"label": item["label"], "highest": HIGHEST_POINTS},
                field=item["key"],
                status=422,
            )
        kept[item["key"]] = Decimal(points)
    return kept

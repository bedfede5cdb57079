"""What must hold before anybody applies: in time, and eligible."""

import datetime

from django.utils.translation import gettext as _

from grants.actions.states import told
from grants.models.applications import INSIDE, Application, findings
from grants.models.calls import Call, CallStatus
from grants.models.moments import in_zone
from mission.errors import Refused
from mission.models import Organisation, User


def load(application: Application) -> Application:
    """Read anew: what the page showed may be old."""
    return Application.objects.select_related("call", "organisation__nation", "saved_by").get(
        pk=application.pk
    )


def must_be_open(call: Call, now: datetime.datetime) -> None:
    """By the server's clock, with the grace the call gives."""
    if call.status == CallStatus.PUBLISHED and call.opens_at <= now < call.last_moment:
        return
    words = {"title": call.title, "opens": call.opens_in_words, "closes": call.closes_in_words}
    if call.status == CallStatus.PUBLISHED and now < call.opens_at:
        raise Refused(_("“%(title)s” opens on %(opens)s. Come back then.") % words, code="call_not_open")
    raise Refused(
        _("“%(title)s” closed on %(closes)s. Nothing you wrote is lost: a later call can start from it.")
        % words,
        code="call_closed",
    )


def must_be_in_time(application: Application, now: datetime.datetime) -> None:
    """A draft until the call closes; one returned for completion until the moment it was given."""
    if application.submitted_at is None:
        must_be_open(application.call, now)
    elif application.complete_by is not None and now >= application.complete_by:
        raise Refused(
            _("It was to be completed by %(when)s. What you submitted before is judged as it is.")
            % {"when": in_zone(application.complete_by, application.call.time_zone)},
            code="too_late",
        )


def must_be_eligible(call: Call, organisation: Organisation, application: Application | None = None) -> None:
    judged = application.findings() if application else findings(call, organisation)
    failing = [finding for finding in judged if finding.ok is False]
    if failing:
        sentence = _("%(rule)s %(reason)s") % {"rule": failing[0].rule, "reason": failing[0].reason}
        raise Refused(sentence, code="not_eligible")


def told_applicant(application: Application, actor: User) -> str:
    """How it got to where it is, in the words applicants may read: nothing of a held decision."""
    application.refresh_from_db(fields=["status"])
    if application.status in INSIDE:
        return _("This application is being decided. Nothing was changed.")
    return told(application, actor)

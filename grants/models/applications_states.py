"""The states an application may be in, and the one table of its moves."""

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from grants.models.applications import Application


class ApplicationStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned for completion")
    ASSESSMENT = "assessment", _("Technical assessment")
    IN_REVIEW = "in_review", _("In review")
    PANEL = "panel", _("Before the panel")
    REVIEWED = "reviewed", _("Reviewed")
    DECIDED = "decided", _("Decided, not announced yet")
    WAITLISTED = "waitlisted", _("On the waiting list")
    OFFERED = "offered", _("Award offered")
    AWARDED = "awarded", _("Awarded")
    TURNED_DOWN = "turned_down", _("Offer turned down")
    LAPSED = "lapsed", _("Offer lapsed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_S = ApplicationStatus
BEING_DECIDED = "being_decided"  # all that applicants are told of what happens inside
INSIDE = (_S.ASSESSMENT, _S.IN_REVIEW, _S.PANEL, _S.REVIEWED, _S.DECIDED)
UNDECIDED = (_S.SUBMITTED, _S.RETURNED, _S.ASSESSMENT, _S.IN_REVIEW, _S.PANEL, _S.REVIEWED)
EDITABLE = (_S.DRAFT, _S.RETURNED)
DECISIONS = {_S.DECIDED, _S.WAITLISTED, _S.OFFERED, _S.AWARDED, _S.DECLINED}
TRANSITIONS: Mapping[str, frozenset[str]] = {
    _S.DRAFT: frozenset({_S.SUBMITTED, _S.WITHDRAWN}),
    _S.SUBMITTED: frozenset(
        {_S.RETURNED, _S.ASSESSMENT, _S.IN_REVIEW, _S.PANEL, _S.REVIEWED}
        | {_S.DECIDED, _S.DECLINED, _S.WITHDRAWN}
    ),
    _S.RETURNED: frozenset({_S.SUBMITTED, _S.DECIDED, _S.DECLINED, _S.WITHDRAWN}),
    _S.ASSESSMENT: frozenset({_S.IN_REVIEW, _S.PANEL, _S.REVIEWED, _S.DECIDED, _S.DECLINED, _S.WITHDRAWN}),
    _S.IN_REVIEW: frozenset({_S.PANEL, _S.REVIEWED, _S.DECIDED, _S.DECLINED, _S.WITHDRAWN}),
    _S.PANEL: frozenset({_S.IN_REVIEW, _S.REVIEWED, _S.DECIDED, _S.DECLINED, _S.WITHDRAWN}),
    _S.REVIEWED: frozenset(DECISIONS | {_S.IN_REVIEW, _S.WITHDRAWN}),
    _S.DECIDED: frozenset((DECISIONS - {_S.DECIDED}) | {_S.REVIEWED, _S.WITHDRAWN}),
    _S.WAITLISTED: frozenset((DECISIONS - {_S.WAITLISTED}) | {_S.WITHDRAWN}),
    _S.OFFERED: frozenset({_S.AWARDED, _S.TURNED_DOWN, _S.LAPSED}),
    _S.DECLINED: frozenset({_S.REVIEWED}),  # an appeal was upheld
}


def told(application: "Application") -> tuple[str, datetime.datetime]:
    """State and since when, as applicants, and nobody but them, are told: what is decided and held does not
    show, also to those who were told before that they are on the waiting list."""
    if application.status not in INSIDE:
        return str(application.status), application.status_since
    last = application.announced_decision if application.status == _S.DECIDED else None
    if last is not None and last.kind == "wait" and last.announced_at is not None:
        return str(_S.WAITLISTED), last.announced_at
    return BEING_DECIDED, application.submitted_at or application.status_since


def told_label(status: str) -> str:
    """In words."""
    return str(dict(_S.choices).get(status, _("Being decided")))

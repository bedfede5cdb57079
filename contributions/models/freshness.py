"""How a source stands, as the desk asks: looked at, waiting and why, in trouble, or left alone."""

import datetime
from typing import Any, NamedTuple

from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.models.sources import Source, SourceQuerySet

STATES: dict[str, Any] = {
    "due": gettext_lazy("Due now"),
    "running": gettext_lazy("Being looked at"),
    "trouble": gettext_lazy("Something stands in the way"),
    "missing": gettext_lazy("Not found"),
    "backfill": gettext_lazy("The past still comes in"),
    "waiting": gettext_lazy("Up to date"),
    "stopped": gettext_lazy("Not watched"),
}
TONES = {"trouble": "warn", "missing": "bad", "running": "info", "due": "info", "waiting": "good"}


def condition(state: str, now: datetime.datetime) -> Q:
    """The sources in that state. Every source is in one of them at least; `backfill` lies across."""
    held = Q(leased_until__gt=now)
    well = Q(trouble="", missing_since=None, due_at__isnull=False)
    return {
        "stopped": Q(due_at=None),
        "running": held,
        "due": Q(due_at__lte=now) & ~held,
        "missing": Q(missing_since__isnull=False, due_at__isnull=False),
        "trouble": ~Q(trouble="") & Q(due_at__isnull=False),
        "backfill": Q(backfill_slices__gt=F("backfill_done"), due_at__isnull=False),
        "waiting": well & Q(due_at__gt=now) & ~held,
    }[state]


def found(*, q: str, platform: str, kind: str, state: str, role: str) -> SourceQuerySet:
    """The longest due first; what nobody watches last."""
    rows: SourceQuerySet = Source.objects.order_by(F("due_at").asc(nulls_last=True), "pk")
    for word in q.split():
        rows = rows.filter(name__icontains=word)
    if platform:
        rows = rows.filter(platform=platform)
    if kind:
        rows = rows.filter(kind=kind)
    if state:
        rows = rows.filter(condition(state, timezone.now()))
    if role:
        rows = rows.exclude(commons_role="") if role == "any" else rows.filter(commons_role=role)
    return rows


class Standing(NamedTuple):
    state: str
    label: Any
    tone: str
    words: str  # until when it waits, and why


def standing(source: Source) -> Standing:
    now = timezone.now()
    state = _state(source, now)
    return Standing(state, STATES[state], TONES.get(state, "neutral"), _words(source, state))


def _state(source: Source, now: datetime.datetime) -> str:
    if source.due_at is None:
        return "stopped"
    if source.leased_until and source.leased_until > now:
        return "running"
    if source.missing_since:
        return "missing"
    if source.trouble:
        return "trouble"
    if source.due_at <= now:
        return "due"
    return "waiting"


def _words(source: Source, state: str) -> str:
    when = {"when": _moment(source.due_at)}
    if state == "stopped":
        return _("Nobody looks at it. What came in before stays.")
    if state == "running":
        return _("A worker looks at it now.")
    if state == "due":
        return _("Waits for a worker since %(when)s.") % when
    if state == "waiting":
        return _("Looked through to the end; again at %(when)s.") % when
    said = source.trouble or _("It was not found.")
    if state == "missing":
        since = {"since": _moment(source.missing_since), "said": said, **when}
        return _("%(said)s Not found since %(since)s; tried again at %(when)s.") % since
    times = source.attempts
    if times > 1:
        return _("%(said)s %(times)s times in a row; tried again at %(when)s.") % {
            "said": said, "times": times, **when,
        }  # fmt: skip
    return _("%(said)s Goes on by itself at %(when)s.") % {"said": said, **when}


def _moment(moment: datetime.datetime | None) -> str:
    return date_format(moment, "j F Y, H:i") + " UTC" if moment else "–"

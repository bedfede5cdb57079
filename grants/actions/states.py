"""The one way from one state to another."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.models.moments import in_zone
from grants.models.states import Stateful
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import AuditEntry, User


def move(
    row: Stateful,
    *,
    actor: User | None,
    to: str,
    verb: str,
    values: Mapping[str, Any] | None = None,
    where: Mapping[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Move a row to another state by one conditional UPDATE, and write it down.

    Of two people at once one wins; the other is refused, and told who did what and when. `values` are
    columns that change with the state, `where` further conditions. Call it inside a transaction.
    """
    old = row.status
    if row.may_become(to):
        rows: QuerySet[Any] = type(row)._default_manager.all()
        new = {"status": to, **(values or {})}
        if rows.filter(pk=row.pk, status=old, **(where or {})).update(**new):
            for name, value in new.items():
                setattr(row, name, value)
            record(actor=actor, verb=verb, target=row, was=old, to=str(to), **facts)
            return
    raise Refused(told(row, actor), code="moved_on")


def told(row: Stateful, actor: User | None) -> str:
    """How the row got to where it is now: who, what, when."""
    row.refresh_from_db(fields=["status"])
    label = row.status_label()
    last = AuditEntry.objects.about(row).filter(facts__to=row.status).select_related("actor").first()
    if last is None or row.status == next(iter(row.TRANSITIONS)):  # nobody moved it yet
        sentence = _("This is not possible yet: the state is “%(state)s”. Nothing was changed.")
        return sentence % {"state": label}
    words = {"state": label, "when": in_zone(last.at), "who": last.actor or _("The clock")}
    if actor is not None and last.actor_id == actor.pk:
        return _("You did this already: “%(state)s” since %(when)s. Nothing was changed.") % words
    return _("%(who)s was first: “%(state)s” since %(when)s. Nothing was changed.") % words

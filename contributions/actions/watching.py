"""What staff do with sources: put one on the watch list, look at once, stop looking."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from contributions.actions.roles import pass_on_role
from contributions.actions.sources import hurry
from contributions.models import CommonsRole, Source
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User


def set_role(*, actor: User, source: Source, role: str) -> Source:
    """On the watch list of the commons' projects as that; empty takes it off."""
    if role and role not in CommonsRole.values:
        raise Refused(_("Choose what it is to the commons."), field="role", status=422)
    with transaction.atomic():
        held = Source.objects.select_for_update().get(pk=source.pk)
        before, held.commons_role = held.commons_role, role
        held.save(update_fields=["commons_role"])
        pass_on_role(source=held)
        record(actor=actor, verb="source.role_set", target=held, before=before, role=role)
    return held


def look_now(*, actor: User, source: Source) -> Source:
    """Due at once, with all that belongs to it; also where nobody looked any more."""
    with transaction.atomic():
        hurry(source=source)
        record(actor=actor, verb="source.hurried", target=source, name=str(source))
    source.refresh_from_db()
    return source


def stop_watching(*, actor: User, source: Source) -> Source:
    """Nobody looks any more, at it and what belongs to it. What came in stays; a look under way ends."""
    with transaction.atomic():
        there = Source.objects.filter(Q(pk=source.pk) | Q(parent=source.pk), due_at__isnull=False)
        count = there.update(due_at=None, lease=None, leased_until=None)
        if not count:
            raise Refused(_("Nobody looks at it any more; somebody stopped that before."))
        record(actor=actor, verb="source.stopped", target=source, name=str(source), sources=count)
    source.refresh_from_db()
    return source

"""Handles that applicants gave: remembered when they save, looked up in the background, looked up again."""

import datetime
import logging

from celery import current_app
from django.db import transaction
from django.utils import timezone

from contributions.outside import Missing, OutsideTrouble, RateLimited
from grants.models.applications import Application
from grants.models.handles import Handle, HandleStatus, handles_in
from grants.platforms import facts_of

logger = logging.getLogger(__name__)
LEASE = datetime.timedelta(minutes=5)
AFTER_FOUND = datetime.timedelta(days=30)
AFTER_MISSING = datetime.timedelta(days=1)  # spelt right, it may be made public tomorrow
AFTER_TROUBLE = datetime.timedelta(minutes=15)


def watch_handles(*, application: Application) -> int:
    """Remember the handles in the answers as saved, and have those looked up that are new. How many are new.

    Nothing is asked here: whoever saves does not wait for a platform.
    """
    names = handles_in(application.read_questions(), application.answers)
    known = set(Handle.objects.named(names).values_list("platform", "name"))
    new = [Handle(platform=platform, name=name) for platform, name in names if (platform, name) not in known]
    if new:
        Handle.objects.bulk_create(new, ignore_conflicts=True)
        transaction.on_commit(wake, robust=True)
    return len(new)


def wake() -> None:
    """Ask a worker to look now. With the broker away, the clock does within a minute."""
    current_app.send_task("grants.tasks.look_up_due_handles", retry=False)


def look_up(*, handle_id: int) -> HandleStatus | None:
    """Ask the platform, if it is time. None where another is at it, or the platform asked us to wait."""
    if not Handle.objects.due().filter(pk=handle_id).update(next_look_at=timezone.now() + LEASE):
        return None
    handle = Handle.objects.get(pk=handle_id)
    try:
        facts = facts_of(handle.platform, handle.name)
    except RateLimited as wait:
        Handle.objects.filter(pk=handle_id).update(next_look_at=wait.until)
        return None
    except Missing:
        return learn(handle, HandleStatus.MISSING, AFTER_MISSING, facts={})
    except OutsideTrouble as trouble:
        logger.warning("handle not looked up: %s", trouble.sentence, extra={"handle": handle_id})
        return learn(handle, HandleStatus.UNKNOWN, AFTER_TROUBLE)
    return learn(handle, HandleStatus.FOUND, AFTER_FOUND, facts=facts)


def learn(
    handle: Handle, status: HandleStatus, again: datetime.timedelta, facts: dict[str, object] | None = None
) -> HandleStatus:
    """Write down what was said. Without facts nothing was: what was known before still stands."""
    now = timezone.now()
    values: dict[str, object] = {"next_look_at": now + again}
    if facts is not None:
        values |= {"status": status, "facts": facts, "looked_at": now}
    elif handle.status != HandleStatus.FOUND:
        values |= {"status": status}
    Handle.objects.filter(pk=handle.pk).update(**values)
    return status


def look_up_due(*, limit: int = 50) -> int:
    """How many were looked up. One that has to wait makes the others of its platform wait, too."""
    done, waiting = 0, set()
    due = Handle.objects.due().order_by("next_look_at").values_list("pk", "platform")
    for pk, platform in list(due[:limit]):
        if platform in waiting:
            continue
        if look_up(handle_id=pk) is None:
            waiting.add(platform)
        else:
            done += 1
    return done

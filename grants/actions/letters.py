"""Letters are written with the act and sent after it. The database remembers what is still to be sent."""

import datetime
import logging
import smtplib
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from grants import emails
from grants.models.applications import Application
from grants.models.letters import Letter
from mission.models import User

logger = logging.getLogger(__name__)
LEASE = datetime.timedelta(minutes=5)


def write_letter(*, kind: str, to: User, application: Application, **context: Any) -> Letter:
    """Inside the transaction of the act. What goes wrong with sending never undoes the act."""
    told = {
        "application": application,
        "call": application.call,
        "person": to,
        "site_url": settings.SITE_URL,
        **context,
    }
    subject, body = emails.compose(kind, told)
    letter = Letter.objects.create(
        application=application, kind=kind, to=to.email, subject=subject[:200], body=body
    )
    transaction.on_commit(lambda: wake(letter.pk), robust=True)
    return letter


def wake(letter_id: int) -> None:
    """Ask a worker to send it now. With the broker away, the clock finds it within a minute."""
    current_app.send_task("grants.tasks.deliver_letter", [letter_id], retry=False)


def send_letter(*, letter_id: int) -> bool:
    """Send a letter that is due. True when this call sent it; twice at once sends once."""
    now = timezone.now()
    claimed = Letter.objects.due().filter(pk=letter_id)
    if not claimed.update(next_try_at=now + LEASE, tries=F("tries") + 1):
        return False
    letter = Letter.objects.get(pk=letter_id)
    try:
        emails.post(to=letter.to, subject=letter.subject, body=letter.body)
    except (OSError, smtplib.SMTPException):
        wait = min(LEASE * 2**letter.tries, datetime.timedelta(days=1))
        Letter.objects.filter(pk=letter_id).update(next_try_at=timezone.now() + wait)
        logger.exception("letter not sent", extra={"letter": letter_id, "tries": letter.tries})
        return False
    Letter.objects.filter(pk=letter_id).update(sent_at=timezone.now())
    return True


def send_due_letters(*, limit: int = 200) -> int:
    """How many were sent."""
    due = list(Letter.objects.due().order_by("written_at").values_list("pk", flat=True)[:limit])
    return sum(send_letter(letter_id=pk) for pk in due)

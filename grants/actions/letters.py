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
from django.utils.translation import gettext as _

from grants import emails
from grants.actions.rights import must
from grants.models.applications import Application
from grants.models.calls import Call
from grants.models.letters import LETTERS, Letter, mark_of, unknown_names
from mission.actions.audit import record
from mission.errors import Refused
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


def set_letter(*, actor: User, call: Call, kind: str, subject: str, body: str, seen: str = "") -> Call:
    """A call's own words for one kind of letter. `seen`: the mark of what the writer saw (`mark_of`)."""
    must(actor, "call.write")
    subject, body = subject.strip(), body.replace("\r\n", "\n").strip()
    for field, text in (("subject", subject), ("body", body)):
        check_letter(kind, field, text)
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=call.pk)
        if seen and seen != mark_of(call, kind):
            raise Refused(_("Somebody changed this letter while you were writing. Look again."), code="clash")
        keep_letters(call, {**call.letters, kind: {"subject": subject, "body": body}})
        record(actor=actor, verb="call.letter_written", target=call, letter=kind)
    return call


def drop_letter(*, actor: User, call: Call, kind: str) -> Call:
    """Back to the house's words. Where there were no others, nothing changes."""
    must(actor, "call.write")
    with transaction.atomic():
        call = Call.objects.select_for_update().get(pk=call.pk)
        if kind in call.letters:
            keep_letters(call, {name: words for name, words in call.letters.items() if name != kind})
            record(actor=actor, verb="call.letter_dropped", target=call, letter=kind)
    return call


def keep_letters(call: Call, letters: dict[str, Any]) -> None:
    Call.objects.filter(pk=call.pk).update(letters=letters)
    call.letters = letters


def check_letter(kind: str, field: str, text: str) -> None:
    if kind not in LETTERS:
        raise Refused(_("There is no letter of this kind."), status=422)
    if not text:
        raise Refused(_("A letter needs a subject and words."), field=field, status=422)
    unknown = unknown_names(kind, text)
    if unknown:
        words = {"unknown": unknown[0].strip(), "known": ", ".join(LETTERS[kind].names)}
        sentence = _("This letter knows no “%(unknown)s”. It knows: %(known)s.") % words
        raise Refused(sentence, field=field, code="unknown_name", status=422)


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

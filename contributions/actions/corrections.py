"""Corrections: anyone files one, an officer decides it, what it changes is recomputed."""

import datetime
import logging
import smtplib
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions import emails
from contributions.actions.correction_changes import carry_out
from contributions.correction_changes import Change
from contributions.models import Correction, CorrectionState
from contributions.models.contested import contested
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User

logger = logging.getLogger(__name__)
ONE_AT_A_TIME = 4_812_027  # a number of our own for pg_advisory_xact_lock
LEASE = datetime.timedelta(minutes=5)


def file_correction(
    *, actor: User | None, about: str, text: str, evidence_url: str = "", email: str = ""
) -> Correction:
    """Somebody says that a figure or a row is wrong. `actor` is None for who is not signed in."""
    if not text.strip():
        raise Refused(_("Say what is wrong, and what would be right."), field="text", status=422)
    said = contested(about)
    with transaction.atomic():
        made = Correction.objects.create(
            reference=_next_reference(),
            page=said.page,
            metric=said.metric,
            nation=said.nation,
            month=said.month,
            contribution=said.contribution,
            artifact=said.artifact,
            account=said.account,
            affiliation=said.affiliation,
            text=text.strip()[:4000],
            evidence_url=evidence_url,
            email=email,
            filed_by=actor,
        )
        record(actor=actor, verb="correction.filed", target=made, reference=made.reference, page=said.page)
    return made


def _next_reference() -> str:
    """COR-2026-0001 and on, without gaps. Inside a transaction, which holds the turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    begin = f"COR-{timezone.now():%Y}-"
    last = Correction.objects.filter(reference__startswith=begin).order_by("-pk").first()
    number = int(last.reference.removeprefix(begin)) + 1 if last else 1
    return f"{begin}{number:04}"


def decide(
    *, actor: User, correction: Correction, accept: bool, public_summary: str, changes: Sequence[Change] = ()
) -> Correction:
    """Accepted or declined, with what everybody reads. All changes are made, or nothing is decided.

    Of two officers at once one decides; the other is told who did.
    """
    summary = public_summary.strip()
    if not summary:
        raise Refused(
            _("Say in a sentence what was found. Everybody reads it."), field="public_summary", status=422
        )
    if correction.was_filed_by(actor):
        raise Refused(_("You filed this one. Somebody else decides it."), status=403, code="filed_by_you")
    if changes and not accept:
        raise Refused(
            _("Nothing is changed by declining: accept it, or leave the changes out."), field="outcome"
        )
    with transaction.atomic():
        now = timezone.now()
        there = Correction.objects.open().filter(pk=correction.pk)
        state = CorrectionState.ACCEPTED if accept else CorrectionState.DECLINED
        due = now if correction.email else None
        if not there.update(
            state=state, decided_by=actor, decided_at=now, public_summary=summary, letter_due_at=due
        ):
            raise Refused(_decided_already(correction), code="decided")
        reason = f"{correction.reference}: {summary}"
        made = [carry_out(change, actor=actor, reason=reason) for change in changes]
        Correction.objects.filter(pk=correction.pk).update(changes=made)
        record(
            actor=actor, verb=f"correction.{state}", target=correction, public_summary=summary, changes=made
        )
    correction.refresh_from_db()
    return correction


def _decided_already(correction: Correction) -> str:
    now = Correction.objects.select_related("decided_by").get(pk=correction.pk)
    return _("%(who)s decided this on %(when)s: %(state)s.") % {
        "who": now.decided_by,
        "when": f"{now.decided_at:%Y-%m-%d %H:%M}",
        "state": now.get_state_display(),
    }


def send_due_letters() -> int:
    """To those who left an address: what was decided. Once it is sent, the address is forgotten."""
    sent = 0
    for pk in Correction.objects.letters_due(timezone.now()).values_list("pk", flat=True)[:100]:
        now = timezone.now()
        mine = Correction.objects.letters_due(now).filter(pk=pk)
        if not mine.update(letter_due_at=now + LEASE):
            continue  # another worker has it
        try:
            emails.send_outcome(Correction.objects.get(pk=pk))
        except (OSError, smtplib.SMTPException) as error:  # due again when the lease is over
            logger.warning("letter not sent", extra={"correction": pk, "error": str(error)})
            continue
        Correction.objects.filter(pk=pk).update(letter_due_at=None, letter_sent_at=timezone.now(), email="")
        sent += 1
    return sent

"""Files: hand in, remove, scan. Bytes are written before their row, and deleted after it."""

import datetime
import logging
import uuid
from collections.abc import Iterator
from typing import Any, Protocol

from celery import current_app
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from grants import file_store, scanner
from grants.actions.files_rules import (
    lock,
    must_ask_for_files,
    must_be_accepted,
    must_be_editable,
    must_have_room,
    standing,
    too_large,
)
from grants.actions.notifications import notify
from grants.actions.rights import must_belong
from grants.actions.states import move
from grants.file_types import FileType, file_type, harmless_name
from grants.models.applications import Application
from grants.models.files import Attachment, FileStatus
from grants.models.questions import Question
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import User

logger = logging.getLogger(__name__)
LEASE = datetime.timedelta(minutes=5)
AWAY = datetime.timedelta(minutes=1)  # until clamd is asked again
NO_VERDICT = datetime.timedelta(minutes=15)  # as long as it takes more than clamd does, say
STRAY = datetime.timedelta(days=1)  # bytes without a row: their process was killed while it wrote


class Upload(Protocol):
    """What Django gives for an uploaded file."""

    name: str | None

    def chunks(self) -> Iterator[bytes]: ...


def hand_in_file(*, actor: User, application: Application, question: Question, upload: Upload) -> Attachment:
    """Keep a file as the answer to a question. The same file again gives the one there is.

    Refused, with field `file`, where it is too large, or by its content is nothing that may be sent.
    """
    must_belong(actor, application.organisation)
    must_be_editable(application, actor)
    must_ask_for_files(question)
    key = uuid.uuid4()
    try:
        with file_store.open_part(key) as file:
            stored = file_store.write(file, upload.chunks(), too_large())
            kind = file_type(file, stored.size, str(upload.name or ""), question.accepts)
        name = harmless_name(str(upload.name or ""), kind)
        must_be_accepted(question, kind, name)
        with transaction.atomic():
            locked = lock(application, actor)
            there = standing(locked, question.key).filter(sha256=stored.sha256).first()
            if there is None:
                must_have_room(locked, question, stored.size)
                made = keep(locked, question, actor, key=key, name=name, kind=kind, stored=stored)
    except BaseException:
        file_store.delete(key)
        raise
    if there is not None:
        file_store.delete(key)
    return there or made


def keep(
    locked: Application,
    question: Question,
    actor: User,
    *,
    key: uuid.UUID,
    name: str,
    kind: FileType,
    stored: file_store.Stored,
) -> Attachment:
    """The row, the answer that names it, and the bytes in their place."""
    waits = scanner.is_configured()
    made = Attachment.objects.create(
        key=key,
        application=locked,
        question=question.key,
        name=name,
        content_type=kind.content_type,
        size=stored.size,
        sha256=stored.sha256,
        status=FileStatus.QUARANTINED if waits else FileStatus.READY,
        uploaded_by=actor,
    )
    answer(locked, question.key, actor)
    facts = {"to": made.status, "name": name, "bytes": stored.size, "sha256": stored.sha256}
    record(actor=actor, verb="file.handed_in", target=made, application=locked.pk, **facts)
    file_store.settle(key)
    if waits:
        transaction.on_commit(lambda: wake(made.pk), robust=True)
    return made


def remove_file(*, actor: User, attachment: Attachment) -> Attachment:
    """Take a file out of the answer. Its bytes go, unless a submitted version holds it."""
    attachment = load(attachment.pk)
    must_belong(actor, attachment.application.organisation)
    if attachment.status == FileStatus.REMOVED:
        return attachment
    with transaction.atomic():
        locked = lock(attachment.application, actor)
        kept = attachment.is_ready and attachment.was_submitted
        move(attachment, actor=actor, to=FileStatus.REMOVED, verb="file.removed", application=locked.pk)
        answer(locked, attachment.question, actor)
        if not kept:
            transaction.on_commit(lambda: file_store.delete(attachment.key), robust=True)
    return attachment


def wake(file_id: int) -> None:
    """Ask a worker to scan it now. With the broker away, the clock finds it within a minute."""
    current_app.send_task("grants.tasks.scan_file", [file_id], retry=False)


def scan_file(*, file_id: int) -> bool:
    """Have a file in quarantine scanned, if it is due. False where clamd is away."""
    claimed = Attachment.objects.to_scan().filter(pk=file_id)
    if not claimed.update(next_scan_at=timezone.now() + LEASE):
        return True  # another is at it, or it was removed
    attachment = load(file_id)
    try:
        with file_store.open_stored(attachment.key) as file:
            found = scanner.scan(file)
    except FileNotFoundError:
        found = file_store.nothing_there()
    except scanner.NoVerdict as trouble:
        logger.warning("file not scanned: %s", trouble.sentence, extra={"file": file_id})
        away = isinstance(trouble, scanner.Away)
        again = timezone.now() + (AWAY if away else NO_VERDICT)
        waiting = Attachment.objects.filter(pk=file_id, status=FileStatus.QUARANTINED)
        waiting.update(next_scan_at=again, verdict=trouble.sentence[:200])
        return not away
    try:
        settle(attachment, found)
    except Refused:
        logger.info("file was removed while it was scanned", extra={"file": file_id})
    return True


def settle(attachment: Attachment, found: str) -> None:
    """Out of quarantine: ready, or refused, its bytes deleted and its team told."""
    values = {"scanned_at": timezone.now(), "verdict": found[:200]}
    with transaction.atomic():
        locked = Application.objects.select_for_update().get(pk=attachment.application_id)
        to, verb = FileStatus.READY, "file.scanned"
        if found:
            to, verb = FileStatus.REFUSED, "file.refused"
        facts: dict[str, Any] = {"application": locked.pk, "name": attachment.name, "reason": found[:200]}
        move(attachment, actor=None, to=to, verb=verb, values=values, **facts)
        if found:
            if locked.is_editable:
                answer(locked, attachment.question, attachment.uploaded_by)
            tell(attachment, found)
            transaction.on_commit(lambda: file_store.delete(attachment.key), robust=True)


def tell(attachment: Attachment, found: str) -> None:
    words = {"name": attachment.name[:80], "found": found[:80]}
    sentence = _("“%(name)s” was refused: the scanner found %(found)s. It was deleted. Send a clean one.")
    path = reverse("grants:files", args=[attachment.application.reference, attachment.question])
    notify(
        user=attachment.uploaded_by,
        kind="file.refused",
        text=sentence % words,
        path=path,
        application=attachment.application,
    )


def scan_due_files(*, limit: int = 200) -> int:
    """How many clamd was asked about. Where it is away for one, it is for all."""
    if not scanner.is_configured():
        return 0
    done = 0
    for pk in list(
        Attachment.objects.to_scan().order_by("next_scan_at").values_list("pk", flat=True)[:limit]
    ):
        if not scan_file(file_id=pk):
            break
        done += 1
    return done


def sweep_files() -> int:
    """Delete bytes that no row stands for: a process was killed between the two. How many that were."""
    old = file_store.left_behind((timezone.now() - STRAY).timestamp())
    rows = Attachment.objects.filter(key__in=old)
    known = set((rows.standing() | rows.handed_in()).values_list("key", flat=True))
    lost = [key for key in old if key not in known]
    for key in lost:
        file_store.delete(key)
    return len(lost)


def load(file_id: int) -> Attachment:
    return Attachment.objects.select_related("application__organisation", "uploaded_by").get(pk=file_id)


def answer(locked: Application, question: str, actor: User) -> None:
    """The answer is the list of the files that stand: a save of the draft, though of no text."""
    keys = standing(locked, question).values_list("key", flat=True)
    answers = {**locked.answers, question: [str(key) for key in keys]}
    saved = {"draft_version": locked.draft_version + 1, "saved_at": timezone.now(), "saved_by": actor}
    Application.objects.filter(pk=locked.pk).update(answers=answers, **saved)

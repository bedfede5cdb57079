"""The clock of the grant desk."""

from celery import shared_task

from grants.actions import (
    calls,
    checks,
    decisions,
    files,
    handles,
    letters,
    likeness,
    notifications,
    offers,
    reminders,
)


@shared_task
def deliver_letter(letter_id: int) -> None:
    letters.send_letter(letter_id=letter_id)


@shared_task
def send_due_letters() -> None:
    letters.send_due_letters()


@shared_task
def send_due_digests() -> None:
    notifications.send_due_digests()


@shared_task
def scan_file(file_id: int) -> None:
    files.scan_file(file_id=file_id)


@shared_task
def scan_due_files() -> None:
    files.scan_due_files()


@shared_task
def sweep_files() -> None:
    files.sweep_files()


@shared_task
def publish_due_calls() -> None:
    calls.publish_due_calls()


@shared_task
def announce_due_decisions() -> None:
    decisions.announce_due()


@shared_task
def lapse_due_offers() -> None:
    offers.lapse_due_offers()


@shared_task
def look_up_due_handles() -> None:
    handles.look_up_due()


@shared_task
def record_due_likeness() -> None:
    likeness.record_due_likeness()


@shared_task
def remind_reviewers() -> None:
    reminders.remind_reviewers()


@shared_task
def tell_of_lapsed_returns() -> None:
    checks.tell_of_lapsed_returns()

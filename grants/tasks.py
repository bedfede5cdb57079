"""The clock of the grant desk."""

from celery import shared_task

from grants.actions import letters, notifications


@shared_task
def deliver_letter(letter_id: int) -> None:
    letters.send_letter(letter_id=letter_id)


@shared_task
def send_due_letters() -> None:
    letters.send_due_letters()


@shared_task
def send_due_digests() -> None:
    notifications.send_due_digests()

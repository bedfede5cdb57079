"""Speaks to the mail server; and the words of each letter, from `templates/grants/emails/`."""

from typing import Any

from django.core.mail import EmailMessage
from django.template.loader import render_to_string


def compose(kind: str, context: dict[str, Any]) -> tuple[str, str]:
    """(subject, body): the first line of the template, and the rest."""
    subject, _, body = render_to_string(f"grants/emails/{kind}.txt", context).strip().partition("\n")
    return subject.strip(), body.strip() + "\n"


def post(*, to: str, subject: str, body: str) -> None:
    """Raises OSError or SMTPException where the server does not take it."""
    EmailMessage(subject=subject, body=body, to=[to]).send()

"""Telling people what they should know: in the page always, by e-mail as they prefer."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from grants import emails
from grants.actions.letters import wake
from grants.models.applications import Application
from grants.models.letters import Letter
from grants.models.notifications import Delivery, Notification, NotificationPreference
from mission.models import User

THE_SAME = datetime.timedelta(hours=12)  # the same words about the same page, not read yet: not told again


def notify(
    *,
    user: User,
    kind: str,
    text: str,
    path: str,
    application: Application | None = None,
    letter: bool = False,
) -> Notification:
    """Tell one person one thing, inside the transaction of the act. `path` is where to go for it.

    `letter`: the act writes a letter of its own to this person (`write_letter`), which goes out whatever
    they prefer; so nothing is mailed from here. Telling the same again before it was read changes nothing.
    """
    text = text[:300]
    same = Notification.objects.filter(
        user=user, kind=kind, path=path, text=text, read_at=None, told_at__gt=timezone.now() - THE_SAME
    ).first()
    if same is not None:
        return same
    by_email = Delivery.NONE if letter else delivery_for(user)
    at_once = by_email == Delivery.AT_ONCE
    made = Notification.objects.create(
        user=user,
        application=application,
        kind=kind,
        text=text,
        path=path,
        for_digest=by_email == Delivery.DAILY,
        mailed_at=timezone.now() if at_once else None,
    )
    if at_once:
        mail(made)
    return made


def notify_each(
    *, users: Iterable[User], kind: str, text: str, path: str, application: Application | None = None
) -> list[Notification]:
    """The same to several people, each once."""
    return [
        notify(user=user, kind=kind, text=text, path=path, application=application)
        for user in dict.fromkeys(users)
    ]


def delivery_for(user: User) -> str:
    """What the person chose; at once where they chose nothing."""
    chosen = NotificationPreference.objects.filter(user=user).values_list("by_email", flat=True).first()
    return chosen or Delivery.AT_ONCE


def mail(notification: Notification) -> None:
    """As a letter, sent after the act."""
    context = {"notification": notification, "person": notification.user, "site_url": settings.SITE_URL}
    subject, body = emails.compose("notification", context)
    written = Letter.objects.create(
        application=notification.application,
        kind="notification",
        to=notification.user.email,
        subject=subject[:200],
        body=body,
    )
    transaction.on_commit(lambda: wake(written.pk), robust=True)

"""Telling people what they should know: in the page always, by e-mail as they prefer."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from grants import emails
from grants.actions.letters import wake
from grants.models.applications import Application
from grants.models.letters import Letter
from grants.models.notifications import Delivery, Notification, NotificationPreference
from mission.errors import Refused
from mission.models import User

DIGEST_HOUR = 7  # of the house's own time zone
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
    of = notification.application
    post("notification", to=notification.user, application=of, notification=notification)


def post(kind: str, *, to: User, application: Application | None = None, **context: object) -> None:
    subject, body = emails.compose(kind, {"person": to, "site_url": settings.SITE_URL, **context})
    written = Letter.objects.create(
        application=application, kind=kind, to=to.email, subject=subject[:200], body=body
    )
    transaction.on_commit(lambda: wake(written.pk), robust=True)


def mark_read(*, actor: User, notification: Notification) -> Notification:
    """One of the person's own. Again: changes nothing."""
    Notification.objects.filter(pk=notification.pk, user=actor, read_at=None).update(read_at=timezone.now())
    notification.refresh_from_db()
    return notification


def mark_all_read(*, actor: User) -> int:
    return Notification.objects.filter(user=actor, read_at=None).update(read_at=timezone.now())


def mark_seen(*, actor: User, path: str) -> int:
    """The person came to the page that these notifications lead to."""
    here = Notification.objects.filter(user=actor, read_at=None, path=path)
    return here.update(read_at=timezone.now())


def choose_delivery(*, actor: User, by_email: str) -> NotificationPreference:
    """From the daily digest to anything else, what still waits for it goes out at once or not at all."""
    if by_email not in Delivery.values:
        raise Refused(_("Choose how you want to be told."), field="by_email", code="invalid", status=422)
    with transaction.atomic():
        chosen, _made = NotificationPreference.objects.get_or_create(user=actor)
        chosen = NotificationPreference.objects.select_for_update().get(pk=chosen.pk)
        if by_email == chosen.by_email:
            return chosen
        if by_email == Delivery.AT_ONCE:
            write_digest(actor)
        waiting_for_digest(actor).update(for_digest=False)
        chosen.by_email, chosen.digest_sent_at = by_email, timezone.now()
        chosen.save(update_fields=["by_email", "digest_sent_at"])
    return chosen


def send_due_digests(*, now: datetime.datetime | None = None) -> int:
    """How many were written. Twice at once, or twice a day, writes each once."""
    due_since = last_digest_hour(now or timezone.now())
    waits = Notification.objects.filter(
        user=OuterRef("user"), mailed_at=None, for_digest=True, read_at=None, told_at__lt=due_since
    )
    due = NotificationPreference.objects.filter(Exists(waits), not_since(due_since), by_email=Delivery.DAILY)
    return sum(send_digest(preference_id=pk, due_since=due_since) for pk in due.values_list("pk", flat=True))


def send_digest(*, preference_id: int, due_since: datetime.datetime) -> bool:
    """Claimed by one conditional UPDATE; the letter is written with the claim."""
    with transaction.atomic():
        claimed = NotificationPreference.objects.filter(not_since(due_since), pk=preference_id)
        if not claimed.update(digest_sent_at=timezone.now()):
            return False
        return write_digest(NotificationPreference.objects.select_related("user").get(pk=preference_id).user)


def write_digest(user: User) -> bool:
    """One letter with everything that waits; nothing where all has been read in the page."""
    waiting = list(waiting_for_digest(user).order_by("told_at", "pk"))
    if not waiting:
        return False
    Notification.objects.filter(pk__in=[n.pk for n in waiting]).update(mailed_at=timezone.now())
    post("digest", to=user, notifications=waiting, count=len(waiting))
    return True


def waiting_for_digest(user: User) -> QuerySet[Notification]:
    return Notification.objects.filter(user=user, mailed_at=None, for_digest=True, read_at=None)


def not_since(moment: datetime.datetime) -> Q:
    return Q(digest_sent_at=None) | Q(digest_sent_at__lt=moment)


def last_digest_hour(now: datetime.datetime) -> datetime.datetime:
    local = timezone.localtime(now)
    today = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    return today if today <= local else today - datetime.timedelta(days=1)

"""The clock reminds reviewers: three days before a review is due, and on the day. Each once."""

import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.letters import write_letter
from grants.actions.notifications import notify
from grants.models.reviews import Review

BEFORE = datetime.timedelta(days=3)
ON_THE_DAY = 2  # reminders there are in all


def remind_reviewers(*, limit: int = 500) -> int:
    """How many were reminded."""
    today = timezone.localdate()
    soon = Q(due_on__lte=today + BEFORE, reminders=0)
    due = Review.objects.waiting().filter(soon | Q(due_on__lte=today, reminders__lt=ON_THE_DAY))
    return sum(
        remind(review_id=pk) for pk in list(due.order_by("due_on").values_list("pk", flat=True)[:limit])
    )


def remind(*, review_id: int) -> bool:
    """True when this call reminded; twice at once reminds once."""
    with transaction.atomic():
        rows = Review.objects.select_related("reviewer", "application__call")
        review = rows.get(pk=review_id)
        if review.due_on is None:
            return False
        number = ON_THE_DAY if review.due_on <= timezone.localdate() else 1
        mine = Review.objects.waiting().filter(pk=review_id, reminders=review.reminders, reminders__lt=number)
        if not mine.update(reminders=number, reminded_at=timezone.now()):
            return False
        tell(review, is_due=number == ON_THE_DAY)
    return True


def tell(review: Review, *, is_due: bool) -> None:
    application, path = review.application, review.get_absolute_url()
    soon, now = _("Your review of %(reference)s is due soon."), _("Your review of %(reference)s is due.")
    write_letter(
        kind="review_reminder",
        to=review.reviewer,
        application=application,
        review=review,
        is_due=is_due,
    )
    notify(
        user=review.reviewer,
        kind="review.due",
        text=(now if is_due else soon) % {"reference": application.reference},
        path=path,
        application=application,
        letter=True,
    )

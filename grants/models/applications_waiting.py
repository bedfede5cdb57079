"""What waits for an applicant: an offer to answer, something to complete, a message, a draft; since when."""

import datetime
from typing import Any, NamedTuple

from django.db.models import DateTimeField, Exists, Min, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from grants.models.applications import Application, ApplicationQuerySet, ApplicationStatus
from grants.models.decisions import Offer, OfferStatus
from grants.models.messages import Message
from grants.models.moments import in_zone


class Waiting(NamedTuple):
    """`by`: until when it can be done, if there is an end."""

    application: Application
    what: str
    where: str
    since: datetime.datetime
    by: datetime.datetime | None
    tone: str

    @property
    def until(self) -> str:
        """`by` in the call's own time zone."""
        return in_zone(self.by, self.application.call.time_zone) if self.by else ""


def waiting_for(mine: ApplicationQuerySet) -> list[Waiting]:
    """Of these applications, in one query: what has the nearest end first."""
    unread = Message.objects.waiting_for_applicant().filter(application=OuterRef("pk")).order_by()
    offers = Offer.objects.filter(application=OuterRef("pk"), status=OfferStatus.OPEN)
    first = unread.values("application").annotate(first=Min("written_at")).values("first")
    rows = mine.filter(
        Q(status__in=[ApplicationStatus.DRAFT, ApplicationStatus.RETURNED]) | Exists(unread) | Exists(offers)
    ).annotate(
        unread_since=Subquery(first, output_field=DateTimeField()),
        offered_at=Subquery(offers.values("offered_at")[:1]),
        answer_by=Subquery(offers.values("answer_by")[:1]),
    )
    found = [waiting for row in rows for waiting in of_one(row)]
    return sorted(found, key=lambda each: (each.by is None, each.by or each.since))


def of_one(row: Any) -> list[Waiting]:
    own = row.get_absolute_url()
    found = []
    if row.answer_by:
        what = _("An award is offered to you. Accept or decline it.")
        found.append(Waiting(row, what, f"{own}offer/", row.offered_at, row.answer_by, "good"))
    if row.status == ApplicationStatus.RETURNED:
        what = _("Returned for completion: something is missing.")
        found.append(Waiting(row, what, own, row.status_since, row.complete_by, "warn"))
    if row.unread_since:
        what = _("The desk wrote to you.")
        found.append(Waiting(row, what, f"{own}messages/", row.unread_since, None, "info"))
    if row.is_draft:
        found.append(Waiting(row, _("To finish and submit."), own, row.saved_at, row.call.closes_at, "warn"))
    return found

"""What waits for whom, since when: conditions on applications, so that every count leads to its list."""

import datetime
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, Min, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.models import Correction
from grants.models.applications import UNDECIDED, ApplicationQuerySet, ApplicationStatus
from grants.models.decisions import Appeal, AppealStatus, Offer, OfferStatus
from grants.models.messages import Message
from grants.models.reviews import WAITING, Review
from grants.models.routes import Step
from grants.models.steps import EligibilityOverride
from mission.models import Role

_S = ApplicationStatus
SOON = datetime.timedelta(days=7)
NOT_OVER = (*UNDECIDED, _S.DECIDED)  # in other states only rows beside the application can wait


def checks() -> Q:
    return Q(status=_S.SUBMITTED, first_step=Step.CHECK)


def returned_late() -> Q:
    return Q(status=_S.RETURNED, complete_by__lte=timezone.now())


def assessments() -> Q:
    return Q(status=_S.ASSESSMENT)


def without_reviewers() -> Q:
    begun = Q(status=_S.IN_REVIEW) | Q(status=_S.SUBMITTED, first_step=Step.REVIEW)
    return begun & Q(asked__lt=F("reviews_needed"))


def panel() -> Q:
    return Q(status=_S.PANEL)


def to_decide() -> Q:
    return Q(status=_S.REVIEWED)


def to_announce() -> Q:
    """Decided, and nothing holds it back any more."""
    due = Q(call__results_at=None) | Q(call__results_at__lte=timezone.now())
    return Q(status=_S.DECIDED) & due


def held() -> Q:
    return Q(status=_S.DECIDED)


def breach() -> Q:
    """Promised within a week, or before today, and still without a decision."""
    return Q(status__in=UNDECIDED, due_on__lte=timezone.localdate() + SOON)


def overdue() -> Q:
    return Q(status__in=UNDECIDED, due_on__lt=timezone.localdate())


def late_reviews() -> Q:
    late = Review.objects.filter(status__in=WAITING, due_on__lt=timezone.localdate())
    return Q(pk__in=late.order_by().values("application"))


def unread() -> Q:
    return Q(pk__in=Message.objects.waiting_for_desk().order_by().values("application"))


def open_offers() -> Q:
    return Q(pk__in=Offer.objects.filter(status=OfferStatus.OPEN).order_by().values("application"))


def lapsing() -> Q:
    soon = Offer.objects.filter(status=OfferStatus.OPEN, answer_by__lte=timezone.now() + SOON)
    return Q(pk__in=soon.order_by().values("application"))


def appeals() -> Q:
    return Q(pk__in=Appeal.objects.filter(status=AppealStatus.OPEN).order_by().values("application"))


def let_in() -> Q:
    given = EligibilityOverride.objects.filter(call=OuterRef("call"), organisation=OuterRef("organisation"))
    return Q(Exists(given))


def asked_despite() -> Q:
    despite = Review.objects.exclude(override_reason="").order_by()
    return Q(pk__in=despite.values("application"))


class Task(NamedTuple):
    """`clock`: the column of the application that says since when, or by when; `by` which of the two."""

    label: Any
    condition: Callable[[], Q]
    clock: str = "status_since"
    by: bool = False


TASKS: Mapping[str, Task] = {
    "breach": Task(_("Decision promised within a week, or late"), breach, "due_on", by=True),
    "unread": Task(_("Messages from applicants without an answer"), unread, "messages__written_at"),
    "checks": Task(_("Administrative checks to do"), checks),
    "returned_late": Task(
        _("Returned for completion, and the time is over"), returned_late, "complete_by", by=True
    ),
    "assessments": Task(_("Technical assessments to do"), assessments),
    "without_reviewers": Task(_("Without enough reviewers"), without_reviewers),
    "late_reviews": Task(_("With a review that is overdue"), late_reviews, "reviews__due_on", by=True),
    "panel": Task(_("Before the panel"), panel),
    "to_decide": Task(_("To decide"), to_decide),
    "to_announce": Task(_("Decided, to be announced"), to_announce),
    "held": Task(_("Decided, not announced yet"), held),
    "lapsing": Task(_("Offers that lapse within a week"), lapsing, "offers__answer_by", by=True),
    "open_offers": Task(_("Offers waiting for an answer"), open_offers, "offers__offered_at"),
    "appeals": Task(_("Appeals to look at"), appeals, "appeals__filed_at"),
    "let_in": Task(_("Let in despite an eligibility rule"), let_in, "submitted_at"),
    "asked_despite": Task(_("With a reviewer asked despite a conflict"), asked_despite, "submitted_at"),
}
TASKS_OF: Mapping[Role, tuple[str, ...]] = {
    Role.OFFICER: tuple(
        key for key in TASKS if key not in {"held", "open_offers", "let_in", "asked_despite"}
    ),
    Role.ADMINISTRATOR: ("breach", "appeals"),
    Role.FINANCE: ("held", "to_announce", "open_offers", "lapsing"),
    Role.AUDITOR: ("let_in", "asked_despite", "appeals", "breach"),
}
OF_ROWS = frozenset({"unread", "late_reviews", "lapsing", "open_offers", "appeals"})  # a clock of other rows
EVER = frozenset({"let_in", "asked_despite"})  # asked of all applications, also of those that are over


class Elsewhere(NamedTuple):
    """What waits beside applications, on a page of its own."""

    label: Any
    total: int
    since: datetime.datetime | None
    url: str


def corrections_waiting() -> Elsewhere:
    """Figures that somebody contested, and nobody has decided. One query."""
    told = Correction.objects.open().aggregate(total=Count("pk"), since=Min("filed_at"))
    url = reverse("contributions:desk_corrections")
    return Elsewhere(_("Corrections to decide"), told["total"], told["since"], url)


class Waiting(NamedTuple):
    key: str
    label: Any
    total: int
    since: datetime.datetime | datetime.date | None
    by: bool


def tasks_for(roles: frozenset[Role]) -> list[str]:
    wanted = {key for role in roles for key in TASKS_OF.get(role, ())}
    return [key for key in TASKS if key in wanted]


def waiting(rows: ApplicationQuerySet, keys: list[str]) -> list[Waiting]:
    """What waits among these: one query for what the application itself says, one for each other."""
    plain = [key for key in keys if key not in OF_ROWS | EVER]
    asked: dict[str, Any] = {}
    for key in plain:
        condition = TASKS[key].condition()
        asked[f"{key}_count"] = Count("pk", filter=condition)
        asked[f"{key}_since"] = Min(TASKS[key].clock, filter=condition)
    found = rows.filter(status__in=NOT_OVER).order_by().aggregate(**asked) if asked else {}
    for key in keys:
        if key not in plain:
            found |= counted(rows, key)
    return [
        Waiting(key, TASKS[key].label, found[f"{key}_count"], found[f"{key}_since"], TASKS[key].by)
        for key in keys
    ]


def counted(rows: ApplicationQuerySet, key: str) -> dict[str, Any]:
    """A task whose clock is a column of other rows: only the waiting ones among them count."""
    task = TASKS[key]
    of = rows.filter(task.condition()).order_by()
    still = {
        "unread": Q(messages__from_desk=False, messages__read_at=None),
        "late_reviews": Q(reviews__status__in=WAITING),
        "lapsing": Q(offers__status=OfferStatus.OPEN),
        "open_offers": Q(offers__status=OfferStatus.OPEN),
        "appeals": Q(appeals__status=AppealStatus.OPEN),
    }.get(key)
    return of.aggregate(
        **{f"{key}_count": Count("pk", distinct=True), f"{key}_since": Min(task.clock, filter=still)}
    )

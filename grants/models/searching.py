"""Finding applications at the desk: words, filters and order, and one page of what was found.

A page costs two queries whatever the number of rows: which ones (out of an index), then these.
Matches are counted up to `COUNTED` and no further.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.expressions import OrderBy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models.applications import Application, ApplicationQuerySet
from grants.models.disagreement import WIDE
from grants.models.gpu_time import gpu_ms
from grants.models.waiting import SOON, TASKS, late_reviews, overdue, unread
from mission.access import Scope, scopes
from mission.models import Membership, User

PAGE = 50
COUNTED = 1000
REFERENCE = re.compile(r"A-[0-9A-Z]{8}", re.I)
BEING_TYPED = re.compile(r"[\w.-]*\w$")


def at_the_desk(user: User) -> ApplicationQuerySet:
    """As `Application.objects.at_the_desk`, in words that keep an index usable: bonds are looked up first."""
    if Scope.ALL not in scopes(user, "application.read"):
        return Application.objects.none()
    bonds = list(Membership.objects.filter(user=user).values_list("organisation", flat=True))
    rows = Application.objects.before_the_desk()
    return rows.exclude(organisation__in=bonds) if bonds else rows


def said(words: str) -> Q:
    """A reference exactly; otherwise all the words, the last one as far as it has been typed."""
    words = words.strip()
    if REFERENCE.fullmatch(words):
        return Q(reference=words.upper())
    query: SearchQuery | CombinedSearchQuery = SearchQuery(words, search_type="websearch", config="simple")
    typed = BEING_TYPED.search(words)
    if typed and not set(words) & set('"-') and " or " not in words.lower():
        start = SearchQuery(f"'{typed[0]}':*", search_type="raw", config="simple")
        before = words[: typed.start()].strip()
        whole = SearchQuery(before, search_type="websearch", config="simple")
        query = whole & start if before else start
    return Q(search=query)


def disagreement() -> Q:
    return Q(spread__gte=WIDE)


def due_soon() -> Q:
    today = timezone.localdate()
    return Q(due_on__gte=today, due_on__lte=today + SOON)


FLAGS: Mapping[str, tuple[Any, Callable[[], Q]]] = {
    "overdue": (_("Decision overdue"), overdue),
    "late_reviews": (_("A review is overdue"), late_reviews),
    "disagreement": (_("Reviewers disagree"), disagreement),
    "unread": (_("Unread message"), unread),
}
DUE: Mapping[str, tuple[Any, Callable[[], Q]]] = {
    "overdue": (_("Before today"), overdue),
    "week": (_("Within seven days"), due_soon),
    "none": (_("Nothing was promised"), lambda: Q(due_on=None)),
}
COLUMNS = {
    "call": "call",
    "kind": "call__programme__kind",
    "status": "status",
    "route": "route",
    "nation": "organisation__nation",
    "region": "organisation__nation__region",
    "type": "organisation__type",
}
SORTS: Mapping[str, tuple[Any, tuple[str | OrderBy, ...]]] = {
    "newest": (_("Newest first"), ("-submitted_at", "-pk")),
    "oldest": (_("Oldest first"), ("submitted_at", "pk")),
    "waiting": (_("Longest in its state"), ("status_since", "pk")),
    "due": (_("Decision due first"), (F("due_on").asc(nulls_last=True), "pk")),
    "score": (_("Highest score"), (F("mean_total").desc(nulls_last=True), "pk")),
    "spread": (_("Widest disagreement"), (F("spread").desc(nulls_last=True), "pk")),
    "hours": (_("Most GPU-hours asked for"), ("-requested_gpu_ms", "pk")),
    "money": (_("Most money asked for"), ("-requested_money", "pk")),
}


def narrowed(rows: ApplicationQuerySet, wanted: Mapping[str, Any]) -> ApplicationQuerySet:
    """`wanted`: the cleaned fields of `grants.forms.searching.FilterForm`; what is empty narrows nothing."""
    condition = Q()
    if wanted.get("q"):
        condition &= said(wanted["q"])
    for name, column in COLUMNS.items():
        if wanted.get(name):
            condition &= Q(**{column: wanted[name]})
    if wanted.get("hours_from") is not None:
        condition &= Q(requested_gpu_ms__gte=gpu_ms(wanted["hours_from"]))
    if wanted.get("hours_to") is not None:
        condition &= Q(requested_gpu_ms__lte=gpu_ms(wanted["hours_to"]))
    if wanted.get("due"):
        condition &= DUE[wanted["due"]][1]()
    if wanted.get("task"):
        condition &= TASKS[wanted["task"]].condition()
    for flag in wanted.get("flag") or ():
        condition &= FLAGS[flag][1]()
    return rows.filter(condition)


def ordered(rows: ApplicationQuerySet, sort: str) -> ApplicationQuerySet:
    return rows.order_by(*SORTS.get(sort, SORTS["newest"])[1])


class Found(NamedTuple):
    """One page. `total` stops at `COUNTED`; `more` says that there are more than that."""

    rows: list[Application]
    number: int
    total: int
    more: bool
    has_next: bool

    @property
    def has_previous(self) -> bool:
        return self.number > 1

    @property
    def next_number(self) -> int:
        return self.number + 1

    @property
    def previous_number(self) -> int:
        return self.number - 1


def page_of(rows: ApplicationQuerySet, number: int) -> Found:
    """The rows in their order, with what a line of the list shows."""
    start = (number - 1) * PAGE
    keys = list(rows.values_list("pk", flat=True)[start : start + PAGE + 1])
    count = rows.order_by()[: COUNTED + 1].count()
    shown = lines(Application.objects.filter(pk__in=keys[:PAGE]))
    by_key = {application.pk: application for application in shown}
    in_order = [by_key[pk] for pk in keys[:PAGE] if pk in by_key]
    return Found(in_order, number, min(count, COUNTED), count > COUNTED, len(keys) > PAGE)


def lines(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """Without what no line shows: answers are long, and so is the index of words."""
    light = rows.select_related("call", "organisation__nation").defer(
        "answers", "section_versions", "search", "call__questions", "call__description", "call__eligibility"
    )
    flags = {"is_late": overdue(), "is_unread": unread(), "has_late_review": late_reviews()}
    return light.annotate(
        **{name: ExpressionWrapper(flag, output_field=BooleanField()) for name, flag in flags.items()}
    )

"""Where reviewers disagree, and reviewers who score far apart from the others. All out of 100 points."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Avg, Count, DecimalField, F
from django.utils.translation import gettext as _

from grants.models.applications import Application
from grants.models.calls import Call
from grants.models.reviews import Review

WIDE = 30  # between the highest and the lowest total of one application
FAR = 20  # of one review from the mean of the others
STRICT = 10  # of one reviewer, on average over their reviews of a call
ENOUGH = 3  # reviews with others beside them, before a reviewer is called strict or mild


def is_wide(application: Application) -> bool:
    """The reviews of this application lie far apart: one more would help."""
    return application.spread is not None and application.spread >= WIDE


def from_the_others(totals: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """By key: how far each total lies above (+) or below (-) the mean of the others."""
    if len(totals) < 2:
        return {}
    everything, others = sum(totals.values(), Decimal(0)), len(totals) - 1
    return {key: round(total - (everything - total) / others, 2) for key, total in totals.items()}


def deviations(reviews: Iterable[Review]) -> dict[int, Decimal]:
    """Of the reviews of one application, by primary key."""
    return from_the_others({row.pk: row.total for row in reviews if row.total is not None})


def far_apart(reviews: Iterable[Review]) -> dict[int, str]:
    """In words, of those reviews of one application that lie far from the others; by primary key."""
    return {pk: in_words(by) for pk, by in deviations(reviews).items() if abs(by) >= FAR}


def in_words(distance: Decimal) -> str:
    words = _("%(n)d above the others") if distance > 0 else _("%(n)d below the others")
    return words % {"n": round(abs(distance))}


@dataclass(frozen=True)
class Leaning:
    """How one reviewer scores beside the others, over all they share."""

    reviewer: int
    reviews: int
    mean: Decimal

    @property
    def words(self) -> str:
        return in_words(self.mean)

    @property
    def is_far(self) -> bool:
        return self.reviews >= ENOUGH and abs(self.mean) >= STRICT


def leanings_in(call: Call) -> list[Leaning]:
    """Of the reviewers of a call, where others reviewed the same. One query.

    A total lies (total - mean) × n / (n - 1) from the mean of the other n - 1.
    """
    n = F("application__scored")
    distance = (F("total") - F("application__mean_total")) * n / (n - 1)
    rows = Review.objects.submitted().filter(application__call=call, application__scored__gte=2)
    found = (
        rows.order_by()
        .values("reviewer")
        .annotate(reviews=Count("pk"), mean=Avg(distance, output_field=DecimalField()))
    )
    return [Leaning(row["reviewer"], row["reviews"], round(row["mean"], 2)) for row in found]

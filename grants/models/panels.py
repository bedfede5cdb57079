"""The panel's view of a call: ranked by what the panel held, or else by the reviewers' mean."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from grants.models.applications import ApplicationQuerySet, ApplicationStatus
from grants.models.reviews import Review
from grants.models.steps import PanelRecord

HALF = Decimal("0.5")


def with_panel(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    """With `panel_total` (of the newest record; None before) and `ranked_by` (that, or the mean)."""
    newest = PanelRecord.objects.filter(application=OuterRef("pk")).order_by("-recorded_at", "-pk")
    total: Any = Subquery(newest.values("total")[:1], output_field=DecimalField())
    return applications.annotate(panel_total=total, ranked_by=Coalesce(total, F("mean_total")))


def before_the_panel(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    """In the order of the ranking, the best first."""
    rows = with_panel(applications.filter(status=ApplicationStatus.PANEL))
    return rows.order_by(F("ranked_by").desc(nulls_last=True), "submitted_at", "pk")


def recorded(applications: ApplicationQuerySet) -> ApplicationQuerySet:
    """Those the panel has held something of."""
    return applications.filter(Exists(PanelRecord.objects.filter(application=OuterRef("pk"))))


def mean_points(reviews: Iterable[Review], criteria: list[dict[str, Any]]) -> dict[str, Decimal]:
    """The reviewers' mean by criterion, to the nearest half: where the panel starts."""
    rows = list(reviews)
    means: dict[str, Decimal] = {}
    for item in criteria:
        given = [review.scores.get(item["key"], {}).get("points") for review in rows]
        points = [Decimal(n) for n in given if n is not None]
        if points:
            means[item["key"]] = round(sum(points, Decimal(0)) / len(points) / HALF) * HALF
    return means

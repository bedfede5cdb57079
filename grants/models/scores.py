"""Points and words by criterion: what may be given, and what they come to."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.call_parts import HIGHEST_POINTS
from grants.models.reviews import Review
from mission.errors import Refused

ANCHORS = {
    "0": gettext_lazy("nothing there to judge"),
    "1": gettext_lazy("weak"),
    "2": gettext_lazy("below what is needed"),
    "3": gettext_lazy("good enough"),
    "4": gettext_lazy("strong"),
    "5": gettext_lazy("outstanding"),
}


def anchors_of(criterion: Mapping[str, Any]) -> list[tuple[int, str]]:
    """Each number of points with what it means: the criterion's own words where it has any."""
    own = criterion.get("anchors") or ANCHORS
    return [(n, f"{n}: {own[str(n)]}" if own.get(str(n)) else str(n)) for n in range(HIGHEST_POINTS + 1)]


def criteria_of(review: Review) -> list[dict[str, Any]]:
    """Those pinned when the application was submitted."""
    version = review.application.submitted_version()
    return list(version.pinned["criteria"]) if version else []


def weighted_total(criteria: list[dict[str, Any]], scores: Mapping[str, Any]) -> Decimal:
    """Out of 100: points × weight over the most there is. Points may be halves."""
    weights = sum(item["weight"] for item in criteria) or 1
    points = sum(
        (item["weight"] * Decimal(str(scores[item["key"]]["points"])) for item in criteria), Decimal(0)
    )
    return (100 * points / (weights * HIGHEST_POINTS)).quantize(Decimal("0.01"))


def tidy(criteria: list[dict[str, Any]], scores: Mapping[str, Any]) -> dict[str, Any]:
    """Only known criteria, with whole points from 0 to the highest, or None."""
    kept: dict[str, Any] = {}
    for item in criteria:
        given = scores.get(item["key"]) or {}
        points = given.get("points")
        if points is not None and (not isinstance(points, int) or not 0 <= points <= HIGHEST_POINTS):
            raise Refused(
                _("Points go from 0 to %(highest)d.") % {"highest": HIGHEST_POINTS},
                field=item["key"],
                status=422,
            )
        kept[item["key"]] = {"points": points, "comment": str(given.get("comment", "")).strip()}
    return kept

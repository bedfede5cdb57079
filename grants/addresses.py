"""Where a call and an award stand, for lists that read bare rows."""

from django.urls import reverse


def call_address(slug: str) -> str:
    return reverse("grants:call", args=[slug])


def award_address(reference: str) -> str:
    return reverse("dashboards:award", args=[reference])

"""What is left of a lot, in words for the people who spend it."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from django.contrib.humanize.templatetags.humanize import intword
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from grants.models.compute import Lot
from sandbox.models import Deployment


class Remaining(NamedTuple):
    """`tone` and `state` say in one word whether the lot can be spent; `tokens` is "" where it cannot."""

    lot: Lot
    tone: str
    state: str
    tokens: str
    model: Deployment | None


def remaining(lot: Lot, deployments: Sequence[Deployment]) -> Remaining:
    now = timezone.now()
    if lot.expires_at <= now:
        return Remaining(lot, "neutral", _("Expired"), "", None)
    if lot.left_ms <= 0:
        return Remaining(lot, "warn", _("Used up"), "", None)
    dearest = max(deployments, key=lambda one: one.completion_ms_per_ktoken, default=None)
    tokens = roughly(dearest.affordable(lot.left_ms, 0)) if dearest else ""
    if lot.opens_at > now:
        return Remaining(lot, "info", _("Not open yet"), tokens, dearest)
    return Remaining(lot, "good", _("Open"), tokens, dearest)


def roughly(amount: int) -> str:
    """Two figures that count: 1.8 billion, 450 million, 23,000."""
    if amount < 100:
        return str(amount)
    step = 10 ** (int(math.log10(amount)) - 1)
    rounded = amount // step * step
    return number_format(rounded) if rounded < 10**6 else str(intword(rounded))

"""What everybody may know of a call's budget: while results are held, none of them shows in a sum."""

from decimal import Decimal
from typing import NamedTuple

from django.db.models import Sum
from django.utils import timezone

from grants.models.calls import Call
from grants.models.decisions import Decision


class Given(NamedTuple):
    gpu_ms: int
    money: Decimal


def announced(call: Call) -> Given:
    """What is held for awards, less what is held for those nobody outside the desk was told of."""
    if call.results_at is None or call.results_at <= timezone.now():
        return Given(call.held_gpu_ms, call.held_money)
    silent = Decision.objects.filter(application__call=call, announced_at=None, undone_at=None)
    sums = silent.aggregate(gpu_ms=Sum("awarded_gpu_ms"), money=Sum("awarded_money"))
    return Given(call.held_gpu_ms - (sums["gpu_ms"] or 0), call.held_money - (sums["money"] or Decimal(0)))

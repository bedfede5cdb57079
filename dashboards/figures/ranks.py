"""Ranks that say how sure they are. Numbers in, numbers out; no query."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards.charts import words

Bounds = tuple[float, float]  # lower, upper


@dataclass(frozen=True, slots=True)
class Rank:
    """The best and the worst rank that the bounds leave open. `shared`: others have the very same number."""

    best: int
    worst: int
    shared: bool = False

    @property
    def sure(self) -> bool:
        return self.best == self.worst

    def __str__(self) -> str:
        best, worst = words.number(self.best), words.number(self.worst)
        if not self.sure:
            return _("%(best)s to %(worst)s") % {"best": best, "worst": worst}
        return _("%(rank)s, shared") % {"rank": best} if self.shared else best


def rank_ranges(bounds: Mapping[str, Bounds]) -> dict[str, Rank]:
    """Highest first, 1 for the first. Whoever lies surely above counts towards the best rank, whoever may lie
    above counts towards the worst. Equal numbers share a rank, as in sports: 1, 2, 2, 4."""
    lows = sorted(low for low, _high in bounds.values())
    highs = sorted(high for _low, high in bounds.values())
    same = Counter(bounds.values())
    ranks = {}
    for key, (low, high) in bounds.items():
        surely_above = len(lows) - bisect_right(lows, high)
        maybe_above = len(highs) - bisect_right(highs, low)
        itself = 1 if high > low else 0
        best, worst = surely_above + 1, maybe_above - itself + 1
        ranks[key] = Rank(best, worst, best == worst and same[low, high] > 1)
    return ranks


def plain_ranks(values: Mapping[str, float]) -> dict[str, int]:
    """Of exact numbers: 1, 2, 2, 4."""
    ordered = sorted(values.values())
    return {key: len(ordered) - bisect_right(ordered, value) + 1 for key, value in values.items()}

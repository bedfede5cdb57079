"""Ranks that say how sure they are. Numbers in, numbers out; no query."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashboards.charts import words

Bounds = tuple[float, float]  # lower, upper


class Rank(NamedTuple):
    """The best and the worst rank that the bounds leave open. `shared`: others have the very same number."""

    best: int
    worst: int
    shared: bool = False

    @property
    def sure(self) -> bool:
        return self.best == self.worst

    def __str__(self) -> str:
        return _in_words(self, get_language())


@lru_cache(4096)
def _in_words(rank: Rank, _language: str | None) -> str:
    """Kept, because a page has hundreds of ranks and every page the same ones. In the language spoken now,
    which the caller names."""
    best, worst = words.number(rank.best), words.number(rank.worst)
    if not rank.sure:
        return _("%(best)s to %(worst)s") % {"best": best, "worst": worst}
    return _("%(rank)s, shared") % {"rank": best} if rank.shared else best


@dataclass(frozen=True, slots=True)
class Field:
    """All who have a rank by one number, so that anybody's rank among them is looked up at once. Highest
    first, 1 for the first. Whoever lies surely above counts towards the best rank, whoever may lie above
    counts towards the worst. Equal numbers share a rank, as in sports: 1, 2, 2, 4."""

    lows: list[float]
    highs: list[float]
    same: Counter[Bounds]

    @classmethod
    def of(cls, bounds: Collection[Bounds]) -> "Field":
        return cls(sorted(low for low, _ in bounds), sorted(high for _, high in bounds), Counter(bounds))

    def __len__(self) -> int:
        return len(self.lows)

    @property
    def has_some(self) -> bool:
        """Whether anybody has more than nothing, so that there is a place to hold."""
        return bool(self.highs) and self.highs[-1] > 0

    def rank(self, own: Bounds) -> Rank:
        """Of one of them."""
        low, high = own
        surely_above = len(self.lows) - bisect_right(self.lows, high)
        maybe_above = len(self.highs) - bisect_right(self.highs, low)
        best, worst = surely_above + 1, maybe_above + (0 if high > low else 1)
        return Rank(best, worst, best == worst and self.same[own] > 1)


def rank_ranges(bounds: Mapping[str, Bounds]) -> dict[str, Rank]:
    field = Field.of(bounds.values())
    return {key: field.rank(own) for key, own in bounds.items()}


def plain_ranks(values: Mapping[str, float]) -> dict[str, int]:
    """Of exact numbers: 1, 2, 2, 4."""
    ordered = sorted(values.values())
    return {key: len(ordered) - bisect_right(ordered, value) + 1 for key, value in values.items()}

"""A composite of several metrics by somebody's own weights, and how much hangs on these weights.

Numbers in, numbers out. A value is divided by the highest there is, so it lies between 0 and 1; where less is
better it is taken from 1. What is missing may be anything from 0 to 1, and makes the score a range.
"""

import random
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from operator import mul

from dashboards.charts.figure import Reading
from dashboards.figures.ranks import Bounds, Rank, plain_ranks, rank_ranges
from dashboards.figures.relative import ranked

DRAWS = 100
SEED = 2026  # the same draws for everybody, so that a link shows what it showed
TENTH = 0.1
ANYTHING: Bounds = (0.0, 1.0)


@dataclass(frozen=True)
class Part:
    """One metric of a composite. `readings`: of every nation, as it was asked for (in total or relative)."""

    slug: str
    weight: float
    readings: Mapping[str, Reading]
    less_is_better: bool = False

    @cached_property
    def top(self) -> float:
        """The highest upper bound of those with a rank; 0 where nobody has any."""
        return max((float(one.upper or 0) for one in self.readings.values() if ranked(one)), default=0.0)

    def normalised(self) -> dict[str, Bounds]:
        top = self.top
        return {code: self._bounds(one, top) for code, one in self.readings.items()}

    def _bounds(self, one: Reading, top: float) -> Bounds:
        if one.lower is None and one.upper is None:
            return ANYTHING
        if not top:
            return (0.0, 0.0) if ranked(one) else ANYTHING
        low = min(1.0, float(one.lower or 0) / top)
        high = float(one.upper) / top if one.upper is not None else 1.0
        return (1 - high, 1 - low) if self.less_is_better else (low, high)

    @cached_property
    def missing(self) -> frozenset[str]:
        return frozenset(code for code, one in self.readings.items() if not ranked(one))


@dataclass(frozen=True, slots=True)
class Score:
    """0 to 100, between bounds. `missing`: metrics without a value. `over_weights`: the best and the worst
    rank over random weights. Without all values there is no rank."""

    low: float
    high: float
    missing: tuple[str, ...] = ()
    rank: Rank | None = None
    over_weights: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """What happens to the ranks when one weight is changed: how many move, how far at most, and who."""

    moved: int
    most: int
    who: str = ""


@dataclass(frozen=True)
class Composite:
    scores: dict[str, Score]
    shifts: dict[str, tuple[Shift, Shift, Shift]]  # a tenth less, a tenth more, left out; by metric


def composite(parts: Sequence[Part]) -> Composite:
    """Of one part or more, whose weights are not all zero. Nations that lack more than half of the weight are
    left out: their range would say nothing."""
    normal = [part.normalised() for part in parts]
    missing = {code: tuple(part.slug for part in parts if code in part.missing) for code in parts[0].readings}
    whole = sum(part.weight for part in parts)
    weight = {part.slug: part.weight for part in parts}
    told = [code for code, lacking in missing.items() if 2 * sum(weight[slug] for slug in lacking) <= whole]
    scores = {
        code: tuple(
            100 * sum(part.weight * one[code][end] for part, one in zip(parts, normal, strict=True)) / whole
            for end in (0, 1)
        )
        for code in told
    }
    complete = [code for code in told if not missing[code]]
    ranks = rank_ranges({code: (scores[code][0], scores[code][1]) for code in complete})
    middles = {code: [sum(one[code]) / 2 for one in normal] for code in complete}
    spread = over_random_weights(middles, len(parts))
    return Composite(
        {
            code: Score(low, high, missing[code], ranks.get(code), spread.get(code))
            for code, (low, high) in scores.items()
        },
        shifts(parts, middles),
    )


def weighed(middles: Mapping[str, Sequence[float]], weights: Sequence[float]) -> dict[str, int]:
    """Exact ranks by weights, of the middles between bounds. Rounded, so that equal sums are equal."""
    return plain_ranks({code: round(sum(map(mul, weights, values)), 9) for code, values in middles.items()})


def draws(parts: int) -> Iterator[list[float]]:
    """Weights that add up to one, every such set as likely as any other."""
    dice = random.Random(SEED)  # noqa: S311 (no secret: everybody gets the same)
    for _number in range(DRAWS):
        parts_of_one = [dice.expovariate(1) for _part in range(parts)]
        whole = sum(parts_of_one)
        yield [part / whole for part in parts_of_one]


def over_random_weights(middles: Mapping[str, Sequence[float]], parts: int) -> dict[str, tuple[int, int]]:
    """The best and the worst rank each nation has over the draws."""
    values = tuple(map(tuple, middles.values()))
    return dict(zip(middles, _spread(values, parts), strict=True))


@lru_cache(maxsize=32)
def _spread(values: tuple[tuple[float, ...], ...], parts: int) -> list[tuple[int, int]]:
    """Kept, because it hangs on the metrics alone: whoever tries other weights of them asks for it again."""
    over_draws = []
    for weights in draws(parts):
        sums = [round(sum(map(mul, weights, own)), 9) for own in values]
        ordered = sorted(sums)
        over_draws.append([bisect_right(ordered, one) for one in sums])
    after = len(values) + 1  # whoever has so many at most as high as itself, itself among them
    return [(after - max(own), after - min(own)) for own in zip(*over_draws, strict=True)]


def shifts(
    parts: Sequence[Part], middles: Mapping[str, Sequence[float]]
) -> dict[str, tuple[Shift, Shift, Shift]]:
    weights = [part.weight for part in parts]
    usual = weighed(middles, weights)

    def shift(at: int, factor: float) -> Shift:
        changed = [weight * factor if n == at else weight for n, weight in enumerate(weights)]
        ranks = weighed(middles, changed)
        moves = {code: abs(ranks[code] - usual[code]) for code in usual}
        most = max(moves.values(), default=0)
        who = next((code for code, move in moves.items() if move == most), "") if most else ""
        return Shift(sum(1 for move in moves.values() if move), most, who)

    return {
        part.slug: (shift(at, 1 - TENTH), shift(at, 1 + TENTH), shift(at, 0)) for at, part in enumerate(parts)
    }

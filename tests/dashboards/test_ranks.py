"""Ranks are no surer than the numbers; composites are what a person gets with a pencil."""

from decimal import Decimal

import pytest

from dashboards.charts.figure import SUPPRESSED, UNKNOWN, Known, Reading
from dashboards.figures.composite import DRAWS, Part, composite, draws
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.measured import NONE, summed
from dashboards.figures.ranks import rank_ranges
from dashboards.figures.relative import Denominator


def test_ranks_of_exact_numbers_share_as_in_sports() -> None:
    ranks = rank_ranges({"A": (9, 9), "B": (5, 5), "C": (5, 5), "D": (1, 1)})
    assert {key: (rank.best, rank.worst, rank.shared) for key, rank in ranks.items()} == {
        "A": (1, 1, False),
        "B": (2, 2, True),
        "C": (2, 2, True),
        "D": (4, 4, False),
    }
    assert [str(ranks[key]) for key in "ABD"] == ["1", "2, shared", "4"]


def test_where_bounds_overlap_a_range_of_ranks_is_told() -> None:
    """A 10 to 14 lies above C and D for sure, and may lie above or below B, 12 to 13; C 4 to 6 touches D."""
    ranks = rank_ranges({"A": (10, 14), "B": (12, 13), "C": (4, 6), "D": (6, 6), "E": (1, 2)})
    told = {key: (rank.best, rank.worst) for key, rank in ranks.items()}
    assert told == {"A": (1, 2), "B": (1, 2), "C": (3, 4), "D": (3, 3), "E": (5, 5)}
    assert str(ranks["A"]) == "1 to 2"


def test_months_with_suppressed_ones_are_at_least_and_never_less_than_that() -> None:
    assert summed(Decimal(7), Decimal(9), shown=3, with_lower=3, hidden=0) == Reading(Decimal(7), Decimal(9))
    assert summed(Decimal(7), Decimal(9), shown=3, with_lower=3, hidden=1) == Reading(
        Decimal(7), None, Known.AT_LEAST
    )
    assert summed(None, None, shown=0, with_lower=0, hidden=2) == SUPPRESSED
    assert summed(None, Decimal(9), shown=1, with_lower=0, hidden=0) == Reading(
        None, Decimal(9), Known.AT_MOST
    )


def test_per_head_of_suppressed_is_suppressed_and_bounds_are_divided_alike() -> None:
    per = Denominator("people", "per million people", 1_000_000, {"KE": 2_000_000}, "")
    assert per.divide("KE", SUPPRESSED) == SUPPRESSED
    assert per.divide("KE", UNKNOWN) == UNKNOWN
    assert per.divide("KE", Reading(Decimal(4), Decimal(6))) == Reading(2.0, 3.0)
    assert per.divide("KE", Reading(None, Decimal(6), Known.AT_MOST)) == Reading(None, 3.0, Known.AT_MOST)
    assert per.divide("IN", Reading.of(4)) == UNKNOWN, "nobody counted its people"


@pytest.mark.parametrize(
    ("metric", "adds_up"),
    [("model", True), ("gpu_hours_used", True), ("git_pushes", True), ("adoption", False),
     ("speakers_reached", False), ("gated_share", False), ("active_contributors", False),
     ("half_of_the_work", False), ("developers", False)],
)  # fmt: skip
def test_states_shares_and_heads_are_never_added_up(metric: str, adds_up: bool) -> None:
    assert INDICATORS[metric].adds_up is adds_up


def test_a_composite_is_what_a_pencil_gives() -> None:
    """Weights 3 and 1. A: 3 × 10/10 + 1 × 2/4 = 3.5 of 4. B: 3 × 5/10 + 4/4 = 2.5. C: 0 + 4/4 = 1."""
    many = Part("model", 3, {"A": Reading.of(10), "B": Reading.of(5), "C": Reading.of(0)})
    few = Part("dataset", 1, {"A": Reading.of(2), "B": Reading.of(4), "C": Reading.of(4)})
    scores = composite([many, few]).scores
    assert {key: (score.low, score.high) for key, score in scores.items()} == {
        "A": (87.5, 87.5),
        "B": (62.5, 62.5),
        "C": (25, 25),
    }
    assert [str(scores[key].rank) for key in "ABC"] == ["1", "2", "3"]
    # Only by datasets B and C are equal and A is last; only by models A is first: weights decide.
    assert scores["A"].over_weights == (1, 3)
    assert scores["B"].over_weights == (1, 2)


def test_bounds_and_what_less_is_better_make_ranges() -> None:
    part = Part("gated_share", 1, {"A": Reading(0.2, 0.4), "B": Reading.of(0.8)}, less_is_better=True)
    scores = composite([part]).scores
    assert (round(scores["A"].low, 6), round(scores["A"].high, 6)) == (50, 75)
    assert (scores["B"].low, scores["B"].high) == (0, 0)


def test_what_is_missing_is_a_range_and_no_zero() -> None:
    """B lacks the lighter metric: from 3 × 5/10 to that and 1 × 1, of 4. C lacks the heavier: left out."""
    many = Part("model", 3, {"A": Reading.of(10), "B": Reading.of(5), "C": SUPPRESSED})
    few = Part("dataset", 1, {"A": Reading.of(4), "B": UNKNOWN, "C": Reading.of(4)})
    scores = composite([many, few]).scores
    assert (scores["B"].low, scores["B"].high, scores["B"].rank) == (37.5, 62.5, None)
    assert scores["B"].missing == ("dataset",)
    assert "C" not in scores


def test_at_least_is_no_value_to_rank_by_but_narrows_the_range() -> None:
    part = Part("model", 1, {"A": Reading.of(10), "B": Reading(4, None, Known.AT_LEAST)})
    other = Part("dataset", 1, {"A": Reading.of(1), "B": Reading.of(1)})
    score = composite([part, other]).scores["B"]
    assert (score.low, score.high, score.rank) == (70, 100, None)


def test_sensitivity_tells_who_moves() -> None:
    """A 1.0 and 0.5, B 0.49 and 1.0: equal weights give 1.5 to 1.49; a tenth less for the first turns it."""
    first = Part("model", 1, {"A": Reading.of(100), "B": Reading.of(49)})
    second = Part("dataset", 1, {"A": Reading.of(50), "B": Reading.of(100)})
    less, more, out = composite([first, second]).shifts["model"]
    assert (less.moved, less.most) == (2, 1)
    assert (more.moved, more.most) == (0, 0)
    assert (out.moved, out.most) == (2, 1)


def test_random_weights_are_the_same_for_everybody_and_add_up_to_one() -> None:
    once, again = list(draws(3)), list(draws(3))
    assert once == again
    assert len(once) == DRAWS
    assert all(abs(sum(weights) - 1) < 1e-9 for weights in once)


def test_none_is_known_to_be_none() -> None:
    assert (NONE.lower, NONE.upper, NONE.status) == (0, 0, Known.KNOWN)

"""The arithmetic of drawings, without a database."""

import itertools
import re

from dashboards.charts.bars import Bars
from dashboards.charts.figure import SUPPRESSED, UNKNOWN, Column, Figure, Reading, Row, Source, in_words
from dashboards.charts.frames import apart
from dashboards.charts.lines import Lines
from dashboards.charts.maps import Choropleth, thresholds


def figure(*rows: tuple[str, Reading], bounded: bool = False) -> Figure:
    columns = (Column("name", "Name", names=True), Column("n", "N", number=True, bounded=bounded))
    made = tuple(Row(key, {"name": key, "n": reading}, tick=key) for key, reading in rows)
    return Figure("f", "T", "S", columns, made, Source("nobody"))


def test_zero_suppressed_and_unknown_read_differently() -> None:
    assert [in_words(Reading.of(0)), in_words(SUPPRESSED), in_words(UNKNOWN)] == [
        "0",
        "suppressed",
        "unknown",
    ]


def test_equal_numbers_of_two_kinds_are_told_each_in_its_own_words() -> None:
    """Words are kept by the number, and a whole number has no decimals where a measured one has."""
    whole, measured = Reading(1, 1), Reading(1.0, 1.0)
    assert whole == measured
    assert [in_words(one, 2) for one in (whole, measured, whole)] == ["1", "1.00", "1"]


def test_a_line_breaks_where_a_number_is_suppressed() -> None:
    made = figure(
        ("a", Reading.of(1)),
        ("b", Reading.of(2)),
        ("c", SUPPRESSED),
        ("d", Reading.of(3)),
        ("e", Reading.of(4)),
    )
    assert Lines(("n",)).draw(made)[0].lines[0].path.count("M") == 2


def test_a_band_is_drawn_only_between_differing_bounds() -> None:
    same, apart_ = (
        figure(("a", Reading.of(1)), ("b", Reading.of(2))),
        figure(("a", Reading(1, 4)), ("b", Reading(2, 5))),
    )
    assert Lines(("n",)).draw(same)[0].lines[0].band == ""
    assert Lines(("n",)).draw(apart_)[0].lines[0].band


def test_a_bar_ends_at_the_lower_bound_and_shows_the_upper_one() -> None:
    drawing = Bars(("n",)).draw(figure(("a", Reading(3, 6))))[0]
    (part,) = drawing.parts
    heights = [re.findall(r"v([\d.]+)", path)[0] for path in (part.path, drawing.range)]
    assert heights[0] == heights[1]


def test_labels_do_not_lie_on_each_other() -> None:
    placed = sorted(apart([100, 101, 102, 300], 17, 320))
    assert all(lower - upper > 16.5 for upper, lower in itertools.pairwise(placed))


def test_classes_of_the_map_are_round_numbers_in_order() -> None:
    cuts = thresholds([float(n**3) for n in range(1, 200)])
    assert cuts == sorted(set(cuts))
    assert 2 <= len(cuts) <= 5
    assert thresholds([]) == []
    assert thresholds([7.0]) == []


def test_a_map_of_one_value_has_one_class() -> None:
    layers = Choropleth("n").draw(figure(("IN", Reading.of(5)), ("BR", SUPPRESSED)))[0].layers
    assert [layer.name for layer in layers] == ["0", "suppressed"]

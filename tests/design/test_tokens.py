"""The house colours: legible, told apart by everybody, and named in one place."""

import gzip
import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from dashboards.charts.matrix import DARK
from mission.static_files import tight
from tests.design.tokens import (
    EYES,
    STATIC,
    STYLESHEETS,
    contrast,
    delta_e,
    distance,
    luminance,
    schemes,
    without_comments,
)

SCHEMES = schemes()
TEXT = 4.5
LINE = 3.0
PAIRS = [
    *[
        (ink, paper, TEXT)
        for ink in ("ink", "ink-soft", "link", "link-over", "bad", "spark")
        for paper in ("paper", "paper-2")
    ],
    *[("ink", f"{tone}-2", TEXT) for tone in ("good", "warn", "bad", "info")],
    *[(tone, f"{tone}-2", TEXT) for tone in ("good", "warn", "bad", "info")],
    *[("link", f"{tone}-2", TEXT) for tone in ("good", "warn", "info")],
    ("on-accent", "accent", TEXT),
    ("on-accent", "link-over", TEXT),
    ("paper", "bad", TEXT),
    ("paper", "ink", TEXT),
    ("on-focus", "focus", TEXT),
    ("edge", "paper", LINE),
    ("edge", "paper-2", LINE),
    ("accent", "paper", LINE),
    ("accent", "line", LINE),
    *[(f"chart-{n}", "paper", TEXT) for n in range(1, 7)],
]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_pair_of_colours_is_legible(scheme: str) -> None:
    colours = SCHEMES[scheme]
    weak = {
        f"{front} on {back}": round(contrast(colours[front], colours[back]), 2)
        for front, back, least in PAIRS
        if contrast(colours[front], colours[back]) < least
    }
    assert not weak


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("eye", EYES)
def test_chart_colours_are_told_apart_by_the_colour_blind(scheme: str, eye: str) -> None:
    colours = SCHEMES[scheme]
    near = {
        f"{one} and {other}": round(distance(colours[f"chart-{one}"], colours[f"chart-{other}"], eye), 3)
        for one, other in combinations(range(1, 7), 2)
        if distance(colours[f"chart-{one}"], colours[f"chart-{other}"], eye) < 0.06
    }
    assert not near


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("eye", EYES)
def test_series_and_neighbouring_map_steps_are_far_apart_in_cie_lab(scheme: str, eye: str) -> None:
    """Five times what is just visible, to every kind of eye; “no data” is as far from the lowest step."""
    colours = SCHEMES[scheme]
    pairs = [(f"chart-{one}", f"chart-{other}") for one, other in combinations(range(1, 7), 2)]
    pairs += [(f"map-{low}", f"map-{high}") for low, high in pairwise(range(6))]
    pairs.append(("map-none", "map-0"))
    measured = {pair: round(delta_e(colours[pair[0]], colours[pair[1]], eye), 1) for pair in pairs}
    assert not {pair: far for pair, far in measured.items() if far < 12}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_mark_of_a_drawing_stands_out_from_its_ground(scheme: str) -> None:
    """Parts of bars and marks of what is not known, against the paper. A map step against the sea, or its
    line of --edge: the stylesheet draws the lighter steps and “no data” with one."""
    colours = SCHEMES[scheme]
    marks = [*(f"chart-{n}" for n in range(1, 7)), "edge", "ink-soft", "map-3"]
    assert not [mark for mark in marks if contrast(colours[mark], colours["paper"]) < LINE]
    lined = {f"m-{name}" for name in (0, 1, 2, "none", "unknown", "suppressed")}
    sheet = without_comments((STATIC / "house.css").read_text())
    rule = next(rule for rule in sheet.split("}") if "--map-line: var(--edge)" in rule)
    assert lined == {name.strip(" .\n") for name in rule.split("{")[0].split(",")}
    assert contrast(colours["edge"], colours["sea"]) >= LINE
    assert not [n for n in range(3, 6) if contrast(colours[f"map-{n}"], colours["sea"]) < LINE]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_on_a_shade_are_legible(scheme: str) -> None:
    """In cells of a matrix and fields of a treemap: ink on the lighter shades, paper on the darker ones."""
    colours = SCHEMES[scheme]
    words = {f"map-{n}": "paper" if n >= DARK else "ink" for n in range(6)}
    weak = {on: contrast(colours[word], colours[on]) for on, word in words.items()}
    assert not {on: ratio for on, ratio in weak.items() if ratio < TEXT}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_map_steps_go_one_way_and_stand_apart(scheme: str) -> None:
    colours = SCHEMES[scheme]
    lights = [luminance(colours[f"map-{n}"]) for n in range(6)]
    assert lights == sorted(lights, reverse=scheme == "light")
    assert all(
        distance(colours[f"map-{a}"], colours[f"map-{b}"], "deuteranopia") > 0.06
        for a, b in pairwise(range(6))
    )
    assert contrast(colours["map-5"], colours["map-0"]) >= LINE


def test_the_focus_ring_stands_out_on_any_ground() -> None:
    for colours in SCHEMES.values():
        for ground in ("paper", "paper-2", "accent"):
            ring = max(
                contrast(colours["focus"], colours[ground]), contrast(colours["on-focus"], colours[ground])
            )
            assert ring >= LINE


def test_colours_are_named_once() -> None:
    """Outside the tokens only var(--…) and system colours; white under a QR code is the exception."""
    for sheet in STYLESHEETS:
        css = without_comments(sheet.read_text())
        css = re.sub(r":root\s*\{[^}]*\}", "", css).replace("background: #ffffff", "")
        literal = re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])|\b(?:rgba?|hsla?|oklch|oklab|color-mix)\(", css)
        assert not literal, f"{sheet.name}: {literal}"


PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*"
    r"|(?:min-|max-)?(?:width|height)|left|right|top|bottom|text-align:\s*(?:left|right)|float:\s*(?:left|right))\s*:",
)
FOUR_SIDES = re.compile(r"(?<![\w-])(margin|padding|inset):\s*([^;}]+)[;}]")


@pytest.mark.parametrize("sheet", STYLESHEETS, ids=lambda path: path.name)
def test_only_logical_properties_so_that_right_to_left_works(sheet: Path) -> None:
    css = re.sub(r"@media[^{]*", "", without_comments(sheet.read_text()))
    assert not PHYSICAL.findall(css)
    assert not re.findall(r"text-align:\s*(?:left|right)", css)
    for what, value in FOUR_SIDES.findall(css):
        sides = value.split()
        assert len(sides) < 4 or sides[1] == sides[3], f"{what}: {value} names left and right"


def test_stylesheets_and_scripts_stay_small() -> None:
    """As they are served, and with the weaker of the two compressions."""
    sizes = {
        path.name: len(gzip.compress(tight(path.read_text()).encode(), 9)) for path in STATIC.glob("*.css")
    }
    assert sizes["house.css"] <= 6 * 1024, sizes
    assert sizes["room.css"] <= 4 * 1024, sizes
    scripts = {path.name: len(gzip.compress(path.read_bytes(), 9)) for path in STATIC.glob("*.js")}
    assert all(size <= 3 * 1024 for size in scripts.values()), scripts

"""The house colours: legible, told apart by everybody, and named in one place."""

import gzip
import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from mission.static_files import tight
from tests.design.tokens import (
    EYES,
    STATIC,
    STYLESHEETS,
    contrast,
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

"""Drawings of every kind as markup, as pictures that stand alone, and as the preview of a link."""

import io
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PIL import Image

from dashboards.charts import picture
from dashboards.charts.figure import Figure, in_words
from dashboards.charts.sparkline import sparkline
from mission.errors import Refused
from tests.dashboards.kinds import FIGURES, RANKED, SERIES, TREND

KINDS = [pytest.param(figure, id=name) for name, figure in FIGURES.items()]
SVG = "{http://www.w3.org/2000/svg}"


def markup(figure: Figure) -> str:
    return figure.drawing_markup


def pixels(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("L")


def dark_ones(png: bytes, box: tuple[int, int, int, int]) -> int:
    return sum(pixels(png).crop(box).histogram()[:160])


@pytest.mark.parametrize("figure", KINDS)
def test_every_number_of_a_drawing_is_one(figure: Figure) -> None:
    drawn = markup(figure)
    assert not re.search(r"nan|inf\b|None", drawn)
    for d in re.findall(r' d="([^"]*)"', drawn):
        assert re.fullmatch(r"(?:[MLHVCmhvlaz ]|-?\d+(?:\.\d+)?|\s)*", d), d


@pytest.mark.parametrize("figure", KINDS)
def test_thousands_are_never_grouped_in_coordinates(figure: Figure) -> None:
    many = replace(figure, rows=figure.rows * 40)
    for box in re.findall(r'viewBox="([^"]*)"', picture.as_svg(many) + markup(many)):
        assert re.fullmatch(r"0 0 \d+ \d+", box), box


@pytest.mark.parametrize("figure", KINDS)
def test_what_is_not_known_is_marked_and_named(figure: Figure) -> None:
    """In every kind that has such rows: in its legend, or in words beside or beneath them."""
    if figure.slug == "related":
        return
    drawn = markup(figure).lower()
    assert "suppressed" in drawn
    assert "unknown" in drawn


@pytest.mark.parametrize("kind", ["lines", "bars", "areas"])
def test_a_readout_says_what_the_table_says(kind: str) -> None:
    figure = FIGURES[kind]
    told = re.findall(r'<span dir="auto"><b>(.*?)</b>(.*?)</span>', markup(figure), re.S)
    assert len(told) == len(figure.rows)
    for (title, lines), row in zip(told, figure.rows, strict=True):
        assert row.key in title
        for key in SERIES:
            assert f"Nation {key}: {in_words(row.cells[key])}" in lines.split("\n")


@pytest.mark.parametrize("kind", ["lines", "bars", "areas"])
def test_one_stop_of_the_keyboard_a_drawing_and_a_choice_a_row(kind: str) -> None:
    """Radio buttons of one name: arrow keys walk through the rows, a tap chooses one, without a script."""
    drawn = markup(FIGURES[kind])
    assert drawn.count('type="radio" name="trend-read">') == len(TREND)
    assert drawn.count('type="radio" name="trend-read" checked>') == 1, (
        "and one for no row, to close it again"
    )
    assert "<script" not in drawn
    assert 'tabindex="0"' not in drawn


@pytest.mark.parametrize("kind", ["dots", "ranked bars", "treemap"])
def test_every_row_is_named_with_its_number(kind: str) -> None:
    drawn = re.sub(r"<[^>]+>", " ", markup(FIGURES[kind]))
    for name, reading in RANKED.values():
        assert name in drawn
        assert reading.upper is None or in_words(reading) in drawn


def test_zero_a_suppressed_and_an_unknown_number_are_drawn_each_in_its_own_way() -> None:
    def of(*codes: str) -> str:
        figure = FIGURES["dots"]
        rows = tuple(row for row in figure.rows if row.key in codes)
        drawn = re.sub(r"<text.*?</text>", "", picture.as_svg(replace(figure, rows=rows)))
        return "".join(re.findall(r'class="(?:no|dots|spans)" d="[^"]*"', drawn))

    assert len({of("JP"), of("MT"), of("TV")}) == 3


def test_an_area_has_a_gap_where_a_part_is_suppressed() -> None:
    layers = FIGURES["areas"].drawing[0].layers
    assert all(layer.path.count("M") == 2 for layer in layers)


def test_a_revised_row_is_marked_and_says_so_when_read() -> None:
    drawn = markup(FIGURES["lines"])
    assert FIGURES["lines"].drawing[0].revised.count("M") == 1
    assert "Month 2 (revised on 3 May 2026)" in drawn


def test_lineage_names_both_sides_and_how_they_are_tied() -> None:
    drawn = markup(FIGURES["lineage"])
    for text in ("own/model", "base/model", "trained on", "child/quantised", "quantised", ">Made from<"):
        assert text in drawn
    lone = replace(FIGURES["lineage"], rows=FIGURES["lineage"].rows[2:])
    assert ">Made from<" not in markup(lone), "a heading over nothing"


def test_a_sparkline_breaks_where_nothing_may_be_told() -> None:
    spark = sparkline([row[1] for row in TREND])
    assert spark.path.count("M") == 2
    assert spark.signs
    assert not sparkline([]).path


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("figure", KINDS)
def test_a_picture_stands_alone(figure: Figure, width: picture.Width) -> None:
    svg = picture.as_svg(figure, width=width, permalink="https://mission.example/nations/IN/#trend")
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    words = " ".join("".join(text.itertext()) for text in root.iter(f"{SVG}text"))
    for told in (figure.title, "In full.", "Nobody", "CC0-1.0", "26 March 2026", "mission.example"):
        assert told in words
    assert "var(" not in svg, "a colour that only the house has"
    assert not re.search(r"(?:href|src)=", svg), "something from outside"
    used = set(re.findall(r"url\(#([\w-]+)\)", svg))
    assert used <= set(re.findall(r'<pattern id="([\w-]+)"', svg)), "a hatch that is not there"


@pytest.mark.parametrize("figure", KINDS)
def test_a_picture_of_dots_has_its_size_and_is_not_blank(figure: Figure) -> None:
    wide = pixels(picture.as_png(figure))
    assert wide.width == 2 * (900 + 48)
    assert len(wide.getcolors(256) or []) > 20
    preview = pixels(picture.open_graph(figure))
    assert preview.size == (1200, 630)
    assert sum(preview.histogram()[:200]) > 2000


def test_a_figure_without_a_drawing_becomes_bars_and_one_without_numbers_is_refused_in_words() -> None:
    assert "India" in picture.as_svg(replace(FIGURES["dots"], chart=None))
    bare = replace(FIGURES["lineage"], chart=None)
    with pytest.raises(Refused, match="csv or json"):
        picture.as_svg(bare)
    assert pixels(picture.open_graph(bare)).size == (1200, 630)


def test_names_cannot_break_out_of_a_picture() -> None:
    figure = replace(FIGURES["dots"], title='<script>alert(1)</script> & "more"')
    root = ElementTree.fromstring(picture.as_svg(figure))
    assert not list(root.iter(f"{SVG}script"))


WORDS = {"Latin": "India", "Arabic": "الهند", "Devanagari": "हिन्दी", "Tamil": "தமிழ்", "Telugu": "తెలుగు"}


def drawn_words(text: str) -> bytes:
    opening = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="500" height="60"><rect width="500" height="60" fill="'
    )
    return picture.dots(f'{opening}#ffffff"/><text x="5" y="40" font-size="30">{text}</text></svg>', zoom=1)


def breadth(text: str) -> int:
    box = pixels(drawn_words(text)).point(lambda value: 255 - value).getbbox()
    assert box
    return box[2] - box[0]


@pytest.mark.parametrize("script", WORDS)
def test_letters_come_out_as_letters_on_a_machine_without_fonts(script: str) -> None:
    """Not as the empty boxes that stand for letters which no font has."""
    assert drawn_words(WORDS[script]) != drawn_words("\u1c00" * len(WORDS[script]))


def test_devanagari_is_shaped_also_behind_latin_letters() -> None:
    """Unshaped, its half letters stand side by side with their joining signs and take more room."""
    word = "क्षत्रिय"
    assert breadth(f"I {word}") - breadth("I I") <= breadth(word) + 2

"""Boundaries of one's own: what is drawn from a file, and what is said about a wrong one."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings as DjangoSettings
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string
from django.test import Client

from dashboards.charts import boundaries, maps, picture
from dashboards.charts.boundaries import world
from tests.dashboards.kinds import FIGURES

SQUARE = [[70, 10], [90, 10], [90, 30], [70, 30], [70, 10]]
BESIDE = [[90, 10], [110, 10], [110, 30], [90, 30], [90, 10]]


def forget() -> None:
    known = (
        world,
        boundaries.outlines,
        boundaries.outlines_version,
        maps.outlines_url,
        maps.mark,
    )
    for kept in known:
        kept.cache_clear()


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    yield
    forget()


def feature(ring: Any, **properties: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def use(settings: DjangoSettings, path: Path, *features: Any, name: str = "Ours") -> None:
    path.write_text(json.dumps({"type": "FeatureCollection", "name": name, "features": features}))
    settings.BOUNDARIES_FILE = str(path)
    forget()


def test_the_map_says_whose_boundaries_it_shows() -> None:
    for drawn in (render_to_string("components/figure_map.html", {"figure": FIGURES["map"]}),
                  picture.as_svg(FIGURES["map"])):  # fmt: skip
        assert "Boundaries: Natural Earth, as controlled on the ground. They imply no opinion" in drawn


def test_a_file_takes_the_place_of_the_outlines_and_nobody_is_lost(
    settings: DjangoSettings, tmp_path: Path
) -> None:
    before = world()
    use(settings, tmp_path / "ours.geojson", feature(SQUARE, iso2="in"), feature(BESIDE, ISO_A2="CN"))
    assert set(world()["paths"]) == {"", "IN", "CN"}
    assert before["paths"].keys() | before["dots"].keys() == world()["paths"].keys() | world()["dots"].keys()
    assert "Boundaries: Ours." in boundaries.disclaimer()
    settings.WORLDVIEW = "Survey of India"
    drawn = render_to_string("components/figure_map.html", {"figure": replace(FIGURES["map"])})
    assert "Boundaries: Survey of India." in drawn
    assert maps.outlines_url() in drawn
    assert world()["paths"]["IN"] in boundaries.outlines()
    assert world()["paths"]["IN"] in picture.as_svg(replace(FIGURES["map"])), "a picture stands alone"


def test_maps_on_pages_share_one_file_of_outlines(
    client: Client, db: None, settings: DjangoSettings, tmp_path: Path
) -> None:
    drawn = render_to_string("components/figure_map.html", {"figure": FIGURES["map"]})
    [address] = set(re.findall(r'href="([^"#]+\.svg[^"#]*)#', drawn))
    used = set(re.findall(r'\.svg[^"#]*#(\w+)', drawn))
    answer = client.get(address)
    assert answer["Content-Type"] == "image/svg+xml"
    assert "immutable" in answer["Cache-Control"]
    assert used <= set(re.findall(r'id="(\w+)"', answer.content.decode()))
    use(settings, tmp_path / "ours.geojson", feature(SQUARE, iso2="IN"))
    later = client.get(address)
    assert "immutable" not in later["Cache-Control"], "a page from before the change asked for it"
    assert later.content != answer.content


def test_neighbours_meet(settings: DjangoSettings, tmp_path: Path) -> None:
    use(settings, tmp_path / "ours.geojson", feature(SQUARE, iso2="IN"), feature(BESIDE, iso2="CN"))

    def corners(code: str) -> set[tuple[int, int]]:
        numbers = [int(n) for n in re.findall(r"-?\d+", world()["paths"][code])]
        x, y = numbers[:2]
        found = {(x, y)}
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            found.add((x, y))
        return found

    assert len(corners("IN") & corners("CN")) == 2


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ({"type": "Feature"}, "must be a GeoJSON FeatureCollection"),
        ([feature(SQUARE)], "feature 1: it needs its two-letter ISO 3166-1 code"),
        ([feature(SQUARE, iso2="IN"), feature(SQUARE, iso2="-99")], "feature 2: .*has '-99'"),
        ([feature([[7_800_000, 2_000_000], [1, 1]], iso2="IN")], "is not in degrees"),
        ([feature([["x", 2]], iso2="IN")], "is not a position of two numbers"),
        ([{**feature(SQUARE, iso2="IN"), "geometry": {"type": "Point"}}], "MultiPolygon"),
        ([{**feature(SQUARE, iso2="IN"), "geometry": {"type": "Polygon"}}], "MultiPolygon"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_told_in_a_sentence(
    settings: DjangoSettings, tmp_path: Path, broken: Any, said: str
) -> None:
    path = tmp_path / "wrong.geojson"
    path.write_text(
        json.dumps(broken if isinstance(broken, dict) else {"type": "FeatureCollection", "features": broken})
    )
    settings.BOUNDARIES_FILE = str(path)
    world.cache_clear()
    with pytest.raises(ImproperlyConfigured, match=said):
        world()


def test_no_file_no_json_and_no_such_view_are_told(settings: DjangoSettings, tmp_path: Path) -> None:
    for text, said in ((None, "no such file"), ("{", "can't be read as JSON")):
        path = tmp_path / "boundaries.geojson"
        if text:
            path.write_text(text)
        settings.BOUNDARIES_FILE = str(path)
        world.cache_clear()
        with pytest.raises(ImproperlyConfigured, match=said):
            world()
    settings.BOUNDARIES_FILE, settings.WORLDVIEW = "", "in"
    world.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="only view that comes with this software"):
        world()

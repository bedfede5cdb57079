"""Whose lines the map shows: those of world.json, or a ministry's own GeoJSON (`BOUNDARIES_FILE`), keyed by
ISO 3166-1 codes. What is wrong with a file stops the start, and says what and where.
"""

import hashlib
import json
from collections import defaultdict
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboards.charts import make_world as projected

NATURAL_EARTH = "natural-earth"
CODE_NAMES = ("iso2", "ISO2", "iso_a2", "ISO_A2", "ISO_A2_EH", "iso_3166_1_alpha_2", "code")
NOT_DRAWN = frozenset({"AQ", "TF", "HM"})  # at or below the lower edge: dots, as in world.json
ACROSS = frozenset({"RU", "FJ"})  # on both sides of 180°: drawn in one piece, past the right edge
GRID = 2  # units of the drawing: neighbours round alike, so that their borders meet
Points = list[tuple[int, int]]


@cache
def world() -> dict[str, Any]:
    """{"view", "width", "height", "paths": {code: path data}, "dots": {code: [x, y]}}; code "" is land of no
    row."""
    known: dict[str, Any] = json.loads(Path(__file__).with_name("world.json").read_text())
    if not settings.BOUNDARIES_FILE:
        if settings.WORLDVIEW != NATURAL_EARTH:
            raise ImproperlyConfigured(
                f"WORLDVIEW is “{settings.WORLDVIEW}”, but the only view that comes with this software is "
                f"“{NATURAL_EARTH}”. Leave it out, or set BOUNDARIES_FILE to a GeoJSON file with that view."
            )
        return known
    path = Path(settings.BOUNDARIES_FILE)
    return drawn_from(path, known)


@cache
def outlines() -> SafeString:
    """All of them as one SVG file, each under its code, and under `land` what belongs to no row. Maps on
    pages refer to it, so that a browser fetches it once for all of them."""
    known = world()
    paths = [(code or "land", path) for code, path in known["paths"].items() if path]
    dots = [(code, *map(str, spot)) for code, spot in known["dots"].items()]
    effect = ' vector-effect="non-scaling-stroke"'
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}">{}{}</svg>',
        known["width"],
        known["height"],
        format_html_join("", f'<path id="{{}}" d="{{}}"{effect}/>', paths),
        format_html_join("", f'<circle id="{{}}" cx="{{}}" cy="{{}}" r="5"{effect}/>', dots),
    )


@cache
def outlines_version() -> str:
    """Names the file's content, so that a copy of it is good for ever."""
    return hashlib.sha256(outlines().encode()).hexdigest()[:8]


def view() -> str:
    """The view in words, for the line under each map."""
    if settings.WORLDVIEW != NATURAL_EARTH:
        return str(settings.WORLDVIEW)
    return world().get("view") or _("Natural Earth, as controlled on the ground")


def disclaimer() -> str:
    """Under every map: whose lines these are, and that they say nothing about whose land it is."""
    return _("Boundaries: %(view)s. They imply no opinion on the legal status of any territory.") % {
        "view": view()
    }


def drawn_from(path: Path, known: dict[str, Any]) -> dict[str, Any]:
    """The file's outlines in the place of the known ones. A nation that it leaves out becomes a dot."""
    features, name = read(path)
    rings: dict[str, list[Points]] = defaultdict(list)
    for number, feature in enumerate(features, 1):
        where = f"{path}, feature {number}"
        code = code_of(feature, where)
        rings[code] += [outline(ring, code, where) for ring in rings_of(feature, where)]
    paths, dots = {"": ""}, dict(known["dots"])
    for code, outlines in rings.items():
        drawn = sorted((ring for ring in outlines if len(ring) > 2), key=projected.area, reverse=True)
        if not drawn or code in NOT_DRAWN:
            continue
        if sum(map(projected.area, drawn)) < projected.LEAST_NATION:
            dots[code] = list(drawn[0][0])
            continue
        kept = [ring for ring in drawn if projected.area(ring) >= projected.LEAST_RING]
        paths[code] = "".join(projected.written(ring) for ring in kept or drawn[:1])
        dots.pop(code, None)
    for code, outline_ in known["paths"].items():
        if code and code not in paths and code not in dots:
            dots[code] = [int(part) for part in outline_[1 : outline_.index("l")].split()]
    return {**known, "view": name or path.stem, "paths": paths, "dots": dots}


def read(path: Path) -> tuple[list[Any], str]:
    """The file's features and its name. Raises `ImproperlyConfigured`, as all that follow do."""
    try:
        collection = json.loads(path.read_text())
    except FileNotFoundError:
        raise ImproperlyConfigured(f"BOUNDARIES_FILE is {path}, but there is no such file.") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as wrong:
        raise ImproperlyConfigured(f"BOUNDARIES_FILE {path} can't be read as JSON: {wrong}") from wrong
    features = collection.get("features") if isinstance(collection, dict) else None
    if not isinstance(features, list) or not features or collection.get("type") != "FeatureCollection":
        raise ImproperlyConfigured(
            f"BOUNDARIES_FILE {path} must be a GeoJSON FeatureCollection with features."
        )
    return features, str(collection.get("name") or "")


def code_of(feature: Any, where: str) -> str:
    properties = (feature.get("properties") if isinstance(feature, dict) else None) or {}
    code = next((properties[name] for name in CODE_NAMES if properties.get(name)), None)
    if not (isinstance(code, str) and len(code) == 2 and code.isascii() and code.isalpha()):
        raise ImproperlyConfigured(
            f"{where}: it needs its two-letter ISO 3166-1 code in the property “iso2”; it has {code!r}."
        )
    return code.upper()


def rings_of(feature: Any, where: str) -> list[Any]:
    geometry = feature.get("geometry") or {}
    coordinates = geometry.get("coordinates")
    polygons = coordinates if geometry.get("type") == "MultiPolygon" else [coordinates]
    if geometry.get("type") not in {"Polygon", "MultiPolygon"}:
        polygons = None
    if not isinstance(polygons, list) or not all(isinstance(polygon, list) for polygon in polygons):
        raise ImproperlyConfigured(f"{where}: its geometry must be a Polygon or a MultiPolygon.")
    return [ring for polygon in polygons for ring in polygon]


def outline(ring: Any, code: str, where: str) -> Points:
    """Projected to Equal Earth, on the grid, without points that repeat or lie on a line with neighbours."""
    points: Points = []
    for point in ring:
        try:
            longitude, latitude = float(point[0]), float(point[1])
        except (TypeError, ValueError, IndexError, KeyError):
            raise ImproperlyConfigured(f"{where}: {point!r} is not a position of two numbers.") from None
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            raise ImproperlyConfigured(
                f"{where}: {longitude}, {latitude} is not in degrees. Export the file in WGS 84 (EPSG:4326)."
            )
        x, y = projected.place(longitude + 360 * (code in ACROSS and longitude < -150), latitude)
        spot = (round(x / GRID) * GRID, round(y / GRID) * GRID)
        if not points or points[-1] != spot:
            points.append(spot)
    if len(points) > 1 and points[0] == points[-1]:
        points.pop()
    return straightened(points)


def straightened(points: Points) -> Points:
    kept = points[:1]
    for here, after in pairwise([*points[1:], *points[:1]]):
        if projected.triangle(kept[-1], here, after):
            kept.append(here)
    return kept if len(points) > 1 else points

"""Makes `world.json`, the outlines of the map: run by hand when Natural Earth changes, never by the site.

    npm pack world-atlas && tar xf world-atlas-*.tgz
    python -m dashboards.charts.make_world package/countries-50m.json

Natural Earth (public domain) comes as TopoJSON: arcs that neighbours share. Each arc is projected to
Equal Earth, thinned (Visvalingam) and rounded once, so that borders still meet afterwards. What is too
small to see becomes a dot. The list of shapes is ISO 3166-1's:

* Kosovo is XK, the code its data carries. Northern Cyprus and Somaliland have no code of their own and
  their data are counted under CY and SO, so they are drawn with them.
* Siachen Glacier has neither: it is drawn as land of no row.
* French Guiana, Svalbard and others have codes and data of their own but lie inside another nation's
  outline there: their polygons are given back to them.
"""

import json
import math
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

import pycountry

Point = tuple[float, float]
Ring = list[int]

WIDTH = 1600
LEAST_TURN = 5.0  # square units: points that change an outline by less are dropped
LEAST_RING = 9.0  # square units: islands smaller than this are dropped
LEAST_NATION = 14.0  # square units: nations smaller than this become a dot
SOUTH, NORTH = -57.0, 83.7
LIKE = {
    "N. Cyprus": "CY",
    "Somaliland": "SO",
    "Kosovo": "XK",
    "Siachen Glacier": "",
    "Indian Ocean Ter.": "CX",
}
ACROSS = {"Russia", "Fiji"}  # lie on both sides of 180°: drawn in one piece, past the right edge
# (code, west, south, east, north): polygons of another nation's outline that have a code of their own
GIVEN_BACK = [
    ("GF", -55, 1, -51, 7), ("GP", -62, 15.7, -60.9, 16.7), ("MQ", -61.4, 14.2, -60.7, 15.1),
    ("YT", 44.8, -13.2, 45.5, -12.4), ("RE", 55, -21.6, 56, -20.7), ("SJ", -10, 70.5, 36, 82),
    ("BQ", -69, 11.9, -68, 12.5),
]  # fmt: skip
# Not in Natural Earth at this scale, or outside the frame (Antarctica sits on its lower edge).
DOTS: dict[str, Point] = {
    "AQ": (0, -56.5), "BQ": (-68.27, 12.18), "BV": (3.36, -54.42), "CC": (96.87, -12.17),
    "GI": (-5.35, 36.14), "SJ": (16, 78), "TK": (-171.85, -9.2), "TV": (179.2, -8.52),
    "UM": (166.65, 19.28), "TF": (69.35, -49.35), "GF": (-53, 4), "GP": (-61.55, 16.25),
    "MQ": (-61.02, 14.64), "RE": (55.53, -21.12), "YT": (45.15, -12.83),
}  # fmt: skip


def equal_earth(longitude: float, latitude: float) -> Point:
    """The projection of Šavrič, Patterson and Jenny (2018), on a unit sphere."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    t2 = theta * theta
    t6 = t2**3
    slope = 9 * a4 * t6 * t2 + 7 * a3 * t6 + 3 * a2 * t2 + a1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(theta) / (3 * slope)
    return x, a4 * t6 * t2 * theta + a3 * t6 * theta + a2 * t2 * theta + a1 * theta


HALF = equal_earth(180, 0)[0]
TOP = equal_earth(0, NORTH)[1]


def place(longitude: float, latitude: float) -> Point:
    """Degrees to units of the drawing, y downwards."""
    x, y = equal_earth(longitude, latitude)
    return (x + HALF) * WIDTH / (2 * HALF), (TOP - y) * WIDTH / (2 * HALF)


def triangle(a: Point, b: Point, c: Point) -> float:
    return abs((b[0] - a[0]) * (c[1] - a[1]) - (c[0] - a[0]) * (b[1] - a[1])) / 2


def thin(line: list[Point]) -> list[tuple[int, int]]:
    """Drop, one by one, the point that matters least; ends stay, so that neighbours still meet."""
    points = list(line)
    closed = points[0] == points[-1]
    while len(points) > (5 if closed else 2):
        turns = [triangle(*points[i - 1 : i + 2]) for i in range(1, len(points) - 1)]
        least = min(turns)
        if least >= LEAST_TURN:
            break
        del points[turns.index(least) + 1]
    return [(round(x), round(y)) for x, y in points]


def arcs_of(topology: dict[str, Any]) -> tuple[list[list[tuple[int, int]]], list[list[Point]]]:
    """Every arc, thinned in units of the drawing, and as it was in degrees."""
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    across = {
        arc if arc >= 0 else ~arc
        for geometry in topology["objects"]["countries"]["geometries"]
        if geometry["properties"]["name"] in ACROSS
        for ring in rings_of(geometry)
        for arc in ring
    }
    drawn, degrees = [], []
    for number, arc in enumerate(topology["arcs"]):
        x = y = 0
        line = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            longitude = x * sx + tx
            line.append((longitude + 360 * (number in across and longitude < -150), y * sy + ty))
        degrees.append(line)
        drawn.append(thin([place(*point) for point in line]))
    return drawn, degrees


def rings_of(geometry: dict[str, Any]) -> list[Ring]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return [ring for polygon in polygons for ring in polygon]


def owner(code: str, ring: Ring, degrees: list[list[Point]]) -> str:
    """The code a ring belongs to: another one than its outline's for the parts in GIVEN_BACK."""
    longitude, latitude = degrees[ring[0] if ring[0] >= 0 else ~ring[0]][0]
    if code in {"FR", "NL", "NO"}:
        for part, west, south, east, north in GIVEN_BACK:
            if (
                west <= longitude <= east
                and south <= latitude <= north
                and not (part == "SJ" and code != "NO")
            ):
                if part == "SJ" and latitude < 74 and longitude > 0:
                    continue
                return part
    return code


def dissolve(rings: list[Ring]) -> list[Ring]:
    """Join rings of one nation: an arc that two of them share, one each way, is no border."""
    used = {arc for ring in rings for arc in ring}
    inner = {arc for arc in used if ~arc in used}
    if not inner:
        return rings
    whole = [ring for ring in rings if not inner & set(ring)]
    loose = [arc for ring in rings if inner & set(ring) for arc in ring if arc not in inner]
    return [*whole, *stitch(loose)]


def stitch(loose: list[int]) -> list[Ring]:
    """Chain arcs end to start until each ring closes."""
    starts = {ENDS[arc][0]: arc for arc in loose}
    rings = []
    while starts:
        _, arc = starts.popitem()
        ring = [arc]
        while ENDS[ring[-1]][1] in starts:
            ring.append(starts.pop(ENDS[ring[-1]][1]))
        rings.append(ring)
    return rings


ENDS: dict[int, tuple[Point, Point]] = {}


def outline(ring: Ring, arcs: list[list[tuple[int, int]]]) -> list[tuple[int, int]]:
    """A ring's points, without the closing one and without repeats."""
    points: list[tuple[int, int]] = []
    for arc in ring:
        part = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        points += [p for i, p in enumerate(part) if not points or i or p != points[-1]]
    tidy = [p for i, p in enumerate(points) if i == 0 or p != points[i - 1]]
    return tidy[:-1] if len(tidy) > 1 and tidy[0] == tidy[-1] else tidy


def area(points: list[tuple[int, int]]) -> float:
    pairs = zip(points, points[1:] + points[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def written(points: list[tuple[int, int]]) -> str:
    """A ring as SVG path data: one absolute point, then steps."""
    text = f"M{points[0][0]} {points[0][1]}l"
    for before, after in pairwise(points):
        for step in (after[0] - before[0], after[1] - before[1]):
            text += str(step) if step < 0 or text[-1] == "l" else f" {step}"
    return text + "z"


def shapes(topology: dict[str, Any]) -> tuple[dict[str, str], dict[str, list[int]]]:
    """Path data by code, and dots by code. The code "" is land of no row."""
    arcs, degrees = arcs_of(topology)
    for number, line in enumerate(degrees):
        ENDS[number], ENDS[~number] = (line[0], line[-1]), (line[-1], line[0])
    rings: dict[str, list[Ring]] = defaultdict(list)
    for geometry in topology["objects"]["countries"]["geometries"]:
        found = pycountry.countries.get(numeric=geometry.get("id", ""))
        code = found.alpha_2 if found else LIKE[geometry["properties"]["name"]]
        for ring in rings_of(geometry):
            rings[owner(code, ring, degrees)].append(ring)
    paths: dict[str, str] = {}
    dots = {code: [round(v) for v in place(*where)] for code, where in DOTS.items()}
    floor = place(0, SOUTH)[1]
    for code in sorted(rings.keys() - {"AQ", "TF", "HM"}):
        drawn = sorted((outline(ring, arcs) for ring in dissolve(rings[code])), key=area, reverse=True)
        if sum(map(area, drawn)) < LEAST_NATION and code:
            middle = drawn[0]
            spot = [round(sum(p[axis] for p in middle) / len(middle)) for axis in (0, 1)]
            dots[code] = dots.get(code, spot)
            continue
        dots.pop(code, None)
        kept = [
            points
            for points in drawn
            if len(points) > 2 and area(points) >= LEAST_RING and points[0][1] < floor
        ]
        paths[code] = "".join(written(points) for points in kept or drawn[:1])
    dots["HM"] = [round(v) for v in place(73.5, -53.1)]
    return paths, dots


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text())
    paths, dots = shapes(topology)
    world = {
        "source": "Natural Earth 1:50m (public domain), from npm world-atlas 2.0.2, in Equal Earth",
        "width": WIDTH,
        "height": round(place(0, SOUTH)[1]),
        "paths": dict(sorted(paths.items())),
        "dots": dict(sorted(dots.items())),
    }
    target = Path(__file__).with_name("world.json")
    target.write_text(json.dumps(world, ensure_ascii=False, indent=0) + "\n")
    size = sum(len(d) for d in paths.values())
    sys.stdout.write(f"{len(paths)} outlines of {size} bytes, {len(dots)} dots\n")


if __name__ == "__main__":
    main()

"""One figure of each kind of drawing, with numbers known, ranged, zero, suppressed, unknown and revised."""

import datetime
from dataclasses import replace

from dashboards.charts.areas import Areas
from dashboards.charts.bars import Bars
from dashboards.charts.dots import Dots
from dashboards.charts.figure import (
    SUPPRESSED,
    UNKNOWN,
    Cell,
    Chart,
    Column,
    Figure,
    Known,
    Reading,
    Row,
    Source,
)
from dashboards.charts.lineage import Lineage
from dashboards.charts.lines import Lines
from dashboards.charts.maps import Choropleth
from dashboards.charts.matrix import Matrix
from dashboards.charts.treemap import Treemap

SOURCE = Source(
    "Nobody", "https://example.org", "CC0-1.0", datetime.datetime(2026, 3, 26, tzinfo=datetime.UTC)
)
SERIES = ("a", "b", "c")
TREND: list[tuple[Reading, Reading, Reading]] = [
    (Reading.of(1200), Reading(300, 450), Reading.of(0)),
    (Reading.of(1400), SUPPRESSED, UNKNOWN),
    (Reading(1600, 1900), Reading.of(500), Reading(None, 90, Known.AT_MOST)),
    (Reading.of(0), Reading.of(0), Reading.of(0)),
    (Reading.of(1700), Reading.of(520), Reading.of(70)),
]
RANKED = {
    "IN": ("India", Reading(9200, 11800)),
    "BR": ("Brazil", Reading.of(4400)),
    "KE": ("Kenya", Reading(None, 900, Known.AT_MOST)),
    "JP": ("Japan", Reading.of(0)),
    "MT": ("Malta", SUPPRESSED),
    "TV": ("Tuvalu", UNKNOWN),
}
RELATIONS = [("base/model", "parent", "fine-tuned"), ("data/set", "parent", "trained on"),
             ("child/quantised", "child", "quantised")]  # fmt: skip


def trend(chart: Chart) -> Figure:
    columns = (
        Column("month", "Month", names=True),
        *(Column(key, f"Nation {key}", number=True, bounded=True) for key in SERIES),
    )
    rows = []
    for number, readings in enumerate(TREND):
        cells: dict[str, Cell] = {"month": f"Month {number}", **dict(zip(SERIES, readings, strict=True))}
        revised = "revised on 3 May 2026" if number == 2 else ""
        rows.append(Row(f"Month {number}", cells, tick=str(number), revised=revised))
    return Figure("trend", "A trend", "In full.", columns, tuple(rows), SOURCE, "contributions", chart=chart)


def ranked(chart: Chart) -> Figure:
    columns = (Column("nation", "Nation", names=True), Column("n", "Amount", number=True, bounded=True))
    rows = tuple(Row(code, {"nation": name, "n": n}, url=f"/x/{code}/") for code, (name, n) in RANKED.items())
    return Figure("ranked", "A ranking", "In full.", columns, rows, SOURCE, "contributions", chart=chart)


def related() -> Figure:
    columns = (Column("name", "Artefact", names=True), Column("side", "Side"), Column("link", "Link"))
    rows = tuple(Row(n, {"name": n, "side": side, "link": link}) for n, side, link in RELATIONS)
    return Figure("related", "Lineage", "In full.", columns, rows, SOURCE, chart=Lineage("own/model"))


def matrix() -> Figure:
    figure = trend(Matrix((*SERIES, "call")))
    columns = (*figure.columns, Column("call", "Open call"))
    rows = tuple(
        row._replace(cells={**row.cells, "call": "yes" if n else None}) for n, row in enumerate(figure.rows)
    )
    return replace(figure, columns=columns, rows=rows)


FIGURES: dict[str, Figure] = {
    "lines": trend(Lines(SERIES)),
    "bars": trend(Bars(SERIES)),
    "areas": trend(Areas(SERIES)),
    "matrix": matrix(),
    "dots": ranked(Dots("n", focus="IN")),
    "ranked bars": ranked(Dots("n", "bars")),
    "treemap": ranked(Treemap("n")),
    "map": ranked(Choropleth("n")),
    "lineage": related(),
}

"""Table, drawing, CSV, JSON and API say the same, for every figure of every public page and of any nation."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from contributions.models import Rollup
from grants.models import Award
from tests.dashboards.pages import (
    as_csv,
    as_json,
    at_least,
    between,
    clean,
    every_page,
    figures_of,
    heads_of,
    listed,
    rows_of,
    written,
)

# A nation of each kind: with figures of its own, large, small, nearly empty, and with no number at all.
KINDS = ("IN", "US", "BR", "VA", "TV", "XK", "AQ", "KP", "SS", "BV")


def in_table(cell: Any) -> set[str]:
    """What the table may show for a cell of the JSON: a number at some precision, or why there is none."""
    if isinstance(cell, dict):
        return {told for decimals in range(6) if (told := number_in_table(cell, decimals)) is not None}
    if cell is None:
        return {""}
    if isinstance(cell, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        told = date_format(datetime.date.fromisoformat(cell), "DATE_FORMAT")
        return {cell, told, told.replace(" ", "\N{NO-BREAK SPACE}", 1)}
    if isinstance(cell, str) and re.fullmatch(r"\d{4}-\d\d", cell):
        return {cell, date_format(datetime.date.fromisoformat(f"{cell}-01"), "F Y")}
    if isinstance(cell, str) and re.fullmatch(r"\d{4}-Q\d", cell):
        return {cell, cell.replace("-", " ")}
    return {cell.strip(), " ".join(cell.split())} if isinstance(cell, str) else {str(cell), f"{cell:,}"}


def number_in_table(cell: dict[str, Any], decimals: int) -> str | None:
    lower, upper = cell["lower"], cell["upper"]
    if cell["status"] == "at_most":
        told = written(upper, decimals)
        return told if told.startswith("under") else f"up to {told}"
    if cell["status"] == "at_least":
        assert upper is None
        return at_least(lower, decimals)
    if cell["status"] != "known":
        assert lower is None
        assert upper is None
        return str(cell["status"])
    return between(lower, upper, decimals)


def in_csv(cell: Any, row: dict[str, str], key: str) -> None:
    """The CSV gives both ends, and why there is none."""
    if cell is None and key not in row:  # of a column of numbers between bounds
        assert row[f"{key}_lower"] == row[f"{key}_upper"] == row[f"{key}_status"] == ""
        return
    if not isinstance(cell, dict):
        told = "" if cell is None else str(cell)
        assert row[key].removeprefix("'") == told, (key, row[key], cell)
        return
    lower, upper = ("" if end is None else str(end) for end in (cell["lower"], cell["upper"]))
    assert row.get(key, row.get(f"{key}_lower")) == lower
    assert row.get(f"{key}_upper", upper) == upper
    assert row[f"{key}_status"] == cell["status"]


def same_on(client: Client, path: str, *, files: bool = True) -> set[str]:
    """Every figure of one page; the states its numbers are in."""
    seen: set[str] = set()
    page = client.get(path)
    shown = dict(figures_of(page))
    told = as_json(client, path)["figures"]
    assert set(shown) <= {figure["figure"] for figure in told}, path
    for figure in told:
        slug, rows = figure["figure"], figure["rows"]
        cells = [cell for row in rows for cell in row.values() if isinstance(cell, dict)]
        seen |= {cell["status"] for cell in cells} | {"range" for c in cells if c["lower"] != c["upper"]}
        if slug in shown and rows:
            here = len(rows_of(shown[slug]))  # of a list that goes on, data hold more than its first page
            assert here == len(rows) or 'rel="next"' in page.content.decode(), (path, slug)
            on_page = {**figure, "rows": rows[:here]}
            table_says(shown[slug], on_page, (path, slug))
            seen |= drawing_says(shown[slug], on_page, (path, slug))
        if files:
            written = as_csv(client, path, slug)
            assert len(written) == len(rows), (path, slug)
            for line, row in zip(written, rows, strict=True):
                for key, cell in row.items():
                    in_csv(cell, line, key)
    return seen


def table_says(body: str, figure: dict[str, Any], where: object) -> None:
    """Columns that stand in the table are found by what stands above them."""
    heads, rows = heads_of(body), rows_of(body)
    assert len(rows) == len(figure["rows"]), where
    keys, columns = [], iter(figure["columns"])
    for head in heads:
        keys.append(next(column["key"] for column in columns if column["label"].strip() == head))
    for cells, row in zip(rows, figure["rows"], strict=True):
        for key, said in zip(keys, cells, strict=True):
            allowed = in_table(row[key])
            assert said in allowed, (where, key, said, allowed)


def drawing_says(body: str, figure: dict[str, Any], where: object) -> set[str]:
    """What is read off the drawing, row by row; off a map, by name. Which of the two there was."""
    keys = {column["label"]: column["key"] for column in figure["columns"]}
    reads = re.findall(r"<label[^>]*><input[^>]*><span[^>]*><b>.*?</b>(.*?)</span></label>", body, re.S)
    assert len(reads) in {0, len(figure["rows"])}, where
    for read, row in zip(reads, figure["rows"], strict=False):
        for line in clean(read).split("\n"):
            label, _colon, said = line.rpartition(": ")
            assert said in in_table(row[keys[label]]), (where, line)
    shapes = re.findall(r'<a href="[^"]*" tabindex="-1"><title>(.*?)</title>', body)
    assert len(shapes) in {0, len(figure["rows"])}, where
    by_name = {row["nation"]: row for row in figure["rows"]} if shapes else {}
    for shape in shapes:
        name, _colon, said = clean(shape).rpartition(": ")
        numbers = [cell for cell in by_name[name].values() if isinstance(cell, dict)]
        assert said in set().union(*map(in_table, numbers)), (where, shape)
    return ({"readout"} if reads else set()) | ({"map"} if shapes else set())


def test_every_public_page(client: Client, world: Award) -> None:
    seen = set().union(*(same_on(client, path) for path in every_page().values()))
    assert {"known", "suppressed", "readout", "map"} <= seen, "nothing was compared"


def test_a_nation_of_every_kind(client: Client, world: Award) -> None:
    seen: set[str] = set()
    for code in KINDS:
        seen |= same_on(client, f"/nations/{code}/")
    assert {"known", "suppressed"} <= seen


@pytest.mark.slow
def test_every_nation(client: Client, world: Award) -> None:
    """Their CSV is written by the same lines as that of the kinds above."""
    codes = [row["code"] for row in as_json(client, "/nations/")["figures"][0]["rows"]]
    assert len(codes) == 250
    for code in codes:
        same_on(client, f"/nations/{code}/", files=False)


def test_every_metric_and_way_of_counting_for_every_nation(client: Client, world: Award) -> None:
    """A ranking holds all 250 nations, so each of them is compared in every metric."""
    for metric in ("developers", "git_pushes", "repositories", "organizations"):
        for per in ("total", "people"):
            assert "map" in same_on(client, f"/nations/?metric={metric}&per={per}", files=per == "total")


def test_a_nations_own_page_says_what_the_ranking_says(client: Client, world: Award) -> None:
    ranking = as_json(client, "/nations/?metric=developers")["figures"][0]["rows"]
    by_code = {row["code"]: row["developers"] for row in ranking}
    for code in KINDS:
        trend = next(f for f in as_json(client, f"/nations/{code}/")["figures"] if f["figure"] == "trend")
        if trend["rows"]:
            assert trend["rows"][-1][code] == by_code[code], code


def of_api(client: Client, **asked: Any) -> dict[tuple[str, str, str], dict[str, Any]]:
    """Rollups by metric, nation and month; each as a figure's JSON has it."""
    bounds = ("value", "lower", "upper", "status")
    return {
        (row["metric"], row["nation"], row["month"]): {key: row[key] for key in bounds}
        for row in listed(client, "/api/rollups/", **asked)
    }


def test_the_api_says_what_figures_of_rollups_say(client: Client, world: Award) -> None:
    """Each month and kind of a nation's own page, and every nation of every metric's ranking by month."""
    known = Rollup.objects.fresh().filter(metric="model", nation="IN").order_by("month").first()
    assert known is not None
    for code in ("BR", "KE"):
        Rollup.objects.create(
            metric="model", month=known.month, nation_id=code, suppressed=True, stale=False,
            computed_at=known.computed_at, rule_version=known.rule_version,
        )  # fmt: skip
    told, compared = of_api(client), set()
    added = next(f for f in as_json(client, "/nations/IN/")["figures"] if f["figure"] == "added")
    for row in added["rows"]:
        for metric, cell in row.items():
            if said := told.get((metric, "IN", row["month"])):
                assert cell == said, (metric, row["month"])
                compared.add(cell["status"])
    past = f"{timezone.now():%Y-%m}"  # a month that is not over is in no ranking yet
    for metric, month in {(metric, month) for metric, _nation, month in told if month < past}:
        ranking = as_json(client, f"/nations/?metric={metric}&period={month}")["figures"][0]["rows"]
        for row in ranking:
            if said := told.get((metric, row["code"], month)):
                assert row[metric] == said, (metric, month, row["code"])
                compared.add(said["status"])
            else:
                assert row[metric]["lower"] in (None, 0), (metric, month, row["code"])
    assert {"known", "suppressed"} <= compared


def test_the_api_says_what_figures_of_the_baseline_say(client: Client, world: Award) -> None:
    for metric in ("developers", "git_pushes", "repositories", "organizations"):
        ranking = as_json(client, f"/nations/?metric={metric}")["figures"][0]["rows"]
        said = listed(client, "/api/baseline/", metric=metric, since="2025-Q3", until="2025-Q3")
        by_code = {row["nation"]: row["value"] for row in said}
        shown = {row["code"]: row[metric]["value"] for row in ranking if row[metric]["status"] == "known"}
        assert shown == by_code
        assert len(shown) > 100


def test_a_figure_of_rollups_says_what_the_rollups_say(client: Client, world: Award) -> None:
    stored = {
        (f"{cell.month:%Y-%m}", cell.metric): cell for cell in Rollup.objects.fresh().filter(nation_id="IN")
    }
    assert stored
    added = next(f for f in as_json(client, "/nations/IN/")["figures"] if f["figure"] == "added")
    compared = 0
    for row in added["rows"]:
        for key, told in row.items():
            cell = stored.get((row["month"], key)) if isinstance(told, dict) else None
            if cell is None:
                continue
            compared += 1
            ends = [None if end is None else float(end) for end in (cell.lower, cell.upper)]
            hidden = told["status"] == "suppressed"
            assert hidden == cell.suppressed
            assert [told["lower"], told["upper"]] == ([None, None] if hidden else ends)
    assert compared

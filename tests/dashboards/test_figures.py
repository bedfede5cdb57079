"""The drawings say what the table says; suppressed is not zero; the EU is counted nowhere."""

import re
from typing import Any

import pytest
from django.test import Client

from contributions.models import Baseline
from dashboards.charts.maps import world as outlines
from grants.models import Award
from tests.dashboards.pages import PLAIN, as_csv, as_json, clean, words

METRICS = ("developers", "git_pushes", "repositories", "organizations")


def value_in_words(cell: Any) -> set[str]:
    """What the table may show for a cell of the JSON."""
    if not isinstance(cell, dict):
        return {"" if cell is None else str(cell)}
    if cell["status"] != "known":
        return {cell["status"]}
    ends = {(f"{cell['lower']:,.{d}f}", f"{cell['upper']:,.{d}f}") for d in (0, 1, 2)}
    return {low if low == high else f"{low} to {high}" for low, high in ends}


def test_the_map_says_what_the_table_says(client: Client, world: Award) -> None:
    response = client.get("/nations/?metric=developers")
    titles = dict(
        re.findall(
            r'<a href="/nations/(\w\w)/" tabindex="-1"><title>[^<]*: ([^<]+)</title>',
            response.content.decode(),
        )
    )
    rows = as_json(client, "/nations/?metric=developers")["figures"][0]["rows"]
    assert set(titles) == {row["code"] for row in rows}, "a nation without an outline or a dot"
    for row in rows:
        assert titles[row["code"]] in value_in_words(row["developers"])


def test_the_trend_tells_each_quarter_as_the_table_does(client: Client, world: Award) -> None:
    page = client.get("/nations/IN/").content.decode()
    trend = next(f for f in as_json(client, "/nations/IN/")["figures"] if f["figure"] == "trend")
    slots = [
        clean(told) for told in re.findall(r'<input type="radio" name="trend-read">(.*?)</label>', page, re.S)
    ]
    assert len(slots) == len(trend["rows"]) == 23
    for slot, row in zip(slots, trend["rows"], strict=True):
        assert f"India: {row['IN']['value']:,}" in slot


def test_every_nation_with_data_is_on_the_map(baseline: None, db: None) -> None:
    drawn = outlines()["paths"].keys() | outlines()["dots"].keys()
    economies = set(Baseline.objects.nations().order_by().values_list("economy", flat=True).distinct())
    assert economies <= drawn


def test_checksums_of_the_latest_quarter(client: Client, world: Award) -> None:
    for metric, total in (("developers", 166_552_398), ("git_pushes", 214_957_089)):
        figure = as_json(client, f"/nations/?metric={metric}")["figures"][0]
        assert sum(row[metric]["value"] or 0 for row in figure["rows"]) == total
        assert f"{total:,}" in words(client.get(f"/nations/?metric={metric}"))


@pytest.mark.parametrize("metric", METRICS)
def test_the_european_union_is_in_no_ranking(client: Client, world: Award, metric: str) -> None:
    rows = as_json(client, f"/nations/?metric={metric}")["figures"][0]["rows"]
    codes = [row["code"] for row in rows]
    assert "EU" not in codes
    assert "XK" in codes
    assert len(codes) == len(set(codes)) == 250


def test_the_european_union_is_no_nation(client: Client, world: Award) -> None:
    assert client.get("/nations/EU/").status_code == 404
    assert client.get("/compare/?n=EU&n=IN").status_code == 400


def test_suppressed_is_neither_zero_nor_ranked(client: Client, world: Award) -> None:
    rows = as_json(client, "/nations/?metric=developers")["figures"][0]["rows"]
    hidden = [row for row in rows if row["developers"]["status"] == "suppressed"]
    assert hidden
    assert all(row["rank"] is None and row["developers"]["value"] is None for row in hidden)
    figure = as_json(client, "/nations/?metric=developers")["figures"][0]["figure"]
    by_code = {row["code"]: row for row in as_csv(client, "/nations/?metric=developers", figure)}
    assert by_code[hidden[0]["code"]]["developers"] == ""
    assert by_code[hidden[0]["code"]]["developers_status"] == "suppressed"
    assert 'class="m-suppressed"' in client.get("/nations/?metric=developers").content.decode()


def test_ranks_follow_the_numbers(client: Client, world: Award) -> None:
    rows = as_json(client, "/nations/?metric=developers")["figures"][0]["rows"]
    known = [(row["rank"], row["developers"]["value"]) for row in rows if row["rank"]]
    assert known == sorted(known, key=lambda pair: -pair[1])
    assert [row["code"] for row in rows[:4]] == ["US", "IN", "CN", "BR"]


def test_bounds_are_drawn_and_given_apart(client: Client, world: Award) -> None:
    added = next(f for f in as_json(client, "/nations/IN/")["figures"] if f["figure"] == "added")
    assert sum(row["model"]["lower"] for row in added["rows"]) == 3
    assert {"model_lower", "model_upper", "model_status"} <= as_csv(client, "/nations/IN/", "added")[0].keys()


def test_ids_on_a_page_are_unique(client: Client, world: Award) -> None:
    for path in PLAIN.values():
        ids = re.findall(r'\sid="([^"]+)"', client.get(path).content.decode())
        assert len(ids) == len(set(ids)), path

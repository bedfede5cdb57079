"""The drawings say what the table says; suppressed is not zero; the EU is counted nowhere."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from contributions.models import Baseline
from dashboards.charts import words as words_of
from dashboards.charts.cells import Known, Reading, in_words
from dashboards.charts.maps import world as outlines
from dashboards.exports import json_cell
from grants.models import Award
from tests.dashboards.pages import PLAIN, as_csv, as_json, at_least, between, clean, words
from tests.dashboards.test_same_everywhere import number_in_table

METRICS = ("developers", "git_pushes", "repositories", "organizations")


def value_in_words(cell: Any) -> set[str]:
    """What the table may show for a cell of the JSON."""
    if not isinstance(cell, dict):
        return {"" if cell is None else str(cell)}
    if cell["status"] == "at_least":
        return {at_least(cell["lower"], decimals) for decimals in (0, 1, 2)}
    if cell["status"] != "known":
        return {cell["status"]}
    return {between(cell["lower"], cell["upper"], decimals) for decimals in (0, 1, 2)}


@pytest.mark.parametrize(
    ("reading", "told"),
    [
        (Reading.of(0), "0"),
        (Reading.of(0.0), "0.00"),
        (Reading.of(0.0015), "under 0.01"),
        (Reading.of(Decimal("0.0015")), "under 0.01"),
        (Reading.of(-0.0015), "above -0.01"),
        (Reading.of(0.0051), "0.01"),
        (Reading.of(2), "2"),
        (Reading(0, 0.0015), "under 0.01"),
        (Reading(0.0011, 0.0015), "under 0.01"),
        (Reading(0.0015, 1.5), "under 0.01 to 1.50"),
        (Reading(0, 1.5), "0.00 to 1.50"),
        (Reading(None, 0.0015, Known.AT_MOST), "under 0.01"),
        (Reading(None, 1.5, Known.AT_MOST), "up to 1.50"),
        (Reading(0.0015, None, Known.AT_LEAST), "more than 0"),
        (Reading(1.5, None, Known.AT_LEAST), "at least 1.50"),
    ],
)
def test_what_is_not_zero_never_reads_as_zero(reading: Reading, told: str) -> None:
    assert in_words(reading, 2) == told
    cell = json_cell(reading)
    if told not in {"0", "2"}:  # whole numbers have no decimals
        assert number_in_table(cell, 2) == told
    with translation.override("ar"):
        assert told == "0" or in_words(reading, 2) not in {"٠", "٠٫٠٠"} or not cell["upper"]


def test_shares_changes_and_axes_do_not_round_to_zero_either() -> None:
    assert words_of.share(1, 10_000) == "under 0.1%"
    assert words_of.share(0, 10) == "0.0%"
    assert words_of.change(10_001, 10_000) == "under +0.1%"
    assert words_of.change(9_999, 10_000) == "above −0.1%"
    assert words_of.brief(0.04) == "under 0.1"
    assert words_of.short(0.0015) == "0.0015"
    assert words_of.between(0, 0.04) == "under 0.1"


def test_few_in_a_large_nation_are_not_told_as_none(client: Client, world: Award) -> None:
    address = "/nations/?metric=model&per=people"
    row = next(r for r in as_json(client, address)["figures"][0]["rows"] if r["code"] == "IN")
    assert 0 < row["per_people"]["value"] < 0.005
    assert "India: under 0.01" in client.get(address).content.decode()
    assert "0.00" not in words(client.get(address))


def test_a_sentence_tells_of_no_nation_that_is_not_there(client: Client, world: Award) -> None:
    figure = as_json(client, "/nations/?metric=model")["figures"][0]
    states = [row["model"]["status"] for row in figure["rows"]]
    assert "suppressed" not in states
    assert "suppressed" not in figure["sentence"]
    assert f"Of {states.count('unknown')} nations nothing is known." in figure["sentence"]
    figure = as_json(client, "/nations/?metric=developers")["figures"][0]
    hidden = sum(1 for row in figure["rows"] if row["developers"]["status"] == "suppressed")
    assert f"Of {hidden} nations some or all is suppressed." in figure["sentence"]


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

"""/api/: what pages show and no more; lists that page on; filters that refuse; examples that run."""

import json
import re
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contributions.models import Account, Artifact, Exchange, Rollup
from dashboards.api_examples import EXAMPLES, LISTS
from dashboards.charts.figure import Known
from dashboards.measures import EVERY_METRIC
from dashboards.stamp import forget
from grants.models import Award
from mission.models import Nation
from tests.dashboards.conftest import add_artifacts
from tests.dashboards.pages import got
from tests.dashboards.pages import listed as rows
from tests.world import person


def cell(metric: str = "review", **more: Any) -> Rollup:
    """One of a month long gone, so that nothing else is there."""
    values = {"month": "2019-03-01", "nation_id": "BR", "rule_version": 1, "stale": False, **more}
    return Rollup.objects.create(metric=metric, computed_at="2026-01-01T00:00:00Z", **values)


def test_every_example_runs_and_has_the_shape_it_shows(client: Client, world: Award) -> None:
    told = got(client, "/api/schema/?format=json")
    for example in EXAMPLES:
        said = got(client, example.path)
        found = said["results"] if example.operation in LISTS else said
        first = found[0] if isinstance(found, list) and found else found
        if first:
            assert set(example.row) <= set(first), example.path
            for key, value in example.row.items():
                numbers = isinstance(value, int | float) and isinstance(first[key], int | float | None)
                assert numbers or value is None or first[key] is None or type(value) is type(first[key]), key
    samples = [op.get("x-codeSamples") for ops in told["paths"].values() for op in ops.values()]
    assert sum(len(each) for each in samples if each) == len(EXAMPLES)


def test_a_figure_is_the_same_as_on_its_page(client: Client, world: Award) -> None:
    shown = rows(client, "/api/rollups/", nation="IN")
    assert shown
    for row in shown:
        assert row["opened_at"].endswith(f"/numbers/{row['metric']}/IN/{row['month']}/")
    for row in shown[:12]:
        page = got(client, row["opened_at"].removeprefix("http://testserver"), format="json")
        figure = next(each for each in page["figures"] if each["figure"] == "figure")["rows"][0]
        assert figure["value"] == {key: row[key] for key in ("value", "lower", "upper", "status")}
        assert figure["unknown_share"]["value"] == row["unknown_share"]


def test_suppressed_at_most_and_places_without_a_nation_are_told_apart(client: Client, world: Award) -> None:
    cell(lower=3, upper=4)
    cell("pull_request", suppressed=True)
    cell("model", upper=20)
    cell(nation_id=None, lower=1, upper=1)
    cell(nation_id=None, international=True, lower=2, upper=2)
    old = {"until": "2019-12"}
    by_status = {
        status: [row["metric"] for row in rows(client, "/api/rollups/", status=status, nation="br", **old)]
        for status in Known
    }
    assert by_status == {
        "known": ["review"], "suppressed": ["pull_request"], "at_most": ["model"], "at_least": [],
        "unknown": [],
    }  # fmt: skip
    hidden = rows(client, "/api/rollups/", status="suppressed", **old)[0]
    assert (hidden["lower"], hidden["upper"], hidden["value"]) == (None, None, None)
    places = {row["nation"]: row["lower"] for row in rows(client, "/api/rollups/", metric="review", **old)}
    assert places == {"BR": 3, "unknown": 1, "international": 2}
    alone = rows(client, "/api/rollups/", nation="international", **old)
    assert [row["lower"] for row in alone] == [2]


def test_superseded_and_uncomputed_figures_are_not_told(client: Client, world: Award) -> None:
    cell(lower=3, upper=4, superseded_at="2026-02-01T00:00:00Z")
    Rollup.objects.filter(pk=cell("model", lower=1, upper=1).pk).update(computed_at=None)
    assert rows(client, "/api/rollups/", until="2019-12") == []


def test_pages_of_a_list_go_on_without_a_gap_or_a_repeat(client: Client, world: Award) -> None:
    Rollup.objects.all().delete()
    for nation in Nation.objects.all()[:30]:
        cell(nation_id=nation.pk, lower=1, upper=1)
        cell("model", nation_id=nation.pk, lower=1, upper=1)
    said = got(client, "/api/rollups/", limit=7)
    assert (said["count"], len(said["results"])) == (60, 7)
    everything = rows(client, "/api/rollups/", limit=7)
    keys = [(row["metric"], row["nation"]) for row in everything]
    assert len(set(keys)) == len(keys) == 60
    assert [metric for metric, _nation in keys] == sorted(metric for metric, _nation in keys)
    answer = client.get("/api/rollups/?limit=7")
    assert answer["Link"] == f'<{answer.json()["next"]}>; rel="next"'
    add_artifacts(Account.objects.get(login="kaveri"), 12, begin=20)
    names = [row["id"] for row in rows(client, "/api/artifacts/", limit=4)]
    assert names == list(Artifact.objects.there().order_by("-created_at", "-pk").values_list("pk", flat=True))
    developers = {"metric": "developers", "nation": "IN"}
    by_page = rows(client, "/api/baseline/", limit=5, **developers)
    assert by_page == rows(client, "/api/baseline/", limit=1000, **developers)
    assert by_page[0]["quarter"] == "2020-Q1"


def test_the_baseline_is_cut_by_quarter_and_leaves_out_the_union(client: Client, world: Award) -> None:
    found = rows(client, "/api/baseline/", metric="developers", since="2020-Q3", until="2021-Q1", limit=1000)
    assert {row["quarter"] for row in found} == {"2020-Q3", "2020-Q4", "2021-Q1"}
    assert "EU" not in {row["nation"] for row in found}


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/api/rollups/?metric=songs", "metric"),
        ("/api/rollups/?nation=IND", "nation"),
        ("/api/rollups/?since=2026-13", "since"),
        ("/api/rollups/?until=%D9%A2%D9%A0%D9%A2%D9%A6-01", "until"),
        ("/api/rollups/?status=zero", "status"),
        ("/api/rollups/?limit=0", "limit"),
        ("/api/rollups/?limit=99999999999999999999999", "limit"),
        ("/api/rollups/?after=xyz", "after"),
        ("/api/rollups/?after=W10", "after"),
        ("/api/rollups/?after=WyJtb2RlbCIsICIyMDI2LTAzLTAxIiwgOTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "after"),
        ("/api/rollups/?natoin=IN", "natoin"),
        ("/api/artifacts/?owner=%00", "owner"),
        ("/api/artifacts/?language=Hindi", "language"),
        ("/api/exchange/?giver=zzz", "giver"),
        ("/api/baseline/?since=2024", "since"),
        ("/api/languages/?nation=1", "nation"),
        ("/api/nations/?page=2", "page"),
        ("/api/metrics/?q=1", "q"),
    ],
)
def test_a_wrong_filter_is_refused_with_its_name(client: Client, world: Award, path: str, field: str) -> None:
    error = got(client, path, 422)["error"]
    assert error["field"] == field
    assert len(error["message"]) > 15


@pytest.mark.parametrize(
    "path",
    ["/api/nations/ZZ/", "/api/artifacts/999999999/", "/api/artifacts/99999999999999999999/",
     "/api/awards/NO-1/", "/api/languages/?nation=ZZ", "/api/artifacts/?nation=ZZ", "/api/songs/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(client: Client, world: Award, path: str) -> None:
    assert got(client, path, 404)["error"]["code"] == "not_found"


def test_one_artefact_has_both_ways_of_its_lineage(client: Client, world: Award) -> None:
    parent = Artifact.objects.get(name="kaveri/hindi-0")
    said = got(client, f"/api/artifacts/{parent.pk}/")
    assert [each["name"] for each in said["built_from_it"]] == ["kaveri/hindi-1", "kaveri/hindi-2"]
    assert said["readings"][0]["downloads"] == 12
    child = got(client, f"/api/artifacts/{said['built_from_it'][0]['id']}/")
    assert child["built_on"] == [
        {"relation": "finetune", "kind": "model", "name": "kaveri/hindi-0", "id": parent.pk}
    ]
    Artifact.objects.filter(pk=parent.pk).update(gone_at=world.awarded_at)
    cache.clear()
    got(client, f"/api/artifacts/{parent.pk}/", 404)


def test_artefacts_are_filtered(client: Client, world: Award) -> None:
    counts = {
        query: got(client, f"/api/artifacts/?{query}")["count"]
        for query in (
            "nation=in",
            "nation=BR",
            "owner=KAVERI",
            "owner=nobody",
            "licence=open",
            "licence=MIT",
        )
    }
    assert counts == {
        "nation=in": 3, "nation=BR": 0, "owner=KAVERI": 3, "owner=nobody": 0, "licence=open": 3,
        "licence=MIT": 0,
    }  # fmt: skip
    Account.objects.filter(login="kaveri").update(kind="person")
    cache.clear()
    forget()  # changed behind the program's back; a platform's word comes with a fetch
    assert got(client, "/api/artifacts/?nation=IN&limit=9")["count"] == 0, "people are not listed by nation"


def test_nations_metrics_languages_and_awards_are_told(client: Client, world: Award) -> None:
    india = got(client, "/api/nations/in/")
    assert (india["code"], india["alpha3"], india["name"]) == ("IN", "IND", "India")
    for address in india["links"].values():
        got(client, address.removeprefix("http://testserver"))
    assert [each["slug"] for each in got(client, "/api/metrics/")] == list(EVERY_METRIC)
    hindi = next(row for row in rows(client, "/api/languages/", nation="IN") if row["code"] == "hin")
    assert (hindi["name"], hindi["artifacts"]["model"]) == ("Hindi", 3)
    award = got(client, f"/api/awards/{world.reference}/")
    assert award["organisation"] == "Kaveri Labs"
    assert [each["status"] for each in award["deliverables"]] == ["due"]


def test_give_and_take_leaves_out_what_pages_leave_out(client: Client, world: Award) -> None:
    Exchange.objects.create(giver_id="IN", taker_id="BR", month="2019-01-01", kind="base", suppressed=True)
    Exchange.objects.create(giver_id="IN", taker_id="FR", month="2019-01-01", kind="base", lower=1, upper=2.5)
    found = rows(client, "/api/exchange/", until="2019-02", giver="in")
    assert [(row["taker"], row["lower"], row["upper"]) for row in found] == [("FR", 1, 2.5)]


ADDRESSES = (
    "/api/rollups/?nation=IN", "/api/baseline/?nation=IN", "/api/exchange/", "/api/nations/", "/api/metrics/",
    "/api/languages/", "/api/artifacts/", "/api/releases/", "/api/",
)  # fmt: skip


def test_an_unchanged_answer_costs_one_query_and_nothing_of_the_share(client: Client, world: Award) -> None:
    for path in ADDRESSES:
        first = client.get(path)
        with CaptureQueriesContext(connection) as captured:
            again = client.get(path, headers={"if-none-match": first["ETag"]})
        assert (again.status_code, len(captured)) == (304, 1), path
        if path != "/api/":
            assert left(again) == left(first), path


def test_queries_do_not_grow_with_the_rows(client: Client, world: Award) -> None:
    def counts() -> list[int]:
        found = []
        for path in ADDRESSES:
            cache.clear()
            forget()
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
            found.append(len(captured))
        return found

    before = counts()
    assert max(before) <= 7, before
    add_artifacts(Account.objects.get(login="kaveri"), 30, begin=40)
    assert counts() == before


def left(answer: Any) -> int:
    found = re.fullmatch(r'"reads";r=(\d+);t=(\d+)', answer["RateLimit"])
    assert found
    return int(found[1])


def test_the_fair_share_is_told_and_held(client: Client, db: None, settings: Any) -> None:
    settings.API_LIMIT = 3
    answers = [client.get("/api/metrics/?q=x") for _ in range(3)]
    assert [left(answer) for answer in answers] == [2, 1, 0]
    assert answers[0]["RateLimit-Policy"] == '"reads";q=3;w=300'
    refused = client.get("/api/metrics/")
    assert refused.status_code == 429
    assert 0 < int(refused["Retry-After"]) <= 300
    assert "Ask again in" in refused.json()["error"]["message"]
    assert client.get("/api/metrics/", REMOTE_ADDR="198.51.100.7").status_code == 200
    assert client.get("/nations/").status_code == 200, "pages are not counted"
    for end in ("1", "2"):
        other = client.get("/api/metrics/", REMOTE_ADDR=f"2001:db8:1:2::{end}")
    assert left(other) == 1, "one network of IPv6 is one visitor"


def test_reads_are_there_without_valkey(client: Client, world: Award, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    answer = client.get("/api/nations/")
    assert (answer.status_code, left(answer)) == (200, settings.API_LIMIT)


def test_public_reads_may_be_used_from_any_site_and_others_not(client: Client, world: Award) -> None:
    assert client.get("/api/nations/")["Access-Control-Allow-Origin"] == "*"
    assert client.get("/api/nations/")["Access-Control-Allow-Origin"] == "*", "also where the answer was kept"
    assert "Access-Control-Allow-Origin" not in client.get("/api/applications/")
    client.force_login(person("asha3"))
    mine = client.get("/api/applications/")
    assert mine.status_code == 200
    assert "Access-Control-Allow-Origin" not in mine
    assert "Access-Control-Allow-Credentials" not in client.get("/api/nations/")


def test_the_page_of_the_api_shows_requests_that_run(client: Client, world: Award) -> None:
    page = client.get("/api/").content.decode()
    for example in EXAMPLES:
        assert example.path.replace("&", "&amp;") in page
    assert json.loads(EXAMPLES[0].shown)["metric"] == "model"

"""Nations by any metric: from stored cells, over a time that may be added up, against people or money."""

import datetime
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contributions.actions.yearly_tables import import_table
from contributions.measures.metric import later, month_of
from contributions.models import Rollup
from grants.models import Award
from mission.models import Nation
from tests.dashboards.pages import as_json, words

LAST = later(month_of(timezone.now()), -1)


def cell(metric: str, nation: str, back: int, lower: Any, upper: Any, *, suppressed: bool = False) -> None:
    """A stored cell, `back` months before the last one that is over."""
    Rollup.objects.create(
        metric=metric,
        nation_id=nation,
        month=later(LAST, -back),
        lower=None if lower is None else Decimal(lower),
        upper=None if upper is None else Decimal(upper),
        suppressed=suppressed,
        computed_at=timezone.now(),
        stale=False,
        rule_version=1,
    )


def ranking(client: Client, query: str) -> dict[str, Any]:
    return {row["code"]: row for row in as_json(client, f"/nations/?{query}")["figures"][0]["rows"]}


@pytest.fixture
def small(world: Award) -> None:
    """Reviews of four nations: bounds of KE and BR overlap; EE has a suppressed month; VN only “up to”."""
    Rollup.objects.filter(metric__in=["review", "adoption"]).delete()
    cell("review", "KE", 0, 30, 40)
    cell("review", "KE", 3, 20, 20)
    cell("review", "BR", 1, 55, 58)
    cell("review", "EE", 0, 70, 70)
    cell("review", "EE", 1, None, None, suppressed=True)
    cell("review", "VN", 0, None, 12)
    cell("review", "BR", 12, 500, 500)  # a year and a month ago: in no sum
    cell("adoption", "KE", 0, 100, 100)
    cell("adoption", "KE", 1, 900, 900)


def test_a_year_is_twelve_months_and_ranks_are_ranges(client: Client, small: None) -> None:
    rows = ranking(client, "metric=review")
    assert (rows["KE"]["review"]["lower"], rows["KE"]["review"]["upper"]) == (50, 60)
    assert (rows["BR"]["review"]["lower"], rows["BR"]["review"]["upper"]) == (55, 58)
    assert rows["KE"]["rank"] == rows["BR"]["rank"] == "1 to 2"
    assert (rows["VN"]["rank_best"], rows["VN"]["rank_worst"]) == (3, 3)
    assert "who is first cannot be told; Brazil and Kenya may be" in words(
        client.get("/nations/?metric=review")
    )


def test_a_sum_that_lacks_a_suppressed_month_has_no_rank(client: Client, small: None) -> None:
    row = ranking(client, "metric=review")["EE"]
    assert (row["rank"], row["review"]["lower"], row["review"]["upper"]) == (None, 70, None)
    assert row["review"]["status"] == "at_least"
    assert "at least 70" in words(client.get("/nations/?metric=review"))
    month = ranking(client, f"metric=review&period={later(LAST, -1):%Y-%m}")["EE"]
    assert month["review"] == {"value": None, "lower": None, "upper": None, "status": "suppressed"}
    assert month["per_people"]["status"] == "suppressed"


def test_who_was_looked_at_has_none_and_who_was_not_is_unknown(client: Client, small: None) -> None:
    rows = ranking(client, "metric=review")
    assert rows["IN"]["review"]["value"] == 0
    assert rows["TV"]["review"]["status"] == "unknown"
    Rollup.objects.filter(metric="gated_share").delete()
    cell("gated_share", "IN", 0, 0, 0)  # on whatever day of the month this runs
    assert ranking(client, "metric=gated_share")["KE"]["gated_share"]["status"] == "unknown"


def test_a_state_is_the_last_months_and_never_a_sum(client: Client, small: None) -> None:
    assert ranking(client, "metric=adoption")["KE"]["adoption"]["value"] == 100
    told = client.get("/nations/?metric=adoption&period=year")
    assert told.status_code == 400
    assert "never added up over months" in words(told)


def test_a_year_that_was_linked_to_stays_good(client: Client, small: None) -> None:
    kept = f"metric=review&period=to-{later(LAST, -12):%Y-%m}"
    assert ranking(client, kept)["BR"]["review"]["value"] == 500
    assert ranking(client, "metric=review&period=year") == ranking(client, "metric=review")


def test_per_head_divides_both_bounds(client: Client, small: None) -> None:
    people = Nation.objects.get(pk="KE").population
    assert people
    row = ranking(client, "metric=review&per=people")["KE"]
    assert row["per_people"]["lower"] == pytest.approx(50e6 / people, abs=1e-6)
    assert row["per_people"]["upper"] == pytest.approx(60e6 / people, abs=1e-6)


def test_per_gdp_is_there_once_a_table_is_and_says_so_before(
    client: Client, small: None, tmp_path: Path
) -> None:
    before = words(client.get("/nations/?metric=review"))
    assert "per billion of GDP (no table is loaded)" in before
    assert client.get("/nations/?metric=review&per=gdp").status_code == 400
    fields = [
        {"name": "Code", "type": "string", "role": "nation"},
        {"name": "Year", "type": "year", "role": "year"},
        {"name": "GDP", "type": "number", "role": "value"},
    ]
    described = {
        "name": "gdp",
        "title": "GDP",
        "description": "Gross domestic product.",
        "unit": "US$",
        "sources": [{"title": "Invented", "path": "https://example.org/"}],
        "licenses": [{"name": "CC0-1.0"}],
        "schema": {"fields": fields},
    }
    (tmp_path / "gdp.json").write_text(json.dumps(described))
    (tmp_path / "gdp.csv").write_text("Code,Year,GDP\nKE,2022,1000000000\nKE,2023,100000000000\n")
    import_table(actor=None, schema=tmp_path / "gdp.json", data=tmp_path / "gdp.csv")
    rows = ranking(client, "metric=review&per=gdp")
    assert (rows["KE"]["per_gdp"]["lower"], rows["KE"]["per_gdp"]["upper"]) == (0.5, 0.6)
    assert rows["BR"]["per_gdp"]["status"] == "unknown"


def test_a_share_is_not_told_per_head(client: Client, small: None) -> None:
    told = client.get("/nations/?metric=gated_share&per=people&format=json")
    assert told.status_code == 400
    assert "as it is" in told.json()["error"]["message"]


def test_an_indicator_page_tells_how_it_is_made_and_gamed(client: Client, small: None) -> None:
    page = words(client.get("/indicators/review/?n=KE&n=EE"))
    assert "How it can be gamed" in page
    trend = as_json(client, "/indicators/review/?n=KE&n=EE")["figures"][0]
    assert trend["rows"][-1]["KE"] == {"value": 30, "lower": 30, "upper": 40, "status": "known"}
    assert trend["rows"][-2]["EE"]["status"] == "suppressed"
    assert len(trend["rows"]) == 24
    assert client.get("/indicators/nothing/").status_code == 404


def test_compare_takes_any_metric_and_a_denominator(client: Client, small: None) -> None:
    figure = as_json(client, "/compare/?n=KE&n=BR&metric=review&per=people")["figures"][0]
    people = Nation.objects.get(pk="KE").population or 0
    assert figure["rows"][-1]["KE"]["lower"] == pytest.approx(30e6 / people, abs=1e-6)
    assert figure["rows"][-1]["BR"]["value"] == 0


def test_a_nation_page_tells_where_it_is_weakest_and_what_is_missing(client: Client, small: None) -> None:
    page = words(client.get("/nations/IN/"))
    assert "Per head, India" in page
    assert "Without a dataset" in page
    standings = next(f for f in as_json(client, "/nations/IN/")["figures"] if f["figure"] == "standings")
    assert len(standings["rows"]) == 12


def test_one_of_a_thing_is_told_as_one(client: Client, small: None) -> None:
    for nation, models in (("KE", 1), ("BR", 2)):
        Rollup.objects.filter(metric__in=["model", "dataset", "merged_change"], nation=nation).delete()
        cell("model", nation, 0, models, models)
    cell("dataset", "KE", 0, None, 1)
    told = words(client.get("/nations/KE/"))
    assert "Kenya added 1 model and up to 1 dataset to the open AI commons" in told
    assert "Brazil added 2 models to the open AI commons" in words(client.get("/nations/BR/"))


def test_weights_keep_the_choice_and_write_the_formula_out(client: Client, small: None) -> None:
    path = "/weights/?m1=review&w1=3&m2=adoption&w2=1&per=total"
    page = words(client.get(path))
    assert "score = 100 × (3 × Reviews ÷ 60 + 1 × Adoption ÷ 100) ÷ 4" in page
    assert "What this cannot tell" in page
    rows = {row["code"]: row for row in as_json(client, path)["figures"][0]["rows"]}
    # KE: 3 × 50/60 + 1 × 100/100, of 4, to 3 × 60/60 + 1. EE: 3 × 60/60 capped at the highest, no adoption.
    assert (rows["KE"]["score"]["lower"], rows["KE"]["score"]["upper"]) == (87.5, 100)
    assert (rows["BR"]["score"]["lower"], rows["BR"]["score"]["upper"]) == (68.75, 72.5)
    assert rows["KE"]["rank"] == "1"
    assert "EE" not in rows, "it lacks more than half of the weight"


def test_the_last_month_is_one_that_is_over(client: Client, small: None) -> None:
    today = datetime.datetime.now(datetime.UTC).date()
    title = as_json(client, "/nations/?metric=adoption")["figures"][0]["figure"]
    assert title.endswith(f"{LAST:%Y-%m}")
    assert today.replace(day=1) > LAST

"""Any number opens to its rows: they add up to it, people are hidden where suppressed, and it stays cheap."""

import itertools
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contributions.actions.releases import adopt, begin_releases
from contributions.actions.rollups import recompute_stale
from contributions.models import METRICS, Rollup
from dashboards.stamp import forget
from tests.contributions.test_recompute import RULE_2, quiet
from tests.contributions.test_rollups import APRIL, a_world, act, cell, crowd
from tests.dashboards.pages import tables, words

pytestmark = pytest.mark.django_db
INDIA = "/numbers/merged_change/IN/2025-04/"
QUERIES = 6


def opened(client: Client, path: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The figure, and all rows of all pages."""
    rows: list[dict[str, Any]] = []
    following: str | None = f"{path}?format=json"
    figure: dict[str, Any] = {}
    while following:
        said = client.get(following).json()
        by_slug = {one["figure"]: one for one in said["figures"]}
        figure = by_slug["figure"]["rows"][0]
        rows += by_slug["rows"]["rows"]
        following = said["next"]
    return figure, rows


def test_the_rows_of_a_number_add_up_to_it(client: Client, db: None) -> None:
    a_world()
    recompute_stale()
    for metric, place in itertools.product(
        ["merged_change", "active_contributors", "review"], ["IN", "DE", "unknown"]
    ):
        figure, rows = opened(client, f"/numbers/{metric}/{place}/2025-04/")
        stored = cell(None if place == "unknown" else place, metric)
        assert figure["value"]["upper"] == pytest.approx(float(stored.upper or 0))
        assert sum(row["share"]["upper"] for row in rows) == pytest.approx(float(stored.upper or 0), abs=0.01)
        assert len({(row["row"], row["subject"]) for row in rows}) == len(rows)


def test_a_row_tells_what_where_from_when_and_by_which_rule(client: Client, db: None) -> None:
    a_world()
    recompute_stale()
    _figure, rows = opened(client, INDIA)
    row = rows[0]
    assert row["what"] == "Merged change: kaveri/tools"
    assert row["evidence_url"].startswith("https://e.example/")
    assert (row["day"], row["grade"], row["rule"]) == ("2025-04-10", "A", "1")
    assert re.fullmatch("person [0-9a-f]{8}", row["who"])
    reviews = opened(client, "/numbers/review/IN/2025-04/")[1]
    assert not {one["who"] for one in rows} & {one["who"] for one in reviews}, "a code is of one cell alone"
    page = client.get(INDIA)
    assert "Merged changes: India, April 2025" in words(page)
    assert "asha-" not in page.content.decode(), "people are not named beside their nation"


def test_what_is_the_same_in_every_row_is_told_once(client: Client, db: None) -> None:
    a_world()
    recompute_stale()
    page = client.get(INDIA)
    told = words(page).partition("The same in every row shown here: ")[2]
    assert "; Rule: 1." in told[:80]
    html = page.content.decode()
    assert 'data-label="When"' in html
    assert 'data-label="Rule"' not in html
    _figure, rows = opened(client, INDIA)
    assert {row["rule"] for row in rows} == {"1"}, "data keep it"


def test_pages_of_rows_go_on_where_the_last_ended(client: Client, db: None) -> None:
    a_world()
    recompute_stale()
    seen: list[str] = []
    path: str | None = INDIA
    while path:
        page = client.get(path)
        seen += [row[0] + row[1] for row in tables(page)["rows"]]
        found = page.content.decode().partition('rel="next" href="')[2].partition('"')[0]
        path = found.replace("&amp;", "&") or None
    assert len(seen) == 60
    assert client.get(f"{INDIA}?after=contribution.999999999.1").status_code == 404, "no row of that number"
    assert f"{len(seen)} rows" in words(client.get(INDIA))


def test_rows_of_people_are_neither_listed_nor_counted_where_suppressed(client: Client, db: None) -> None:
    for number, account in enumerate([*crowd("IN", 4), *crowd("IN", 1, begin=50, kind="organisation")]):
        act(account, number)
    recompute_stale()
    figure, rows = opened(client, INDIA)
    assert figure["value"] == {"value": None, "lower": None, "upper": None, "status": "suppressed"}
    assert [row["who"] for row in rows] == ["asha-50"]
    page = words(client.get(INDIA))
    assert "1 row of an organisation's account" in page
    assert "fewer than ten people" in page


def test_rows_are_not_listed_where_a_suppressed_figure_could_be_put_together_from_them(
    client: Client, db: None
) -> None:
    people = crowd("IN", 12)
    for number, account in enumerate(people):
        act(account, number)
    for number, account in enumerate(people[:3]):
        act(account, 100 + number, kind="review")
    recompute_stale()
    assert cell("IN", "review").suppressed
    assert not cell("IN", "active_contributors").suppressed
    figure, rows = opened(client, "/numbers/active_contributors/IN/2025-04/")
    assert (figure["value"]["upper"], rows) == (12, [])
    assert "put together from them: Reviews" in words(client.get("/numbers/active_contributors/IN/2025-04/"))
    assert len(opened(client, INDIA)[1]) == 12


def test_grades_are_withheld_where_the_lower_bound_is(client: Client, db: None) -> None:
    for number, account in enumerate([*crowd("IN", 20), *crowd("IN", 3, begin=100, grade="D")]):
        act(account, number)
    recompute_stale()
    figure, rows = opened(client, INDIA)
    assert figure["value"] == {"value": None, "lower": None, "upper": 23, "status": "at_most"}
    assert {(row["grade"], row["share"]["lower"]) for row in rows} == {("withheld", None)}
    assert "up to 23" in words(client.get(INDIA))


def test_an_earlier_release_stays_readable(client: Client, db: None) -> None:
    for number, account in enumerate(crowd("IN", 12)):
        act(account, number)
    recompute_stale()
    begin_releases()
    adopt(actor=None, metric=RULE_2, note="Twice.", told=quiet)
    assert opened(client, INDIA)[0]["value"]["upper"] == 24
    earlier = client.get(f"{INDIA}?release=1&format=json").json()["figures"]
    assert next(one for one in earlier if one["figure"] == "figure")["rows"][0]["value"]["upper"] == 12
    assert "earlier release" in words(client.get(f"{INDIA}?release=1"))
    assert "rule 1, until" in words(client.get(INDIA))
    assert client.get(f"{INDIA}?release=7").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "nothing/IN/2025-04/", "merged_change/ZZ/2025-04/", "merged_change/IN/2025-13/",
        "merged_change/IN/2999-01/", "merged_change/IN/1999-01/", "merged_change/IN/april/",
        "merged_change/IN/2025-04/?release=x", "merged_change/IN/2025-04/?after=x",
        "merged_change/IN/2025-04/?after=a.99999999999999999999.x", "merged_change/IN/2025-04/?after=a.1.%00",
    ],
)  # fmt: skip
def test_a_number_that_is_none_is_not_found(client: Client, db: None, path: str) -> None:
    crowd("IN", 1)
    assert client.get(f"/numbers/{path}").status_code == 404


def test_a_month_in_which_nothing_happened_says_so(client: Client, db: None) -> None:
    crowd("IN", 1)
    response = client.get(INDIA)
    assert response.status_code == 200
    assert "Nothing of this kind falls to this place in this month" in words(response)
    assert client.get("/numbers/merged_change/in/2025-04/?format=csv")["Location"] == f"{INDIA}?format=csv"


def test_the_cost_of_opening_a_number_does_not_grow_with_its_rows(client: Client, db: None) -> None:
    a_world()
    recompute_stale()
    costs = []
    for begin in (0, 3000):
        for number, account in enumerate(crowd("IN", 40 if begin else 0, begin=begin)):
            act(account, begin + number)
        recompute_stale()
        forget()
        with CaptureQueriesContext(connection) as captured:
            assert client.get(INDIA).status_code == 200
        costs.append(len(captured))
    assert costs[0] == costs[1] <= QUERIES


def test_every_figure_of_a_nation_leads_to_its_rows(client: Client, db: None) -> None:
    a_world()
    recompute_stale()
    page = client.get("/nations/IN/").content.decode()
    shown = Rollup.objects.fresh().filter(nation="IN", month=APRIL)
    assert shown.count() > 3
    for row in shown:
        assert f'href="/numbers/{row.metric}/IN/2025-04/"' in page, row.metric
    for row in shown:
        assert client.get(f"/numbers/{row.metric}/IN/2025-04/").status_code == 200


def test_every_metric_opens(client: Client, db: None) -> None:
    a_world()
    recompute_stale()
    for metric in METRICS:
        figure, rows = opened(client, f"/numbers/{metric}/IN/2025-04/")
        assert figure["metric"] == metric
        assert isinstance(rows, list)

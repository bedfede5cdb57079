"""The page of give and take: adds up, tells of nobody, opens to what organisations published."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from contributions.actions.exchange import recompute_due
from contributions.actions.rollups import recompute_stale
from dashboards.stamp import forget
from mission.actions.nations import load_reference
from tests.contributions.measured import publish, who
from tests.dashboards.pages import as_csv, as_json, tables, words

pytestmark = pytest.mark.django_db
PAGE = "/give-and-take/?months=60"


@pytest.fixture
def lineage() -> None:
    """Kenya took three steps from India, one of them by ten people's models; Germany half of one."""
    load_reference()
    lab, mara = (who(name, tie, kind="organisation") for name, tie in (("lab", "IN:B"), ("mara", "KE:B")))
    publish(lab, "in/base", made="2025-01")
    publish(lab, "in/data", kind="dataset", made="2025-01")
    ground = [("finetune", "model", "in/base")]
    publish(mara, "ke/one", on=[*ground, ("dataset", "dataset", "in/data")])
    publish(who("both", "DE+IN:B", kind="organisation"), "de/one", on=ground)
    publish(who("person", "FR:A"), "fr/one", on=[("adapter", "model", "in/base")], made="2025-03")
    publish(mara, "ke/orphan", on=[("merge", "model", "ghost/it")])
    for number in range(10):
        publish(who(f"k{number}", "KE:A"), f"ke/{number}", made="2025-02", on=ground)
    recompute_stale()
    recompute_due()


def test_the_matrix_holds_what_may_be_shown(client: Client, lineage: None) -> None:
    rows = {row["code"]: row for row in as_csv(client, PAGE, "matrix")}
    assert (rows["IN"]["KE_lower"], rows["IN"]["KE_upper"], rows["IN"]["KE_status"]) == ("12", "12", "known")
    assert (rows["IN"]["DE_lower"], rows["IN"]["DE_upper"]) == ("0.5", "0.5")
    assert (rows["unknown"]["KE_lower"], rows["unknown"]["KE_upper"]) == ("0", "1")
    assert rows["KE"]["IN_lower"] == "", "there was none, or nobody may say"
    assert "FR" not in rows, "one person in France is told by nothing"
    assert "Kenya built on India, 12 times" in words(client.get(PAGE))


def test_a_nation_sees_both_sides_and_they_balance(client: Client, lineage: None) -> None:
    figures = {figure["figure"]: figure for figure in as_json(client, f"{PAGE}&nation=IN")["figures"]}
    given = {row["code"]: row["steps"]["upper"] for row in figures["given"]["rows"]}
    assert given == {"KE": 12, "DE": 0.5}
    assert figures["taken"]["rows"] == []
    india = next(row for row in figures["balance"]["rows"] if row["code"] == "IN")
    told = [india[key] and india[key]["upper"] for key in ("given", "taken", "home", "balance")]
    assert told == [12.5, None, 0.5, 12.5]
    balances = [Decimal(str(row["balance"]["value"])) for row in figures["balance"]["rows"]]
    assert sum(balances) == 0, "what one gives another takes"


def test_kinds_and_times_choose(client: Client, lineage: None) -> None:
    def to_kenya(query: str) -> str:
        found = {row["code"]: row for row in as_csv(client, f"/give-and-take/?{query}", "matrix")}
        return found["IN"]["KE_upper"]

    assert to_kenya("months=60&kind=dataset") == "1"
    assert to_kenya("months=60&kind=model") == "11"
    assert to_kenya("") == "12"
    assert "No steps of lineage are known" in words(client.get("/give-and-take/?kind=benchmark"))


def test_a_pair_opens_to_organisations_steps_only(client: Client, lineage: None) -> None:
    links = as_csv(client, f"{PAGE}&nation=IN&to=KE", "links")
    assert {(row["made"], row["on"]) for row in links} == {("ke/one", "in/base"), ("ke/one", "in/data")}
    page = client.get(f"{PAGE}&nation=KE&from=IN")
    assert len(tables(page)["links"]) == 2
    assert "ke/7" not in page.content.decode(), "people are not listed by nation"
    assert "ghost/it" in words(client.get(f"{PAGE}&nation=KE&from=unknown"))
    nothing = words(client.get(f"{PAGE}&nation=FR&from=IN"))
    assert "No step between the two can be listed" in nothing, nothing


@pytest.mark.parametrize("query", ["nation=zz", "kind=x", "months=7", "nation=IN&to=zz", "nation=IN&from=x"])
def test_a_wrong_choice_is_told_in_a_sentence(client: Client, lineage: None, query: str) -> None:
    response = client.get(f"/give-and-take/?{query}")
    assert response.status_code == 400
    assert "There is a problem" in words(response)
    assert client.get(f"/give-and-take/?{query}&format=json").status_code == 400


def test_a_page_of_steps_does_not_cost_more_with_more_of_them(client: Client, lineage: None) -> None:
    def cost() -> int:
        forget()
        with CaptureQueriesContext(connection) as captured:
            response = client.get(f"{PAGE}&nation=IN&to=KE", headers={"cookie": "messages=x"})
        assert response.status_code == 200
        return len(captured)

    before = cost()
    mara = who("mara", kind="organisation")
    for number in range(60):
        publish(mara, f"ke/more-{number}", on=[("finetune", "model", "in/base")])
    recompute_stale()
    recompute_due()
    assert cost() == before
    answer = client.get(f"{PAGE}&nation=IN&to=KE&page=2")
    assert len(tables(answer)["links"]) == 12
    assert json.loads(client.get(f"{PAGE}&nation=IN&to=KE&format=json").content)["next"] is None


def test_a_drawn_page_is_drawn_anew_when_a_pair_changes(client: Client, lineage: None) -> None:
    etag = client.get("/give-and-take/")["ETag"]
    assert client.get("/give-and-take/", headers={"if-none-match": etag}).status_code == 304
    publish(who("mara", kind="organisation"), "ke/next", on=[("finetune", "model", "in/base")])
    recompute_stale()
    recompute_due()
    assert "13 times" in words(client.get("/give-and-take/", headers={"if-none-match": etag}))

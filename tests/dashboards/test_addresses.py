"""One address answers a page, CSV and JSON; nothing a visitor types breaks it or is ignored in silence."""

import pytest
from django.db import connection
from django.test import Client

from grants.models import Award
from tests.dashboards.pages import every_page, words

ODD = ["", "-1", "9" * 30, "%00", "%ff", "<script>", "2025-Q9", "ὀ", "a" * 5000]
FIELDS = {
    "/": ["format", "figure"],
    "/nations/": ["metric", "period", "per", "sort", "format", "figure"],
    "/indicators/": ["format", "figure"],
    "/indicators/adoption/": ["n", "period", "per", "format", "figure"],
    "/weights/": ["m1", "w1", "m8", "w8", "per", "format", "figure"],
    "/nations/IN/": ["format", "figure"],
    "/compare/": ["n", "metric", "per", "format"],
    "/languages/": ["nation", "missing", "page", "format"],
    "/commons/": [
        "q",
        "kind",
        "language",
        "licence",
        "openness",
        "task",
        "runs_on",
        "nation",
        "page",
        "format",
    ],
    "/compute/": ["format", "figure"],
    "/status/": ["format", "figure"],
    "/awards/": ["q", "nation", "programme", "year", "status", "recipient", "page", "format"],
    "/calls/": ["phase", "kind", "who", "gives", "nation", "format"],
    "/data/": ["format"],
    "/methods/": ["format"],
    "/give-and-take/": ["nation", "kind", "months", "to", "from", "page", "format", "figure"],
}


def test_odd_words_in_an_address_never_break_a_page(client: Client, world: Award) -> None:
    for path, names in FIELDS.items():
        for name in names:
            for odd in ODD:
                for more in ("", "&format=json") if odd in ODD[:4] else ("",):
                    status = client.get(f"{path}?{name}={odd}{more}").status_code
                    assert status in {200, 400, 404}, (path, name, odd, more, status)


@pytest.mark.parametrize(
    "path",
    ["/nations/?metric=x", "/nations/?period=1999-01", "/nations/?metric=developers&period=1999-Q1",
     "/nations/?metric=adoption&period=year", "/nations/?per=gdp", "/nations/?metric=gated_share&per=people",
     "/indicators/model/?n=zz", "/indicators/active_contributors/?period=year", "/weights/?m1=x",
     "/weights/?w1=0", "/weights/?m1=model&m2=model", "/weights/?per=gdp",
     "/nations/?per=x", "/nations/?sort=x",
     "/languages/?nation=zz", "/languages/?missing=x", "/commons/?licence=x", "/commons/?openness=9",
     "/commons/?task=x", "/commons/?runs_on=toaster", "/commons/?nation=zz", "/commons/?q=x",
     "/awards/?programme=x", "/awards/?year=1066", "/awards/?status=x", "/awards/?recipient=x",
     "/calls/?phase=x", "/calls/?kind=x", "/calls/?who=x", "/calls/?gives=x", "/calls/?nation=zz",
     "/awards/?nation=zz", "/commons/?kind=x", "/commons/?language=x", "/compare/?n=zz", "/compare/?metric=x",
     "/compare/?n=IN&n=BR&n=US&n=CN&n=GB&n=DE&n=FR"],
)  # fmt: skip
def test_a_wrong_choice_is_told_in_a_sentence(client: Client, world: Award, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 400
    assert "There is a problem" in words(response)
    for wanted in ("json", "csv"):
        data = client.get(f"{path}&format={wanted}")
        assert data.status_code == 400
        assert data.json()["error"]["message"], "data for another question than the one asked"


def test_small_letters_lead_to_the_nation(client: Client, world: Award) -> None:
    response = client.get("/nations/in/?format=json")
    assert (response.status_code, response["Location"]) == (301, "/nations/IN/?format=json")
    assert client.get("/nations/in/")["Location"] == "/nations/IN/"


@pytest.mark.parametrize("path", ["/nations/ZZ/", "/nations/IND/", "/awards/NO-1/", "/commons/999999999/"])
def test_what_is_not_there_is_not_found_also_as_json(client: Client, world: Award, path: str) -> None:
    assert client.get(path).status_code == 404
    answer = client.get(f"{path}?format=json")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


def test_a_client_may_ask_by_accept_header(client: Client, world: Award) -> None:
    for path in every_page().values():
        assert client.get(path, headers={"accept": "application/json"})["Content-Type"] == "application/json"
        assert client.get(path, headers={"accept": "text/csv"})["Content-Type"].startswith("text/csv")
        assert client.get(path, headers={"accept": "text/html,*/*;q=0.8"})["Content-Type"].startswith(
            "text/html"
        )
        assert client.get(path, headers={"accept": "*/*"})["Content-Type"].startswith("text/html")


def test_downloads_say_where_they_are_from(client: Client, world: Award) -> None:
    response = client.get("/nations/?metric=developers&format=csv")
    assert response["Content-Disposition"].startswith('attachment; filename="nations-developers-2025-q3-')
    source = client.get("/nations/?metric=developers&format=json").json()["figures"][0]["source"]
    assert source["licence"] == "CC0-1.0"
    assert source["retrieved_at"]


def test_a_formula_in_a_name_is_not_run_by_a_spreadsheet(client: Client, world: Award) -> None:
    from tests.dashboards.conftest import make_award

    make_award(name="=cmd|' /C calc'!A0", owner="eve")
    assert "'=cmd" in client.get("/awards/?format=csv").content.decode()


def test_the_register_is_searched_by_word_and_by_nation(client: Client, world: Award) -> None:
    assert world.title in words(client.get("/awards/?q=marathi+kaveri&nation=in"))
    assert "No award matches" in words(client.get("/awards/?q=nothing+like+it"))
    assert "No award matches" in words(client.get("/awards/?nation=BR"))


def test_hours_granted_and_used_stand_in_the_register(client: Client, world: Award) -> None:
    row = client.get("/awards/?format=json").json()["figures"][0]["rows"][0]
    assert (row["reference"], row["nation_code"], row["organisation"]) == (
        world.reference,
        "IN",
        "Kaveri Labs",
    )
    assert (row["gpu_hours_granted"]["value"], row["gpu_hours_used"]["value"]) == (500, 0)
    page = words(client.get(world.get_absolute_url()))
    assert "500" in page
    assert "A Marathi speech model" in page


def test_empty_pages_say_what_to_do(client: Client, db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE mission_nation, mission_language, contributions_baselinerelease CASCADE")
    for path in (
        "/",
        "/nations/",
        "/compare/",
        "/languages/",
        "/commons/",
        "/awards/",
        "/data/",
        "/methods/",
        "/give-and-take/",
        "/indicators/",
        "/indicators/model/",
        "/weights/",
    ):
        assert client.get(path).status_code == 200, path
    assert client.get("/nations/IN/").status_code == 404
    assert "import_innovation_graph" in words(client.get("/nations/"))
    assert "load_reference" in words(client.get("/languages/"))
    assert client.get("/nations/?format=json").json()["figures"][0]["rows"] == []

"""Search finds what is public, in any script, and neither people nor drafts; it walks its indexes."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Value
from django.test import Client

from contributions.actions.accounts import register_account
from contributions.models import Account, Artifact
from dashboards.figures.search import matching
from dashboards.stamp import forget
from grants.models import Award, Call, CallStatus
from mission.models import Language, Organisation
from mission.search import folded
from tests.dashboards.pages import words
from tests.world import person


def found(client: Client, said: str, kind: str = "") -> dict[str, list[str]]:
    """Names by kind."""
    answer = client.get("/search/", {"q": said, "kind": kind, "format": "json"})
    assert answer.status_code == 200, answer.content
    figures = answer.json()["figures"]
    return {each["figure"]: [row["name"] for row in each["rows"]] for each in figures if each["rows"]}


def test_each_kind_is_found_by_the_beginnings_of_words(client: Client, world: Award) -> None:
    assert "India" in found(client, "indi")["nations"]
    assert found(client, "IN")["nations"][0] == "India"
    everywhere = found(client, "kaveri")
    assert everywhere["organisations"] == ["Kaveri Labs", "kaveri"]
    assert "kaveri/hindi-0" in everywhere["artifacts"]
    assert everywhere["awards"] == [world.title]
    assert found(client, world.reference.lower())["awards"] == [world.title]
    assert found(client, "compute kave")["calls"] == ["Compute for Kaveri Labs"]
    assert "GPU-hours used" in found(client, "gpu hours us")["metrics"]
    assert "Hindi" in found(client, "hindi")["languages"]
    assert found(client, "hindi-0")["artifacts"] == ["kaveri/hindi-0"], "the whole name, after its owner"


@pytest.mark.parametrize(
    ("said", "name"),
    [("हिन्दी", "Hindi"), ("हिन्", "Hindi"), ("العربية", "Arabic"), ("العَرَب", "Arabic"), ("தமிழ்", "Tamil")],
)
def test_a_language_is_found_by_its_own_name(client: Client, world: Award, said: str, name: str) -> None:
    assert name in found(client, said)["languages"]


def test_accents_and_capitals_do_not_matter(client: Client, world: Award) -> None:
    assert found(client, "COTE d'iv")["nations"] == ["Côte d'Ivoire"]
    assert folded("Ünïcode, क़") == ["unicode", "क"]
    Artifact.objects.filter(name="kaveri/hindi-0").update(summary="कृत्रिम बुद्धि के लिए मॉडल")
    assert found(client, "बुद्धि")["artifacts"] == ["kaveri/hindi-0"]


def test_people_drafts_and_what_is_gone_are_never_found(client: Client, world: Award) -> None:
    person("sukumari")
    register_account(actor=None, platform="github", platform_id="p9", login="sukumari", kind="person")
    Organisation.objects.create(name="Sukumari Devi", type="individual", nation_id="IN")
    Organisation.objects.create(name="Sukumari Applied Only", type="startup", nation_id="IN")
    Call.objects.filter(pk=world.application.call_id).update(status=CallStatus.DRAFT)
    assert found(client, "sukumari") == {}
    assert "calls" not in found(client, "compute for kaveri")
    Artifact.objects.filter(name="kaveri/hindi-0").update(gone_at=world.awarded_at)
    assert "kaveri/hindi-0" not in found(client, "hindi-0").get("artifacts", [])
    Organisation.objects.filter(pk=world.organisation_id).update(type="individual")
    alone = found(client, "kaveri")
    assert "awards" not in alone, "an award is not found by the name of a person"
    assert alone["organisations"] == ["kaveri"]
    Account.objects.filter(login="kaveri").update(kind="person")
    forget()  # changed behind the program's back, which leaves an entry for every change
    assert "organisations" not in found(client, "kaveri")


def test_nothing_found_says_why_and_what_to_do(client: Client, world: Award) -> None:
    page = words(client.get("/search/?q=Indai"))
    assert "Nothing was found for “Indai”" in page
    assert "Did you mean: India" in page
    assert "try fewer words" in page
    assert "Nothing was found" not in words(client.get("/search/"))


@pytest.mark.parametrize("said", ["x", "!!", "%00", "'", "\\", ":*", "&|", "a'b\\:*", "(", "<b>"])
def test_odd_words_are_answered(client: Client, world: Award, said: str) -> None:
    assert client.get("/search/", {"q": said}).status_code in {200, 400}
    assert client.get(f"/search/?q={said}&format=json").status_code in {200, 400}
    assert client.get("/search/hints/", {"q": said}).status_code == 200


def test_every_page_has_the_form_and_only_rooms_answer_while_one_types(client: Client, world: Award) -> None:
    public = client.get("/nations/").content.decode()
    assert 'action="/search/"' in public
    assert "hx-get" not in public
    client.force_login(person("asha2"))
    room = client.get("/account/").content.decode()
    assert 'hx-get="/search/hints/"' in room
    hints = client.get("/search/hints/?q=kave").content.decode()
    assert "kaveri/hindi-0" in hints
    assert "<html" not in hints


def test_a_kind_alone_shows_more_of_it(client: Client, world: Award) -> None:
    assert set(found(client, "kaveri", "artifacts")) == {"artifacts"}
    assert client.get("/search/?q=kaveri&kind=songs").status_code == 400


def test_the_indexes_of_words_are_walked(world: Award) -> None:
    asked: dict[str, Any] = {
        "artifact_words": matching(Artifact.objects.all(), ["hindi"], "name", "summary"),
        "organisation_account_words": matching(
            Account.objects.filter(kind="organisation"), ["kaveri"], "login", "name"
        ),
        "organisation_words": matching(Organisation.objects.all(), ["kaveri"], "name", Value("")),
        "award_words": matching(Award.objects.all(), ["speech"], "title", "summary"),
        "language_words": matching(Language.objects.all(), ["hindi"], "name", "autonym"),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")
        cursor.execute("DROP INDEX account_organisations")  # it would do for so few; rolled back
        for index, rows in asked.items():
            sql, parameters = rows.query.sql_with_params()
            cursor.execute(f"EXPLAIN {sql}", parameters)
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert index in plan, f"{index} is not used:\n{plan}"
        transaction.set_rollback(True)

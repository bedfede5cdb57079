"""/api/artifacts/ and /api/metrics/: public, paged, few queries, errors in the house's shape."""

import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from contributions.actions.artifacts import register_artifacts
from contributions.found import ArtifactKey, FoundAccount, FoundArtifact, FoundLink
from contributions.models import METRICS
from mission.models import Language

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def commons() -> None:
    Language.objects.create(code="hin", alpha2="hi", name="Hindi")
    owner = FoundAccount("huggingface", "1", "kaveri", "organisation")
    register_artifacts(
        found=[
            FoundArtifact(
                key=ArtifactKey("huggingface", "model" if number else "dataset", str(number)),
                name=f"kaveri/speech-{number}",
                url=f"https://huggingface.co/kaveri/speech-{number}",
                created_at=datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)
                + datetime.timedelta(days=number),
                owner=owner,
                licence="Apache-2.0",
                languages=("hin",) if number % 2 else (),
                links=(FoundLink("finetune", "model", "base/base"),) if number else (),
            )
            for number in range(60)
        ]
    )


def test_artifacts_come_newest_first_page_by_page(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(5):  # one of them asks whether anything changed
        said = client.get("/api/artifacts/?limit=50").json()
    assert (said["count"], len(said["results"])) == (60, 50)
    first = said["results"][0]
    assert (first["name"], first["owner"], first["languages"]) == ("kaveri/speech-59", "kaveri", ["hin"])
    built_on = {"relation": "finetune", "kind": "model", "name": "base/base", "id": None}
    assert first["built_on"] == [built_on]
    assert len(client.get(said["next"]).json()["results"]) == 10


def test_artifacts_are_filtered_by_kind_language_and_owner(client: Client) -> None:
    counts = {
        query: client.get(f"/api/artifacts/?{query}").json()["count"]
        for query in ("kind=dataset", "language=hin", "owner=KAVERI", "owner=nobody")
    }
    assert counts == {"kind=dataset": 1, "language=hin": 30, "owner=KAVERI": 60, "owner=nobody": 0}
    wrong = client.get("/api/artifacts/?kind=song")
    assert (wrong.status_code, wrong.json()["error"]["field"]) == (422, "kind")


def test_every_metric_is_told_with_definition_unit_and_rule(client: Client) -> None:
    said = client.get("/api/metrics/").json()
    assert [each["slug"] for each in said][: len(METRICS)] == list(METRICS)
    assert all(each["definition"] and each["unit"] and each["known_gaming"] for each in said)
    assert {each["suppressed_below"] for each in said} == {10}

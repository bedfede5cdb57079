"""The catalogue: filters combine, each by its index; totals are honest; nobody is listed by nation."""

import datetime
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from contributions.actions.accounts import register_account
from contributions.actions.artifacts import register_artifact
from contributions.actions.attribution import affiliate
from contributions.found import ArtifactKey, FoundAccount, FoundArtifact
from contributions.models import Artifact, Grade, Method
from dashboards import pages
from dashboards.figures.catalogue import catalogue, licences_there, tasks_there
from mission.models import Language, Nation
from tests.contributions.test_indexes import as_sql
from tests.dashboards.pages import as_json, words

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)


@pytest.fixture
def house() -> Nation:
    Language.objects.create(code="hin", alpha2="hi", name="Hindi")
    return Nation.objects.create(code="IN", alpha3="IND", numeric="356", name="India")


def publish(
    name: str, *, by: str = "kaveri", who: str = "organisation", kind: str = "model", **more: Any
) -> Artifact:
    owner = FoundAccount("huggingface", by, by, who)
    key = ArtifactKey("huggingface", kind, name)
    return register_artifact(
        actor=None,
        found=FoundArtifact(
            key, f"{by}/{name}", f"https://huggingface.co/{by}/{name}", AT, owner=owner, **more
        ),
    )


def tie(login: str, nation: Nation, kind: str = "organisation") -> None:
    account = register_account(actor=None, platform="huggingface", platform_id=login, login=login, kind=kind)
    affiliate(
        actor=None, account=account, nation=nation, valid_from=datetime.date(2024, 1, 1),
        method=Method.REGISTRY, grade=Grade.B,
    )  # fmt: skip


def names(client: Client, asked: str) -> set[str]:
    return {row["name"] for row in as_json(client, f"/commons/?{asked}")["figures"][0]["rows"]}


def test_filters_combine(client: Client, house: Nation) -> None:
    publish("voice", licence="MIT", languages=("hin",), task="text-to-speech", parameters=1_000_000_000)
    publish("giant", licence="MIT", languages=("hin",), task="text-generation", parameters=400_000_000_000)
    publish("words", kind="dataset", licence="CC-BY-4.0", languages=("hin",))
    publish("closed", licence="LicenseRef-own")
    everything = {"kaveri/voice", "kaveri/giant", "kaveri/words", "kaveri/closed"}
    assert names(client, "") == everything
    assert names(client, "licence=MIT") == {"kaveri/voice", "kaveri/giant"}
    assert names(client, "licence=open") == everything - {"kaveri/closed"}
    assert names(client, "language=hin&kind=model&runs_on=laptop") == {"kaveri/voice"}
    assert names(client, "language=hin&kind=dataset") == {"kaveri/words"}
    assert names(client, "task=text-generation&runs_on=server&licence=MIT&q=gia") == {"kaveri/giant"}
    assert names(client, "task=text-to-speech&q=giant") == set()
    page = client.get("/commons/?task=text-to-speech&q=giant")
    assert "Nothing here matches" in words(page)


def test_what_runs_on_a_phone_runs_on_a_laptop(client: Client, house: Nation) -> None:
    publish("tiny", parameters=100_000_000)
    assert names(client, "runs_on=phone") == names(client, "runs_on=laptop") == {"kaveri/tiny"}
    assert names(client, "runs_on=server") == set()


def test_a_benchmark_is_no_dataset(client: Client, house: Nation) -> None:
    Artifact.objects.filter(pk=publish("exam", kind="dataset").pk).update(is_benchmark=True)
    assert names(client, "kind=benchmark") == {"kaveri/exam"}
    assert names(client, "kind=dataset") == set()


def test_nobody_is_listed_by_nation_but_organisations(client: Client, house: Nation) -> None:
    publish("voice")
    publish("mine", by="asha", who="person")
    tie("kaveri", house)
    tie("asha", house, "person")
    assert names(client, "nation=IN") == {"kaveri/voice"}
    assert names(client, "nation=in") == {"kaveri/voice"}


def test_a_long_list_is_counted_no_further_than_it_says(
    client: Client, house: Nation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "COUNTED", 3)
    monkeypatch.setattr(pages, "TO_READ", 2)
    for number in range(3):
        publish(f"m{number}")
    assert "3 artefacts" in words(client.get("/commons/"))
    publish("m3")
    page = client.get("/commons/")
    assert "More than 3 artefacts" in words(page)
    assert len(names(client, "")) == 4, "as data everything can be taken"
    assert client.get("/commons/?page=3").status_code == 404


def test_what_is_there_to_choose_is_what_rows_hold(house: Nation) -> None:
    publish("a", licence="MIT", task="translation")
    publish("b", licence="MIT")
    gone = publish("c", licence="Apache-2.0", task="summarization")
    Artifact.objects.filter(pk=gone.pk).update(gone_at=timezone.now())
    assert (licences_there(), tasks_there()) == (["MIT"], ["translation"])


INDEXES: dict[str, dict[str, str]] = {
    "artifact_catalogue": {},
    "artifact_licence": {"licence": "L-7"},
    "artifact_task": {"task": "task-7"},
    "artifact_runs_on": {"runs_on": "phone"},
    "artifact_openness": {"openness": "3"},
    "artifact_words": {"q": "name7"},
}


def test_each_filter_walks_its_index(house: Nation) -> None:
    """On some thousand rows, of which each value has a hundredth."""
    rare: tuple[dict[str, Any], ...] = (
        {"runs_on": "phone"},
        {"openness_class": 3},
        *({} for _other in range(98)),
    )
    Artifact.objects.bulk_create(
        Artifact(
            kind="model",
            platform="huggingface",
            platform_id=str(n),
            name=f"owner/name{n}",
            url="https://huggingface.co/owner",
            licence=f"L-{n % 100}",
            task=f"task-{n % 100}",
            created_at=AT + datetime.timedelta(n),
            **rare[n % 100],
        )
        for n in range(4000)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ANALYZE contributions_artifact")
        cursor.execute("SET LOCAL enable_seqscan = off")
        for index, asked in INDEXES.items():
            cursor.execute(f"EXPLAIN {as_sql(catalogue(**asked)[:50])}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            assert index in plan, f"{index} is not used:\n{plan}"

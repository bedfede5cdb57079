"""What each language has and lacks, and the open call that would fund it."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from contributions.actions.holdings import count_holdings
from contributions.models import Artifact
from grants.actions.calls import create_call, ensure_programme, publish_call
from grants.models import Call, ProgrammeKind
from mission.models import Language, LanguageSpeakers, Nation, Role
from tests.dashboards.pages import as_json, words
from tests.grants.world import CRITERIA, QUESTIONS
from tests.public.test_catalogue import publish
from tests.world import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def india() -> Nation:
    nation = Nation.objects.create(code="IN", alpha3="IND", numeric="356", name="India")
    Nation.objects.create(code="KE", alpha3="KEN", numeric="404", name="Kenya")
    for code, name, speakers in (("hin", "Hindi", 500), ("tcy", "Tulu", 2), ("mar", "Marathi", 80)):
        language = Language.objects.create(code=code, name=name)
        LanguageSpeakers.objects.create(language=language, nation=nation, speakers=speakers * 1_000_000)
    return nation


def call(kind: ProgrammeKind, title: str, **more: Any) -> Call:
    officer = person(f"officer-{Call.objects.count()}", Role.OFFICER)
    now = timezone.now()
    made = create_call(
        actor=officer,
        programme=ensure_programme(actor=officer, kind=kind, name=kind.label),
        title=title,
        summary="A call.",
        opens_at=now - datetime.timedelta(days=1),
        closes_at=now + datetime.timedelta(days=30),
        questions=QUESTIONS,
        criteria=CRITERIA,
        time_zone="UTC",
        budget_gpu_ms=3_600_000_000,
        **more,
    )
    return publish_call(actor=officer, call=made)


def rows(client: Client, asked: str = "") -> dict[str, Any]:
    found = as_json(client, f"/languages/?{asked}")["figures"][0]["rows"]
    return {row["language"]: row for row in found}


def test_it_tells_what_is_there_and_counts_no_copy(client: Client, india: Nation) -> None:
    publish("hear", languages=("hin",), task="automatic-speech-recognition")
    copy = publish("hear-again", languages=("hin",))
    Artifact.objects.filter(pk=copy.pk).update(duplicate_of=Artifact.objects.get(name="kaveri/hear"))
    exam = publish("exam", kind="dataset", languages=("hin", "mar"))
    Artifact.objects.filter(pk=exam.pk).update(is_benchmark=True)
    gone = publish("gone", languages=("tcy",))
    Artifact.objects.filter(pk=gone.pk).update(gone_at=timezone.now())
    count_holdings()
    needs = ("model", "dataset", "evaluation", "speech", "space")
    told = {name: [row[need]["value"] for need in needs] for name, row in rows(client).items()}
    assert told == {"Hindi": [1, 0, 1, 1, 0], "Marathi": [0, 0, 1, 0, 0], "Tulu": [0, 0, 0, 0, 0]}


def test_only_what_lacks_something_can_be_asked_for(client: Client, india: Nation) -> None:
    publish("m", languages=("hin",))
    count_holdings()
    assert set(rows(client, "missing=model")) == {"Marathi", "Tulu"}
    assert set(rows(client, "missing=any&nation=IN")) == {"Hindi", "Marathi", "Tulu"}
    page = client.get("/languages/?missing=model")
    assert "2 of 3 languages have no model" in words(page), "the takeaway is about all of them"
    assert set(rows(client, "nation=KE")) == set()


def test_the_call_is_of_the_programme_that_gives_for_it(client: Client, india: Nation) -> None:
    assert rows(client)["Tulu"]["call"] == "none open now"
    data = call(ProgrammeKind.DATASET, "Datasets for languages that have none")
    assert {row["call"] for row in rows(client).values()} == {data.title}
    publish("corpus", kind="dataset", languages=("hin",))
    count_holdings()
    speech = rows(client)["Hindi"]
    assert speech["call"] == data.title, "what Hindi lacks next that a call gives for is speech"
    assert data.get_absolute_url() in client.get("/languages/").content.decode()


def test_a_call_that_names_languages_is_for_those(client: Client, india: Nation) -> None:
    call(ProgrammeKind.DATASET, "Recordings in Marathi")
    assert {name: row["call"] for name, row in rows(client).items()} == {
        "Hindi": "none open now",
        "Marathi": "Recordings in Marathi",
        "Tulu": "none open now",
    }


def test_a_call_for_other_nations_is_not_offered(client: Client, india: Nation) -> None:
    call(ProgrammeKind.DATASET, "Data", eligibility=[{"rule": "nation", "any_of": ["KE"]}])
    assert {row["call"] for row in rows(client, "nation=IN").values()} == {"none open now"}
    assert {row["call"] for row in rows(client).values()} == {"Data"}

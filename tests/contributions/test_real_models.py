"""The 67 real models: licence, languages, size and a lineage graph equal to what their tags say.

What is expected is worked out here from the tags alone, by the plainest reading.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from contributions.actions.sources import hurry
from contributions.models import Artifact, ArtifactLink, Contribution, Fetch, Reading, Source
from mission.models import Language
from tests.local_huggingface import LocalHub
from tests.local_huggingface.server import load

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[str], Source]
Edge = tuple[str, str, str]  # child, kind, parent
# All two-letter words among the tags of the 67, read by hand.
SPOKEN = {
    "en": "eng", "zh": "zho", "ru": "rus", "fr": "fra", "de": "deu", "es": "spa", "it": "ita", "pt": "por",
    "ja": "jpn", "ko": "kor", "sw": "swa", "vi": "vie",
}  # fmt: skip


def edges_told(models: list[dict[str, Any]]) -> set[Edge]:
    found: set[Edge] = set()
    for model in models:
        tags = [tag.split(":") for tag in model["tags"]]
        typed = {(tag[1], tag[2]) for tag in tags if len(tag) == 3 and tag[0] == "base_model"}
        bare = {tag[1] for tag in tags if len(tag) == 2 and tag[0] == "base_model"}
        found |= {(model["id"], kind, name) for kind, name in typed}
        found |= {(model["id"], "base", name) for name in bare - {name for _kind, name in typed}}
        found |= {(model["id"], "dataset", tag[1]) for tag in tags if len(tag) == 2 and tag[0] == "dataset"}
    return found


@pytest.fixture
def hub(data: Path, settings: LazySettings) -> Iterator[LocalHub]:
    Language.objects.bulk_create(
        [Language(code=code, alpha2=short, name=code) for short, code in sorted(SPOKEN.items())]
    )
    with LocalHub(load(data / "huggingface" / "models.jsonl"), page_cap=2, limit=5000) as server:
        settings.HF_ENDPOINT = server.url
        yield server


@pytest.fixture
def told(data: Path) -> list[dict[str, Any]]:
    lines = (data / "huggingface" / "models.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines if line]


def look_at_all(hub: LocalHub, look: Look, *, backwards: bool = False) -> None:
    for author in sorted({model["author"] for model in hub.models}, reverse=backwards):
        assert look(f"huggingface:{author}").trouble == ""


def edges_here() -> set[Edge]:
    return set(ArtifactLink.objects.values_list("child__name", "kind", "parent_name"))


@pytest.mark.parametrize("backwards", [False, True])
def test_the_lineage_of_the_67_is_that_of_their_tags(
    hub: LocalHub, look: Look, told: list[dict[str, Any]], backwards: bool
) -> None:
    look_at_all(hub, look, backwards=backwards)
    expected = edges_told(told)
    assert edges_here() == expected
    assert len(expected) > 100
    names = {model["id"] for model in told}
    met = set(ArtifactLink.objects.exclude(parent=None).values_list("child__name", "kind", "parent__name"))
    assert met == {edge for edge in expected if edge[2] in names}, "a parent among the 67 is a row"
    assert ArtifactLink.objects.filter(parent=None).count() == len(expected) - len(met)


def test_the_67_have_licence_languages_size_and_who_published_them(
    hub: LocalHub, look: Look, told: list[dict[str, Any]]
) -> None:
    look_at_all(hub, look)
    rows = {row.name: row for row in Artifact.objects.of_kind("model").select_related("owner", "fetch")}
    assert rows.keys() == {model["id"] for model in told}
    licences = {"apache-2.0": "Apache-2.0", "mit": "MIT", "other": "LicenseRef-other"}
    for model in told:
        row = rows[model["id"]]
        said = [tag.removeprefix("license:") for tag in model["tags"] if tag.startswith("license:")]
        assert row.licence == (licences[said[0]] if said else ""), row.name
        spoken = {SPOKEN[tag] for tag in model["tags"] if tag in SPOKEN}
        assert set(row.languages.values_list("code", flat=True)) == spoken, row.name
        total = (model["safetensors"] or {}).get("total")
        assert row.parameters == total, row.name
        machine = "" if total is None else "server" if total > 20_000_000_000 else "phone"
        assert row.runs_on == machine, row.name
        assert row.gated == bool(model["gated"])
        assert row.task == (model["pipeline_tag"] or "")
        assert row.papers == [tag.removeprefix("arxiv:") for tag in model["tags"] if tag.startswith("arxiv:")]
        assert row.owner is not None
        assert row.owner.login == model["author"]
        assert row.openness["components"] is not None, "classed with the evidence"
        assert row.fetch is not None
        assert row.fetch.url.startswith("/api/models?author="), "where this comes from"
        act = row.contributions.get()
        assert (act.account, act.kind, act.fetch) == (row.owner, "model", row.fetch)
        assert f"{act.happened_at:%Y-%m-%d %H:%M:%S}" == model["created_at"][:19]
        reading = row.readings.get()
        assert (reading.downloads, reading.likes) == (model["downloads"], model["likes"])
    assert Contribution.objects.count() == 67


def test_looking_at_all_67_again_changes_no_row(hub: LocalHub, look: Look) -> None:
    look_at_all(hub, look)
    lists = Fetch.objects.filter(url__startswith="/api/models")
    first = list(Artifact.objects.order_by("pk").values()), edges_here(), lists.count()
    changed = sum(Source.objects.values_list("rows_changed", flat=True))
    hub.asked.clear()
    for source in Source.objects.all():
        hurry(source=source)
    look_at_all(hub, look)
    assert (list(Artifact.objects.order_by("pk").values()), edges_here(), lists.count()) == first
    assert sum(Source.objects.values_list("rows_changed", flat=True)) == changed
    assert Reading.objects.count() == 67
    assert not [path for path in hub.asked if "blobs" in path], "files are asked only of new revisions"

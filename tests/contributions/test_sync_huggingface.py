"""Looking at the Hugging Face Hub: the 67 models, their licences, languages, lineage and readings."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from contributions.actions.sources import hurry
from contributions.models import Account, Artifact, ArtifactLink, Contribution, Reading, Source
from mission.models import Language
from tests.local_huggingface import LocalHub
from tests.local_huggingface.server import load

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[str], Source]


@pytest.fixture
def hub(data: Path, settings: LazySettings) -> Iterator[LocalHub]:
    Language.objects.bulk_create(
        [
            Language(code=code, alpha2=short, name=name)
            for code, short, name in (
                ("eng", "en", "English"),
                ("zho", "zh", "Chinese"),
                ("swe", "sv", "Swedish"),
            )
        ]
    )
    with LocalHub(load(data / "huggingface" / "models.jsonl"), page_cap=2) as server:
        settings.HF_ENDPOINT = server.url
        yield server


def lineage_of(tags: list[str]) -> set[tuple[str, str]]:
    """What the tags say, read in the plainest way."""
    typed = {
        tuple(tag.split(":")[1:]) for tag in tags if tag.startswith("base_model:") and tag.count(":") == 2
    }
    datasets = {("dataset", tag.removeprefix("dataset:")) for tag in tags if tag.startswith("dataset:")}
    named = {name for _kind, name in typed}
    bare = {tag.split(":")[1] for tag in tags if tag.startswith("base_model:") and tag.count(":") == 1}
    return (
        {(str(kind), str(name)) for kind, name in typed}
        | datasets
        | {("base", name) for name in bare - named}
    )


def test_all_67_models_arrive_with_licence_languages_and_lineage(hub: LocalHub, look: Look) -> None:
    for author in sorted({model["author"] for model in hub.models}):
        assert look(f"huggingface:{author}").trouble == ""
    assert (
        Artifact.objects.of_kind("model").count() == Contribution.objects.filter(kind="model").count() == 67
    )
    for model in hub.models:
        row = Artifact.objects.get(name=model["id"])
        tags = model["tags"]
        assert row.platform_id == model["_id"]
        assert (row.licence == "Apache-2.0") == ("license:apache-2.0" in tags)
        assert set(row.languages.values_list("code", flat=True)) == {
            code for short, code in (("en", "eng"), ("zh", "zho"), ("sv", "swe")) if short in tags
        }
        assert set(row.parents.values_list("kind", "parent_name")) == lineage_of(tags)
        assert row.readings.get().downloads == model["downloads"]
        assert row.contributions.get().account == row.owner
    assert Artifact.objects.openly_licensed().count() == sum(
        any(tag.startswith("license:") for tag in model["tags"])
        for model in hub.models
        if "license:other" not in model["tags"]
    )


def test_lineage_finds_its_parent_whichever_came_first(hub: LocalHub, look: Look) -> None:
    look("huggingface:allura-org")
    waiting = ArtifactLink.objects.filter(parent_name="mistralai/Mistral-Small-24B-Base-2501")
    assert {link.parent for link in waiting} == {None}
    look("huggingface:mistralai")
    base = Artifact.objects.get(name="mistralai/Mistral-Small-24B-Base-2501")
    assert set(base.children.values_list("child__owner__login", flat=True)) >= {"allura-org"}
    assert base.parameters == 23_572_403_200
    assert base.gated


def test_looking_twice_is_looking_once(hub: LocalHub, look: Look) -> None:
    source = look("huggingface:bigband")
    first = list(Contribution.objects.values_list("external_id", "observed_at"))
    assert len(first) == 6
    hurry(source=source)
    source = look("huggingface:bigband")
    assert list(Contribution.objects.values_list("external_id", "observed_at")) == first
    assert Reading.objects.count() == 6
    assert source.rows_changed == 0


def test_people_are_told_from_organisations(hub: LocalHub, look: Look) -> None:
    hub.people.add("bartowski")
    look("huggingface:bartowski")
    look("huggingface:mistralai")
    kinds = dict(Account.objects.values_list("login", "kind"))
    assert kinds == {"bartowski": "person", "mistralai": "organisation"}


def test_a_limit_is_obeyed_and_a_stranger_is_said(hub: LocalHub, look: Look) -> None:
    hub.limited = [30]
    source = look("huggingface:mistralai")
    assert source.due_at is not None
    assert 25 < (source.due_at - timezone.now()).total_seconds() <= 30
    assert look("huggingface:mistralai").cursor == {}


def test_nobody_of_that_name_is_said(hub: LocalHub, look: Look) -> None:
    assert "shows nothing there" in look("huggingface:nobody").trouble

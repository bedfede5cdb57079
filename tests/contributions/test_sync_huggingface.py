"""Looking at accounts on the Hub: what comes in, once, and what asking again costs."""

from collections.abc import Callable, Iterator

import pytest
from django.conf import LazySettings
from django.utils import timezone

from contributions.actions.sources import hurry
from contributions.models import (
    Account,
    Artifact,
    ArtifactLink,
    Attribution,
    Contribution,
    Evaluation,
    Reading,
    Source,
)
from mission.models import Language
from tests.local_huggingface import LocalHub, modify, repo, result, weights

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[str], Source]
DAY = 86_400


@pytest.fixture
def hub(settings: LazySettings) -> Iterator[LocalHub]:
    with LocalHub([], page_cap=2, limit=5000) as server:
        settings.HF_ENDPOINT = server.url
        yield server


def publish(hub: LocalHub, step: str, name: str, **more: object) -> dict[str, object]:
    made = repo(name, **more)  # type: ignore[arg-type]
    hub.kept[step].append(made)
    return made


def again(look: Look, name: str) -> Source:
    hurry(source=Source.objects.get(name=name.partition(":")[2]))
    return look(name)


def test_looking_twice_is_looking_once(hub: LocalHub, look: Look) -> None:
    for number in range(5):
        publish(hub, "models", f"sarvam/m{number}", created=f"2026-01-0{number + 1}T00:00:00.000Z")
    changed = look("huggingface:sarvam").rows_changed
    first = list(Contribution.objects.values_list("external_id", "observed_at"))
    assert len(first) == 5
    assert again(look, "huggingface:sarvam").rows_changed == changed
    assert list(Contribution.objects.values_list("external_id", "observed_at")) == first
    assert Reading.objects.count() == 5


def test_a_second_look_on_the_day_asks_one_short_list_a_kind(hub: LocalHub, look: Look) -> None:
    models = [publish(hub, "models", f"sarvam/m{number}", created=f"2026-01-{number + 10}T00:00:00.000Z",
                      files=weights(f"w{number}")) for number in range(9)]  # fmt: skip
    look("huggingface:sarvam")
    hub.asked.clear()
    again(look, "huggingface:sarvam")
    assert len(hub.asked) == 4, "who it is, and the first page of each list"
    modify(models[0], "2026-02-01T00:00:00.000Z", tags=["license:mit"])
    hub.asked.clear()
    again(look, "huggingface:sarvam")
    assert len([path for path in hub.asked if "blobs" in path]) == 1, "the files of the one that changed"
    assert Artifact.objects.get(name="sarvam/m0").licence == "MIT"


def test_every_artefact_has_a_reading_every_day_even_when_nothing_else_changed(
    hub: LocalHub, look: Look
) -> None:
    made = [publish(hub, "models", f"sarvam/m{number}") for number in range(5)]
    publish(hub, "datasets", "sarvam/d")
    publish(hub, "spaces", "sarvam/s")
    look("huggingface:sarvam")
    observed = list(Artifact.objects.values_list("observed_at", flat=True))
    made[0]["downloads"] = 11
    again(look, "huggingface:sarvam")
    assert Reading.objects.count() == 7, "one a day"
    assert Reading.objects.get(artifact__name="sarvam/m0").downloads == 11, "the last of the day"
    hub.clock_ahead = DAY
    hub.asked.clear()
    made[0]["downloads"] = 12
    again(look, "huggingface:sarvam")
    assert Reading.objects.count() == 14
    assert Reading.objects.filter(artifact__name="sarvam/m0").latest("day").downloads == 12
    assert list(Artifact.objects.values_list("observed_at", flat=True)) == observed
    assert len(hub.asked) == 1 + 3 + 1 + 1, "who it is, and all pages of all lists"


def test_the_day_of_a_reading_is_the_hubs_and_the_last_of_the_day_stands(hub: LocalHub, look: Look) -> None:
    made = publish(hub, "models", "sarvam/m")
    hub.clock_ahead = 3 * DAY
    look("huggingface:sarvam")
    modify(made, "2026-02-01T00:00:00.000Z", likes=9)
    again(look, "huggingface:sarvam")
    reading = Reading.objects.get()
    assert (reading.day - timezone.now().date()).days in (3, 4), (
        "a worker whose clock differs writes the same"
    )
    assert reading.likes == 9


def test_what_the_card_says_becomes_facts(hub: LocalHub, look: Look) -> None:
    Language.objects.bulk_create([Language(code=code, name=code) for code in ("hin", "eng", "zho")])
    card = {"license": ["mit", "apache-2.0"], "language": ["Hindi", "zh-Hant", "Gobbledegook"],
            "license_link": "https://x.example/LICENSE"}  # fmt: skip
    publish(hub, "models", "sarvam/m", tags=["en", "trl", "license:gemma", "arxiv:2401.1"], cardData=card,
            gated="manual", usedStorage=5_000, childrenModelCount=7, pipeline_tag="translation")  # fmt: skip
    publish(hub, "datasets", "sarvam/d", tags=["language:hi", "task_categories:translation"])
    publish(hub, "models", "sarvam/secret", private=True)
    for name, link in (("file", "LICENSE.md"), ("trap", "javascript:alert(1)")):
        publish(hub, "spaces", f"sarvam/{name}", cardData={"license": "other", "license_link": link})
    look("huggingface:sarvam")
    texts = dict(Artifact.objects.of_kind("space").values_list("name", "licence_url"))
    home = "https://huggingface.co/spaces/sarvam/file"
    assert texts == {"sarvam/file": f"{home}/blob/main/LICENSE.md", "sarvam/trap": ""}
    row = Artifact.objects.get(name="sarvam/m")
    assert row.licence == "MIT AND Apache-2.0", "the card goes before the tag"
    assert set(row.languages.values_list("code", flat=True)) == {"hin", "eng", "zho"}
    assert row.languages_unread == "Gobbledegook"
    assert (row.gated, row.derivatives, row.task, row.papers) == (True, 7, "translation", ["2401.1"])
    assert (row.size_bytes, row.licence_url) == (5000, "https://x.example/LICENSE")
    data = Artifact.objects.get(name="sarvam/d")
    assert (data.task, [each.code for each in data.languages.all()]) == ("translation", ["hin"])
    assert Artifact.objects.count() == 4, "what is private is nobody's business"


def test_one_odd_card_does_not_keep_the_others_from_coming_in(hub: LocalHub, look: Look) -> None:
    publish(hub, "models", "sarvam/odd", cardData={"license": 7, "language": {"a": 1}, "model-index": "x"},
            tags=None, safetensors="?", createdAt="yesterday",
            evalResults=[{"value": 1}, "x", {"dataset": {"id": "a/b"}, "value": "?"}])  # fmt: skip
    publish(hub, "models", "sarvam/m")
    assert look("huggingface:sarvam").trouble == ""
    assert set(Artifact.objects.values_list("name", flat=True)) == {"sarvam/odd", "sarvam/m"}


INDEX = [{"name": "m", "results": [{
    "task": {"type": "asr", "name": "ASR"},
    "dataset": {"type": "mozilla/voice", "name": "Common Voice", "config": "hi", "split": "test"},
    "metrics": [{"type": "wer", "value": "20.5 ± 0.3"}, {"type": "cer", "value": 7.5}, {"type": "x"}],
}]}]  # fmt: skip


def test_results_are_kept_and_evaluating_on_one_benchmark_is_one_act(hub: LocalHub, look: Look) -> None:
    publish(hub, "models", "sarvam/m", evalResults=[
        result("cais/hle", 20.9, date="2026-03-05T10:00:00Z", verifyToken="x"),
        result("cais/hle", 31, task="hard", date="2026-03-02", source={"url": "https://x.example/log"}),
    ], cardData={"model-index": INDEX})  # fmt: skip
    look("huggingface:sarvam")
    values = set(Evaluation.objects.values_list("benchmark_name", "task", "measure", "value", "verified"))
    assert values == {
        ("cais/hle", "default", "score", 20.9, True),
        ("cais/hle", "hard", "score", 31.0, False),
        ("mozilla/voice", "asr hi test", "wer", 20.5, False),
        ("mozilla/voice", "asr hi test", "cer", 7.5, False),
    }
    links = ArtifactLink.objects.filter(kind="evaluated", parent_kind="dataset")
    assert set(links.values_list("parent_name", flat=True)) == {"cais/hle", "mozilla/voice"}
    acts = {act.external_id.partition("n:")[2]: act for act in Contribution.objects.filter(kind="evaluation")}
    model = Artifact.objects.get()
    hle = acts[f"{model.platform_id}:cais/hle"]
    assert f"{hle.happened_at:%Y-%m-%d}" == "2026-03-02", "the earliest the results say"
    assert hle.evidence_url == "https://x.example/log"
    assert acts[f"{model.platform_id}:mozilla/voice"].happened_at == model.created_at
    assert len(acts) == 2


def test_a_dataset_somebody_is_measured_on_counts_once_as_a_benchmark(hub: LocalHub, look: Look) -> None:
    publish(hub, "datasets", "cais/hle")
    publish(hub, "datasets", "cais/plain")
    publish(hub, "datasets", "cais/own", tags=["benchmark:official"])
    look("huggingface:cais")
    kinds = dict(Contribution.objects.values_list("artifact__name", "kind"))
    assert kinds == {"cais/hle": "dataset", "cais/plain": "dataset", "cais/own": "benchmark"}
    model = publish(hub, "models", "sarvam/m", evalResults=[result("cais/hle", 20.9)])
    look("huggingface:sarvam")
    published = Contribution.objects.filter(artifact__owner__login="cais")
    assert dict(published.values_list("artifact__name", "kind"))["cais/hle"] == "benchmark"
    assert published.count() == 3
    assert Evaluation.objects.get().benchmark == Artifact.objects.get(name="cais/hle")
    modify(model, "2026-02-01T00:00:00.000Z", evalResults=[])
    again(look, "huggingface:sarvam")
    hub.clock_ahead = DAY
    again(look, "huggingface:cais")
    assert dict(published.values_list("artifact__name", "kind"))["cais/hle"] == "dataset"
    assert not Evaluation.objects.exists()
    act = Contribution.objects.get(kind="evaluation")
    assert act.gone_at is not None, "it was done, and is no longer shown"


def test_a_benchmark_looked_at_after_its_users_is_one_too(hub: LocalHub, look: Look) -> None:
    publish(hub, "models", "sarvam/m", evalResults=[result("cais/hle", 20.9)])
    look("huggingface:sarvam")
    publish(hub, "datasets", "cais/hle")
    look("huggingface:cais")
    assert Contribution.objects.get(artifact__name="cais/hle").kind == "benchmark"
    assert Attribution.objects.get(contribution__artifact__name="cais/hle").kind == "benchmark"
    assert Evaluation.objects.get().benchmark is not None


def test_files_give_size_machine_and_fingerprint(hub: LocalHub, look: Look) -> None:
    publish(hub, "models", "sarvam/m", files=weights("w", 4_000_000_000),
            safetensors={"parameters": {"BF16": 2_000_000_000}, "total": 2_000_000_000})  # fmt: skip
    look("huggingface:sarvam")
    row = Artifact.objects.get()
    assert row.size_bytes == 4_000_002_000
    assert (row.quantised_bytes, row.runs_on) == (int(2_000_000_000 * 4.85 / 8), "phone")
    assert [file["path"] for file in row.files] == ["README.md", "model.safetensors"]
    assert len(row.fingerprint) == 64
    assert row.files_revision == row.revision != ""


def test_a_reupload_is_found_whoever_came_first_and_the_next_follows_when_the_original_goes(
    hub: LocalHub, look: Look
) -> None:
    publish(hub, "models", "copier/m", created="2026-03-01T00:00:00.000Z", files=weights("same"))
    publish(hub, "models", "sarvam/m", created="2026-02-01T00:00:00.000Z", files=weights("same"))
    publish(hub, "models", "quant/m", created="2026-04-01T00:00:00.000Z", files=weights("q"),
            tags=["base_model:quantized:sarvam/m"])  # fmt: skip
    for name in ("copier", "quant", "sarvam"):
        look(f"huggingface:{name}")
    original, copy = Artifact.objects.get(name="sarvam/m"), Artifact.objects.get(name="copier/m")
    assert (copy.duplicate_of, copy.duplicate_why) == (original, "reupload")
    assert original.duplicate_of is None
    assert Artifact.objects.get(name="quant/m").duplicate_of is None, "a derivative is no copy"
    hub.one("sarvam/m")["disabled"] = True
    again(look, "huggingface:sarvam")
    original.refresh_from_db()
    copy.refresh_from_db()
    assert original.gone_at is not None
    assert (copy.duplicate_of, original.duplicate_of) == (None, copy)


def test_people_are_told_from_organisations(hub: LocalHub, look: Look) -> None:
    publish(hub, "models", "bartowski/m")
    publish(hub, "models", "mistralai/m")
    hub.people.add("bartowski")
    look("huggingface:bartowski")
    look("huggingface:mistralai")
    assert dict(Account.objects.values_list("login", "kind")) == {
        "bartowski": "person",
        "mistralai": "organisation",
    }


def test_nobody_of_that_name_is_said(hub: LocalHub, look: Look) -> None:
    assert "shows nothing there" in look("huggingface:nobody").trouble

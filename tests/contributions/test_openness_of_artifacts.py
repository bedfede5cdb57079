"""What the Hub shows decides a model's class, until an entry of the framework was recorded for it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from contributions.actions.accounts import register_account
from contributions.actions.artifacts import register_artifact
from contributions.actions.contributions import record_contribution
from contributions.actions.copies import keep_files
from contributions.actions.openness import (
    class_all,
    class_artifacts,
    class_touched,
    record_entry,
)
from contributions.actions.rollups import recompute_stale
from contributions.found import ArtifactKey, FoundArtifact, FoundFile, FoundFiles, FoundLink
from contributions.models import Artifact, Rollup
from contributions.openness_components import COMPONENTS
from contributions.openness_hub import component_of
from mission.errors import Refused
from mission.models import AuditEntry
from tests.contributions.test_openness import II
from tests.dashboards.pages import as_json, words
from tests.local_huggingface import LocalHub
from tests.local_huggingface.server import load

pytestmark = pytest.mark.django_db

PAGE = ["README.md", "config.json", "model-00001-of-00002.safetensors", "tokenizer.json"]


def published(
    name: str = "kaveri/tara", kind: str = "model", licence: str = "Apache-2.0", paths: Sequence[str] = PAGE,
    data: Sequence[str] = (), papers: Sequence[str] = (),
) -> Artifact:  # fmt: skip
    key = ArtifactKey("huggingface", kind, name)
    folder = "datasets/" if kind == "dataset" else ""
    made = register_artifact(
        actor=None,
        found=FoundArtifact(
            key=key,
            name=name,
            url=f"https://huggingface.co/{folder}{name}",
            created_at=timezone.now(),
            licence=licence,
            links=tuple(FoundLink("dataset", "dataset", one) for one in data),
            papers=tuple(papers),
        ),
    )
    keep_files(found=[FoundFiles(key, "main", tuple(FoundFile(path, 1) for path in paths))])
    made.refresh_from_db()
    return made


def unclassed() -> None:
    """As rows were before there was a rule."""
    Artifact.objects.update(openness={}, osaid={}, openness_class=None)


def told(artifact: Artifact) -> dict[str, tuple[str, str]]:
    components: Any = artifact.openness["components"]
    return {each["component"]: (each["licence"], each["verdict"]) for each in components}


@pytest.mark.parametrize(
    ("path", "component"),
    [
        ("README.md", "model_card"), ("docs/README.md", ""), ("config.json", "architecture"),
        ("modeling_tara.py", "architecture"), ("model.safetensors", "parameters"),
        ("tara-Q4_K_M.gguf", "parameters"), ("pytorch_model.bin", "parameters"),
        ("training_args.bin", "metadata"), ("optimizer.pt", "metadata"),
        ("checkpoint-500/model.safetensors", "intermediate_parameters"),
        ("scripts/train.py", "training_code"),
        ("eval/run_eval.py", "evaluation_code"), ("handler.py", "inference_code"),
        ("preprocess_corpus.py", "preprocessing_code"), ("all_results.json", "evaluation_results"),
        ("Tara_technical_report.pdf", "technical_report"), ("tokenizer.json", ""), (".gitattributes", ""),
    ],
)  # fmt: skip
def test_names_of_files_tell_components(path: str, component: str) -> None:
    assert component_of(path) == component


def test_a_page_on_the_hub_is_evidence_with_an_address_for_each_component() -> None:
    artifact = published(papers=["2401.00001"])
    assert artifact.openness_class is None
    assert told(artifact) == {
        "architecture": ("Apache-2.0", "fits"),
        "parameters": ("Apache-2.0", "open"),
        "model_card": ("Apache-2.0", "fits"),
        "research_paper": ("Undisclosed", "undisclosed"),
    }
    components: Any = artifact.openness["components"]
    assert [each["evidence_url"] for each in components] == [
        "https://huggingface.co/kaveri/tara/blob/main/config.json",
        "https://huggingface.co/kaveri/tara/blob/main/model-00001-of-00002.safetensors",
        "https://huggingface.co/kaveri/tara/blob/main/README.md",
        "https://arxiv.org/abs/2401.00001",
    ]
    assert "Data card: not seen." in artifact.openness["missing"]  # type: ignore[operator]
    assert artifact.osaid["parameters"]["met"] is True  # type: ignore[index]
    assert artifact.osaid["code"]["met"] is None  # type: ignore[index]


def test_a_paper_that_is_no_longer_named_is_no_longer_evidence() -> None:
    assert "research_paper" in told(published(papers=["2401.00001"]))
    assert "research_paper" not in told(published())


def test_the_card_is_seen_among_any_number_of_larger_files() -> None:
    shards = [f"model-{number:05}-of-01000.safetensors" for number in range(1000)]
    key = ArtifactKey("huggingface", "model", "kaveri/tara")
    published()
    sizes = {"README.md": 1, "config.json": 1}
    files = tuple(FoundFile(path, sizes.get(path, 10**9)) for path in [*shards, "README.md", "config.json"])
    keep_files(found=[FoundFiles(key, "main", files)])
    model = Artifact.objects.get()
    assert len(model.files) < 1000
    assert set(told(model)) == {"architecture", "parameters", "model_card"}


def test_a_licence_the_hub_does_not_tell_is_unknown_and_counts_for_nothing() -> None:
    artifact = published(licence="")
    assert {verdict for _licence, verdict in told(artifact).values()} == {"undisclosed"}
    closed = published("kaveri/closed", licence="LicenseRef-llama3.1")
    assert {verdict for _licence, verdict in told(closed).values()} == {"not_open"}


def test_of_several_datasets_the_most_restrictive_decides_and_an_unknown_one_first_of_all() -> None:
    published("kaveri/corpus", "dataset", "CC-BY-4.0", ["README.md"])
    model = published(data=["kaveri/corpus"])
    assert told(model)["datasets"] == ("CC-BY-4.0", "fits")
    assert told(model)["data_card"] == ("CC-BY-4.0", "fits")
    published("kaveri/closed-corpus", "dataset", "CC-BY-NC-4.0", [])
    model = published(data=["kaveri/corpus", "kaveri/closed-corpus"])
    both = told(model)
    assert both["datasets"] == ("CC-BY-NC-4.0", "not_open")
    assert "data_card" not in both
    model = published(data=["kaveri/corpus", "kaveri/closed-corpus", "elsewhere/unseen"])
    assert told(model)["datasets"] == ("Undisclosed", "undisclosed")


def test_models_are_classed_anew_when_the_dataset_they_name_is_brought_in() -> None:
    model = published(data=["kaveri/corpus"])
    assert told(model)["datasets"][1] == "undisclosed"
    corpus = published("kaveri/corpus", "dataset", "ODC-By-1.0", ["README.md"])
    model.refresh_from_db()
    assert told(model)["datasets"] == ("ODC-By-1.0", "fits")
    assert class_touched(ids=[corpus.pk, model.pk]) == 0


def test_only_models_are_classed() -> None:
    corpus = published("kaveri/corpus", "dataset")
    assert (corpus.openness_class, corpus.openness, corpus.osaid) == (None, {}, {})
    assert class_all() == 0


def test_many_models_are_classed_in_as_many_statements_as_one(django_assert_num_queries: Any) -> None:
    for number in range(12):
        published(f"kaveri/m{number}", data=["kaveri/corpus"])
    unclassed()
    models = list(Artifact.objects.of_kind("model"))
    with django_assert_num_queries(5):  # links, evaluations, and the writing within its transaction
        assert class_artifacts(artifacts=models) == 12


def entry(components: Sequence[str], address: str = "https://huggingface.co/kaveri/tara") -> str:
    listed = "".join(f"    - {{name: {COMPONENTS[slug].name}}}\n" for slug in components)
    return (
        f"release:\n  name: Tara\n  huggingface: {address}\n  license: {{distribution: {{name: MIT}}}}\n"
        f"  components:\n{listed}"
    )


def test_a_recorded_entry_decides_and_the_hub_no_longer_does() -> None:
    artifact = published()
    recorded = record_entry(actor=None, text=entry(II), where="tara.yml")
    assert recorded.pk == artifact.pk
    assert recorded.openness_class == 2
    assert recorded.osaid["code"]["met"] is False  # type: ignore[index]  # no preprocessing code in it
    assert AuditEntry.objects.filter(verb="artifact.openness_recorded").count() == 1
    assert published(licence="CC-BY-NC-4.0").openness_class == 2


def test_the_same_entry_again_changes_nothing() -> None:
    published()
    for _again in range(2):
        record_entry(actor=None, text=entry(II), where="tara.yml")
    assert AuditEntry.objects.filter(verb="artifact.openness_recorded").count() == 1


def test_an_entry_about_a_model_that_nobody_looked_at_is_refused() -> None:
    with pytest.raises(Refused, match=r"tara\.yml: no model in the catalogue"):
        record_entry(actor=None, text=entry(II), where="tara.yml")
    with pytest.raises(Refused, match="no model in the catalogue"):
        record_entry(actor=None, text=entry(II, ""), where="tara.yml")


def test_a_change_of_licence_changes_the_class_and_leaves_a_trace() -> None:
    whole = [*PAGE, "data_card.md", "technical_report.pdf", "eval_results.json"]
    artifact = published(paths=whole)
    assert artifact.openness_class == 3
    assert published(paths=whole, licence="CC-BY-NC-4.0").openness_class is None
    facts = (
        AuditEntry.objects.filter(verb="artifact.reclassed").order_by("pk").values_list("facts", flat=True)
    )
    assert list(facts) == [{"before": None, "after": 3}, {"before": 3, "after": None}]


def test_a_change_of_class_marks_the_figures_of_the_month_it_was_published_in_stale() -> None:
    artifact = published()
    owner = register_account(
        actor=None, platform="huggingface", platform_id="k1", login="kaveri", kind="organisation"
    )
    record_contribution(
        actor=None, external_id="k1", kind="model", artifact=artifact, account=owner,
        happened_at=timezone.now(), evidence_url=artifact.url,
    )  # fmt: skip
    recompute_stale()
    assert not Rollup.objects.filter(stale=True).exists()
    record_entry(actor=None, text=entry(II), where="tara.yml")
    assert "open_class_2" in Rollup.objects.filter(stale=True).values_list("metric", flat=True)


def test_the_page_shows_each_component_what_the_next_class_lacks_and_the_three_elements(
    client: Client,
) -> None:
    whole = [*PAGE, "data_card.md", "technical_report.pdf", "eval_results.json"]
    artifact = published(paths=whole)
    page = words(client.get(artifact.get_absolute_url()))
    assert "Class III: open model. Decided by what its page on the platform shows" in page
    assert "For class II it lacks: Training code: not seen." in page
    assert "Final model parameters: released under Apache-2.0" in page
    figures = {each["figure"]: each for each in as_json(client, artifact.get_absolute_url())["figures"]}
    rows = figures["openness"]["rows"]
    assert rows[0]["evidence"] == f"{artifact.url}/blob/main/config.json"
    assert [(each["element"], each["met"]) for each in figures["osaid"]["rows"]] == [
        ("Code", "Not known"), ("Parameters", "Met"), ("Data information", "Met"),
    ]  # fmt: skip


def test_a_model_nobody_assessed_says_so_and_a_dataset_is_not_asked(client: Client) -> None:
    artifact = published()
    unclassed()
    page = words(client.get(artifact.get_absolute_url()))
    assert "How open it is Not assessed yet." in page
    assert "How open it is" not in words(client.get(published("a/b", "dataset").get_absolute_url()))


def test_the_command_classes_the_whole_catalogue(capsys: pytest.CaptureFixture[str]) -> None:
    published()
    unclassed()
    call_command("class_openness", "--catalogue")
    assert "1 models came out different." in capsys.readouterr().out
    assert Artifact.objects.get().openness["rule"] == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_67_real_models_are_classed_with_a_sentence_for_each_component(
    data: Path, settings: LazySettings, look: Callable[[str], Any]
) -> None:
    with LocalHub(load(data / "huggingface" / "models.jsonl"), page_cap=20, limit=5000) as server:
        settings.HF_ENDPOINT = server.url
        for author in sorted({model["author"] for model in server.models}):
            look(f"huggingface:{author}")
    models = list(Artifact.objects.of_kind("model"))
    assert len(models) == 67
    for model in models:
        components: Any = model.openness["components"]
        assert all(each["why"] and each["verdict"] and each["evidence_url"] for each in components), model
        assert model.openness["missing"], model
        assert set(model.osaid) == {"code", "parameters", "data"}, model
    weights = [model for model in models if "parameters" in told(model)]
    assert len(weights) > 40, "most of the 67 show their weights"

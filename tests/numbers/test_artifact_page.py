"""One artefact's page: what it is, what it runs on, of what it is a copy, and where all that comes from."""

import datetime
import html
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contributions.actions.contributions import store
from contributions.found import (
    ArtifactKey,
    Found,
    FoundAccount,
    FoundArtifact,
    FoundEvaluation,
    FoundFile,
    FoundFiles,
    FoundLink,
)
from contributions.models import Artifact, Fetch
from dashboards.stamp import forget
from mission.models import Language

pytestmark = pytest.mark.django_db
SARVAM = FoundAccount("huggingface", "s1", "sarvam", "organisation")
AT = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)


def model(name: str, *, day: int = 0, kind: str = "model", **more: Any) -> FoundArtifact:
    address = f"https://huggingface.co/sarvam/{name}"
    key = ArtifactKey("huggingface", kind, name)
    created = AT + datetime.timedelta(days=day)
    return FoundArtifact(key, f"sarvam/{name}", address, created, owner=SARVAM, revision="r1", **more)


def files(name: str, content: str = "") -> FoundFiles:
    key = ArtifactKey("huggingface", "model", name)
    weights = FoundFile("model.safetensors", 16_000_000_000, f"sha256:{content or name}")
    return FoundFiles(key, "r1", (weights, FoundFile("README.md", 900, f"git:{name}")))


def page(client: Client, name: str) -> str:
    artifact = Artifact.objects.get(name=f"sarvam/{name}")
    return html.unescape(client.get(artifact.get_absolute_url()).content.decode())


def test_it_says_what_it_runs_on_and_why(client: Client) -> None:
    store(found=Found(artifacts=(model("m", parameters=10_000_000_000),), files=(files("m"),)))
    shown = page(client, "m")
    assert "Laptop." in shown
    assert "At 4.85 bits a parameter, as llama.cpp's Q4_K_M, it takes 6.1 GB." in shown
    assert "16.0 GB" in shown
    store(found=Found(artifacts=(model("unknown"),)))
    assert "Unknown: neither its parameters" in page(client, "unknown")


def test_a_copy_says_of_what_and_that_it_is_not_counted(client: Client) -> None:
    both = (model("first"), model("again", day=3))
    store(found=Found(artifacts=both, files=(files("first", "x"), files("again", "x"))))
    shown = page(client, "again")
    assert "Not counted." in shown
    assert "the same files, byte for byte" in shown
    assert Artifact.objects.get(name="sarvam/first").get_absolute_url() in shown
    assert "1 copy of it is known." in page(client, "first")


def test_results_are_shown_on_the_model_and_on_the_benchmark(client: Client) -> None:
    result = FoundEvaluation("sarvam/bench", "score", 41.5, task="hard")
    link = FoundLink("evaluated", "dataset", "sarvam/bench")
    store(
        found=Found(
            artifacts=(model("m", evaluations=(result,), links=(link,)), model("bench", kind="dataset"))
        )
    )
    for name, other in (("m", "sarvam/bench"), ("bench", "sarvam/m")):
        shown = page(client, name)
        assert "41.50" in shown
        assert Artifact.objects.get(name=other).get_absolute_url() in shown
    assert "counted among the benchmarks" in page(client, "bench")


def test_where_it_comes_from_and_how_to_contest_it(client: Client) -> None:
    fetch = Fetch.objects.create(url="/api/models?author=sarvam", etag='W/"x"', at=timezone.now())
    store(found=Found(artifacts=(model("m", gated=True),)), fetch=fetch)
    shown = page(client, "m")
    assert 'href="https://huggingface.co/api/models?author=sarvam"' in shown
    assert 'ETag W/"x"' in shown
    assert "Asks for consent before download" in shown
    where = Artifact.objects.get().get_absolute_url()
    assert f'href="/corrections/new/?about={where.replace("/", "%2F")}"' in shown
    store(found=Found(artifacts=(model("m", gated=True),)), fetch=Fetch.objects.create(url="/api/later"))
    assert Artifact.objects.get().fetch == fetch, "a look that changed nothing is not where it comes from"


def test_words_that_are_no_language_and_earlier_names_are_shown(client: Client) -> None:
    Language.objects.get_or_create(code="hin", defaults={"name": "Hindi"})
    said = model("m", languages=("hin",), languages_unread=("Gobbledegook",))
    store(found=Found(artifacts=(said,)))
    store(found=Found(artifacts=(FoundArtifact(**{**said.__dict__, "name": "sarvam/new"}),)))
    shown = page(client, "new")
    assert "not understood: Gobbledegook" in shown
    assert "Earlier names" in shown
    assert "sarvam/m" in shown


def test_the_page_asks_as_much_of_one_row_as_of_a_hundred(client: Client) -> None:
    def cost(count: int) -> int:
        results = tuple(FoundEvaluation(f"b/{n}", "score", n) for n in range(count))
        links = tuple(FoundLink("evaluated", "dataset", f"b/{n}") for n in range(count))
        benches = tuple(
            FoundArtifact(ArtifactKey("huggingface", "dataset", f"b{n}"), f"b/{n}", "https://x.example", AT)
            for n in range(count)
        )
        store(found=Found(artifacts=(model("m", evaluations=results, links=links), *benches)))
        forget()
        with CaptureQueriesContext(connection) as captured:
            page(client, "m")
        return len(captured)

    assert cost(1) == cost(60)

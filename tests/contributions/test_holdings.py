"""What the commons holds for each language: counted again from artefacts, and told by pages as counted."""

from threading import Thread

import pytest
from django.db import connection
from django.utils import timezone

from contributions.actions.accounts import register_account
from contributions.actions.artifacts import register_artifact
from contributions.actions.holdings import count_holdings
from contributions.found import ArtifactKey, FoundArtifact
from contributions.models import Artifact, LanguageHolding
from contributions.tasks import recompute_stale
from mission.actions.nations import load_reference

KEYS = ("model", "dataset", "evaluation", "speech", "space")


def artifact(
    name: str, kind: str = "model", task: str = "", languages: tuple[str, ...] = ("hin",)
) -> Artifact:
    return register_artifact(
        actor=None,
        found=FoundArtifact(
            key=ArtifactKey("huggingface", kind, name),
            name=f"kaveri/{name}",
            url=f"https://huggingface.co/kaveri/{name}",
            created_at=timezone.now(),
            task=task,
            languages=languages,
        ),
    )


def held(code: str) -> tuple[int, ...] | None:
    return LanguageHolding.objects.filter(pk=code).values_list(*KEYS).first()


@pytest.fixture
def languages(db: None) -> None:
    load_reference()
    register_account(actor=None, platform="huggingface", platform_id="k", login="kaveri", kind="organisation")


def test_each_is_counted_by_what_it_is_for(languages: None) -> None:
    artifact("m1", languages=("hin", "mar"))
    artifact("m2", task="automatic-speech-recognition")
    artifact("d1", "dataset", task="text-to-speech")
    artifact("s1", "space")
    benchmark = artifact("d2", "dataset")
    Artifact.objects.filter(pk=benchmark.pk).update(is_benchmark=True)
    assert count_holdings() == 2
    assert held("hin") == (2, 1, 1, 2, 1)
    assert held("mar") == (1, 0, 0, 0, 0)
    assert held("tam") is None


def test_copies_and_what_is_gone_do_not_count_and_a_language_can_become_empty(languages: None) -> None:
    first, copy, gone = artifact("m1"), artifact("m2"), artifact("m3", languages=("mar",))
    count_holdings()
    assert (held("hin"), held("mar")) == ((2, 0, 0, 0, 0), (1, 0, 0, 0, 0))
    Artifact.objects.filter(pk=copy.pk).update(duplicate_of=first)
    Artifact.objects.filter(pk=gone.pk).update(gone_at=timezone.now())
    assert count_holdings() == 2
    assert (held("hin"), held("mar")) == ((1, 0, 0, 0, 0), (0, 0, 0, 0, 0))


def test_what_stayed_keeps_its_day(languages: None) -> None:
    artifact("m1")
    count_holdings()
    day = LanguageHolding.objects.get(pk="hin").counted_at
    artifact("m2", languages=("mar",))
    assert count_holdings() == 1
    assert LanguageHolding.objects.get(pk="hin").counted_at == day


def test_the_clock_counts(languages: None) -> None:
    artifact("m1")
    recompute_stale()
    assert held("hin") == (1, 0, 0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_counting_from_eight_sides_at_once_gives_one_row_a_language() -> None:
    load_reference()
    artifact("m1")

    def count() -> None:
        count_holdings()
        connection.close()

    threads = [Thread(target=count) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert held("hin") == (1, 0, 0, 0, 0)
    assert LanguageHolding.objects.count() == 1

"""Copies as artefacts come in one by one: decided alike in every order, and figures made anew."""

import datetime
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contributions.actions.artifacts import retire
from contributions.actions.contributions import store
from contributions.actions.copies import decide_copy, settle_left_over
from contributions.actions.rollups import recompute_stale
from contributions.found import (
    ArtifactKey,
    Found,
    FoundAccount,
    FoundArtifact,
    FoundContribution,
    FoundFile,
    FoundFiles,
)
from contributions.models import Artifact, Contribution, Rollup
from mission.errors import Refused
from mission.models import AuditEntry, Role
from tests.world import person

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)


def model(name: str, content: str, *, day: int = 0, platform_id: str = "") -> Found:
    """A model of its own account, its weights, and the act of publishing it."""
    key = ArtifactKey("huggingface", "model", platform_id or name)
    owner = FoundAccount("huggingface", f"owner of {name}", name, "organisation")
    at = AT + datetime.timedelta(days=day)
    url = f"https://huggingface.co/{name}/m"
    weights = FoundFile("model.safetensors", 5_000_000_000, f"sha256:{content}")
    return Found(
        artifacts=(FoundArtifact(key, f"{name}/m", url, at, owner=owner, revision="r"),),
        contributions=(
            FoundContribution(f"huggingface:model:{key.platform_id}", "model", key, owner, at, url),
        ),
        files=(FoundFiles(key, "r", (weights,)),),
    )


def repository(number: int, *, day: int = 0, copied_from: str = "") -> Found:
    key = ArtifactKey("github", "repository", str(number))
    at = AT + datetime.timedelta(days=day)
    url = f"https://github.com/o/r{number}"
    return Found(artifacts=(FoundArtifact(key, f"o/r{number}", url, at, copied_from=copied_from),))


def verdicts() -> dict[str, tuple[str | None, str]]:
    rows = Artifact.objects.values_list("name", "duplicate_of__name", "duplicate_why")
    return {name: (original, why) for name, original, why in rows}


WORLD = [
    model("late", "w", day=9),
    model("early", "w", day=1),
    model("middle", "w", day=4),
    model("other", "v"),
    repository(1, day=5),
    repository(2, day=6, copied_from="fork:1"),
    repository(3, day=7, copied_from="mirror:git://GitHub.com/o/r2.git"),
]
EXPECTED = {
    "late/m": ("early/m", "reupload"),
    "early/m": (None, ""),
    "middle/m": ("early/m", "reupload"),
    "other/m": (None, ""),
    "o/r1": (None, ""),
    "o/r2": ("o/r1", "fork"),
    "o/r3": ("o/r1", "mirror"),
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(WORLD), st.booleans())
def test_copies_are_the_same_in_whatever_order_they_come(db: Any, world: list[Found], twice: bool) -> None:
    Contribution.objects.all().delete()
    Artifact.objects.all().delete()
    for found in world * (2 if twice else 1):
        store(found=found)
    assert verdicts() == EXPECTED


def test_when_originals_go_in_any_order_the_next_takes_over() -> None:
    for order in permutations(["early/m", "middle/m"]):
        Contribution.objects.all().delete()
        Artifact.objects.all().delete()
        for found in WORLD[:3]:
            store(found=found)
        for name in order:
            retire(ids=[Artifact.objects.get(name=name).pk])
        assert verdicts() == {
            "late/m": (None, ""),
            "early/m": ("late/m", "reupload"),
            "middle/m": ("late/m", "reupload"),
        }
        store(found=WORLD[1])
        assert verdicts()["early/m"] == (None, ""), "and it is the original again when it comes back"


def models_counted() -> int:
    recompute_stale()
    rows = Rollup.objects.current().filter(metric="model").values_list("upper", flat=True)
    return int(sum(row for row in rows if row is not None))


def test_a_copy_is_counted_until_it_is_found_and_then_no_more() -> None:
    store(found=WORLD[0])
    store(found=WORLD[3])
    assert models_counted() == 2
    store(found=WORLD[1])
    assert models_counted() == 2, "one more published, one fewer original"
    retire(ids=[Artifact.objects.get(name="early/m").pk])
    assert models_counted() == 2, "the next counts in its place, and never both"


def test_two_at_once_leave_one_original_after_all() -> None:
    for found in WORLD[:3]:
        store(found=found)
    Artifact.objects.update(duplicate_of=None, duplicate_why="")
    assert settle_left_over() == 2
    assert verdicts()["middle/m"] == ("early/m", "reupload")
    assert settle_left_over() == 0


def test_what_an_officer_decides_stands_against_every_later_look() -> None:
    officer = person("judge", Role.OFFICER)
    for found in WORLD[:2]:
        store(found=found)
    late, early = Artifact.objects.get(name="late/m"), Artifact.objects.get(name="early/m")
    decide_copy(actor=officer, artifact=late, original=None, reason="They trained it together.")
    assert models_counted() == 2
    for found in WORLD[:3]:
        store(found=found)
    assert verdicts()["late/m"] == (None, "officer")
    assert verdicts()["middle/m"] == ("early/m", "reupload")
    other = Artifact.objects.get(name="middle/m")
    decide_copy(actor=officer, artifact=early, original=other, reason="The dates were set by hand.")
    assert verdicts()["early/m"] == ("middle/m", "officer")
    assert verdicts()["middle/m"] == (None, ""), "what the copy pointed to is the original"
    assert AuditEntry.objects.filter(verb="artifact.copy_decided").count() == 2
    for original, reason in ((early, "x"), (None, " ")):
        with pytest.raises(Refused):
            decide_copy(actor=officer, artifact=early, original=original, reason=reason)

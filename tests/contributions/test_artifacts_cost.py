"""Bringing artefacts in costs as many statements for a full page as for a few rows."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contributions.actions.contributions import store
from contributions.found import (
    ArtifactKey,
    Found,
    FoundAccount,
    FoundArtifact,
    FoundContribution,
    FoundEvaluation,
    FoundLink,
    FoundReading,
)
from contributions.models import Artifact, ArtifactLink, Evaluation, Reading
from mission.models import Language

pytestmark = pytest.mark.django_db
AT = datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)
OWNER = FoundAccount("huggingface", "s1", "sarvam", "organisation")


def page(count: int, *, day: int, kind: str = "model", begin: int = 0) -> Found:
    """As the Hub would answer: languages, lineage, results and counters, all different every day."""
    made, acts = [], []
    for number in range(begin, begin + count):
        key = ArtifactKey("huggingface", kind, f"{kind}{number}")
        url = f"https://huggingface.co/sarvam/{kind}{number}"
        is_model = kind == "model"
        made.append(
            FoundArtifact(
                key, f"sarvam/{kind}{number}", url, AT, owner=OWNER, licence=f"LicenseRef-{day}",
                languages=("hin",) if day % 2 else ("tam",),
                links=(FoundLink("dataset", "dataset", f"sarvam/dataset{number}"),) if is_model else (),
                evaluations=(FoundEvaluation(f"sarvam/dataset{number}", "score", day),) if is_model else (),
                reading=FoundReading(datetime.date(2026, 3, day), downloads=number),
            )
        )  # fmt: skip
        acts.append(FoundContribution(f"huggingface:{kind}:{number}", kind, key, OWNER, AT, url))
    return Found(artifacts=tuple(made), contributions=tuple(acts))


def statements(found: Found) -> int:
    with CaptureQueriesContext(connection) as captured:
        store(found=found)
    return len(captured)


def test_a_page_of_sixty_costs_as_many_statements_as_a_page_of_six() -> None:
    Language.objects.get_or_create(code="hin", defaults={"name": "Hindi"})
    Language.objects.get_or_create(code="tam", defaults={"name": "Tamil"})
    store(found=page(1, day=1, kind="space"))  # the account, and what is kept for the process
    few = [statements(page(6, day=1)), statements(page(6, day=2)), statements(page(6, day=2))]
    many = [statements(page(60, day=1, begin=100)), statements(page(60, day=2, begin=100))]
    many.append(statements(page(60, day=2, begin=100)))
    assert many == few, "new, changed, unchanged"
    assert few[2] < few[1] / 1.5, "what is as it was costs less"
    six = statements(page(6, day=3, kind="dataset"))
    assert statements(page(60, day=3, kind="dataset", begin=100)) == six, "and the children that waited"
    assert Artifact.objects.count() == 133
    assert ArtifactLink.objects.filter(parent=None).count() == 0
    assert Evaluation.objects.filter(benchmark=None).count() == 0
    assert Reading.objects.count() == 66 * 3 + 1

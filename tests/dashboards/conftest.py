"""A world of figures: all nations and languages, the real baseline where it is there, a few artefacts and awards."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from contributions.actions.innovation_graph import import_innovation_graph
from contributions.models import Account, AccountKind, Affiliation, Artifact, ArtifactKind, Grade, Method, Rollup
from mission.actions.nations import load_reference

BASELINE = Path(__file__).resolve().parents[3] / "shared" / "data" / "innovationgraph"



@pytest.fixture(scope="package")
def baseline(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Any:
    """Reference data and the real Innovation Graph, loaded once and taken away again afterwards."""
    if not BASELINE.is_dir():
        pytest.skip("../shared/data/innovationgraph is not there")
    with django_db_blocker.unblock():
        load_reference()
        import_innovation_graph(actor=None, folder=BASELINE)
    yield
    with django_db_blocker.unblock():
        from django.core.management import call_command

        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def world(baseline: None, db: None) -> None:
    """Beside the baseline: what India added in two months, and two artefacts of an organisation there."""
    for month, metric, lower, upper in [(1, "model", 1, 2), (2, "model", 3, 3), (2, "merged_change", 10, 14)]:
        Rollup.objects.create(
            nation_id="IN",
            month=datetime.date(2026, month, 1),
            metric=metric,
            lower=lower,
            upper=upper,
            rule_version=1,
            computed_at=timezone.now(),
            stale=False,
        )
    owner = Account.objects.create(
        platform="huggingface", platform_id="1", login="kaveri", kind=AccountKind.ORGANISATION
    )
    Affiliation.objects.create(
        account=owner,
        nation_id="IN",
        valid_from=datetime.date(2024, 1, 1),
        method=Method.REGISTRY,
        grade=Grade.B,
    )
    for number, kind in enumerate([ArtifactKind.MODEL, ArtifactKind.DATASET]):
        artifact = Artifact.objects.create(
            kind=kind,
            platform="huggingface",
            platform_id=str(number),
            name=f"kaveri/hindi-{kind}",
            url=f"https://example.org/{kind}",
            owner=owner,
            licence="Apache-2.0",
            created_at=timezone.now(),
        )
        artifact.languages.add("hin")

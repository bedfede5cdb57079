"""A world of figures: all nations and languages, the real baseline where it is, artefacts and an award."""

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from contributions.actions.accounts import register_account
from contributions.actions.artifacts import register_artifact
from contributions.actions.attribution import affiliate
from contributions.actions.contributions import record_contribution
from contributions.actions.exchange import recompute_due
from contributions.actions.holdings import count_holdings
from contributions.actions.innovation_graph import import_innovation_graph
from contributions.actions.rollups import recompute_stale
from contributions.found import ArtifactKey, FoundAccount, FoundArtifact, FoundLink, FoundReading
from contributions.models import Account, Artifact, Grade, Method
from dashboards.actions.releases import publish_release
from grants.models import Award
from grants.models.gpu_time import gpu_ms
from mission.actions.nations import load_reference
from mission.models import Nation, Role
from tests.grants.world import award, gpus, open_call, reviewed, startup, submitted
from tests.world import person

BASELINE = Path(__file__).resolve().parents[3] / "shared" / "data" / "innovationgraph"


@pytest.fixture(scope="package")
def baseline(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Built once for this folder and taken away afterwards: reference data, the real Innovation Graph,
    what an organisation in India published, an award to another, and a release of all of it."""
    if not BASELINE.is_dir():
        pytest.skip("the Innovation Graph's files are not in ../shared/data/innovationgraph")
    with django_db_blocker.unblock():
        load_reference()
        import_innovation_graph(actor=None, folder=BASELINE)
        publish()
        make_award()
        settings.RELEASE_DIR = tmp_path_factory.mktemp("releases")
        publish_release(actor=None)
    yield
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def world(baseline: None, db: None) -> Award:
    return Award.objects.get()


def publish() -> None:
    """An organisation's account, tied to India by a register, publishes three models."""
    owner = register_account(
        actor=None, platform="huggingface", platform_id="k1", login="kaveri", kind="organisation"
    )
    since = datetime.date(2024, 1, 1)
    india = Nation.objects.get(pk="IN")
    affiliate(
        actor=None, account=owner, nation=india, valid_from=since, method=Method.REGISTRY, grade=Grade.B
    )
    add_artifacts(owner, 3)
    recompute_stale()
    count_holdings()
    recompute_due()


def add_artifacts(owner: Account, count: int, begin: int = 0) -> list[Artifact]:
    """Models of an account, each with a Hindi card, a parent, a reading and the act of publishing it."""
    made = []
    for number in range(begin, begin + count):
        at = timezone.now() - datetime.timedelta(days=40 * number % 600)
        artifact = register_artifact(
            actor=None,
            found=FoundArtifact(
                key=ArtifactKey("huggingface", "model", f"m{number}"),
                name=f"kaveri/hindi-{number}",
                url=f"https://huggingface.co/kaveri/hindi-{number}",
                created_at=at,
                owner=FoundAccount("huggingface", owner.platform_id, owner.login, "organisation"),
                licence="Apache-2.0",
                languages=("hin",),
                links=(FoundLink("finetune", "model", "kaveri/hindi-0"),) if number else (),
                reading=FoundReading(timezone.localdate(), downloads=12, likes=0),
            ),
        )
        record_contribution(
            actor=None,
            external_id=f"huggingface:model:m{number}",
            kind="model",
            artifact=artifact,
            account=owner,
            happened_at=at,
            evidence_url=artifact.url,
        )
        made.append(artifact)
    return made


def make_award(name: str = "Kaveri Labs", owner: str = "asha") -> Award:
    """From an open call to an award of 500 GPU-hours."""
    officer = person(f"officer-{owner}", Role.OFFICER)
    call = open_call(officer, title=f"Compute for {name}")
    founder, of = startup(name, owner)
    application = reviewed(officer, submitted(founder, call, of))
    gpus(officer)
    return award(
        actor=officer, application=application, gpu_ms=gpu_ms(500), reason="Best score of the round."
    )

"""Looking at local servers in the test's own process; real worker processes are in worker.py."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from contributions.actions.sources import claim_due, watch
from contributions.actions.sync import sync_source
from contributions.models import Source
from tests.contributions.worker import Worker
from tests.local_github import LocalGitHub, World

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


@pytest.fixture
def data() -> Path:
    """The real data beside the project; it is not part of it."""
    if not DATA.is_dir():
        pytest.skip(f"the real test data is not there: {DATA}")
    return DATA


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def local_github(
    settings: LazySettings, world: World, request: pytest.FixtureRequest
) -> Iterator[LocalGitHub]:
    """Pages of a hundred, or of as many as the test's parameter says."""
    with LocalGitHub(world=world, page_cap=getattr(request, "param", 100)) as server:
        settings.GITHUB_API_URL, settings.GITHUB_TOKENS = server.url, ["local-token"]
        yield server
        assert not server.invalid, "GitHub would not have understood this"


@pytest.fixture
def look() -> Callable[[str], Source]:
    """Look at `github:name` now, and at everything due after it, as the worker would."""

    def look_now(name: str) -> Source:
        platform, _colon, rest = name.partition(":")
        source = watch(actor=None, platform=platform, name=rest)
        while claimed := claim_due(limit=100):
            for source_id, lease in claimed:
                sync_source(source_id=source_id, lease=lease)
        source.refresh_from_db()
        return source

    return look_now


@pytest.fixture
def start_worker() -> Iterator[Callable[..., Worker]]:
    running: list[Worker] = []

    def start(**environment: Any) -> Worker:
        running.append(Worker(environment))
        return running[-1]

    yield start
    for worker in running:
        worker.kill()

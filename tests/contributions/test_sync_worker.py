"""Through real Celery worker processes: started by a command, killed in the middle, going on alone."""

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.serializers import serialize
from django.db import connection

from contributions.actions.sources import watch
from contributions.models import (
    Account,
    Affiliation,
    Artifact,
    Attribution,
    Contribution,
    Reading,
    Rollup,
    Source,
)
from contributions.tasks import sync_source
from tests.contributions.worker import Worker, wait_for
from tests.local_github import Fault, LocalGitHub, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
StartWorker = Callable[..., Worker]
WHEN = {"observed_at", "computed_at", "stale_since"}


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("sync", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def rows() -> dict[str, list[Any]]:
    """Every row there is, by natural keys and without the time it was seen at."""
    login = {each.pk: each.platform_id for each in Account.objects.all()}
    artifact = {each.pk: each.platform_id for each in Artifact.objects.all()}
    act = {each.pk: each.external_id for each in Contribution.objects.all()}
    names = {"account": login, "owner": login, "artifact": artifact, "contribution": act}
    found = {}
    for model in (Account, Artifact, Reading, Contribution, Attribution, Rollup):
        said = [each["fields"] for each in json.loads(serialize("json", model.objects.all()))]
        plain = [
            {
                name: names[name].get(value, value) if name in names else value
                for name, value in row.items()
                if name not in WHEN
            }
            for row in said
        ]
        found[model.__name__] = sorted(map(repr, plain))
    return found


def empty() -> None:
    tables = [
        model._meta.db_table for model in (Source, Account, Artifact, Contribution, Affiliation, Rollup)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def looked_through() -> bool:
    open_ = Source.objects.filter(synced_at=None)
    return Source.objects.count() > 1 and not open_.exists() and not Rollup.objects.stale().exists()


def test_the_command_tells_what_came_in(
    local_github: LocalGitHub, world: World, start_worker: StartWorker
) -> None:
    start_worker(GITHUB_API_URL=local_github.url)
    said = command("github:kaveri-labs")
    assert "4 of 4" not in said  # the last step is told by what came in
    assert "3 artefacts" in said
    assert "0 of them free" in said
    assert "review" in said
    said = command("github:kaveri-labs")
    assert "0 rows new, 0 changed; 14 requests, 14 of them free" in said
    assert set(Contribution.objects.values_list("external_id", flat=True)) == world.truth()
    with pytest.raises(CommandError, match="it goes on by itself"):
        command("github:nobody-of-that-name")


def test_a_limit_in_the_middle_resumes_by_itself(
    local_github: LocalGitHub, world: World, start_worker: StartWorker
) -> None:
    local_github.faults.append(Fault("limited", "project-1/pulls?", seconds=2))
    start_worker(GITHUB_API_URL=local_github.url)
    command("github:kaveri-labs", "--no-wait")
    wait_for(looked_through, wake=True)
    assert set(Contribution.objects.values_list("external_id", flat=True)) == world.truth()


def test_workers_killed_in_the_middle_give_the_same_rows_as_an_unbroken_run(
    local_github: LocalGitHub, world: World, start_worker: StartWorker
) -> None:
    def run(kills: list[int]) -> dict[str, list[Any]]:
        """Look at everything; kill the worker after each number of requests, and start another."""
        began = len(local_github.asked)
        worker = start_worker(GITHUB_API_URL=local_github.url)
        source = watch(actor=None, platform="github", name="kaveri-labs")
        sync_source.delay(source.pk)
        for kill in kills:
            wait_for(lambda: len(local_github.asked) - began >= kill, wake=True)  # noqa: B023
            worker.kill()
            assert not looked_through(), "killed too late to show anything"
            worker = start_worker(GITHUB_API_URL=local_github.url)
        wait_for(looked_through, wake=True)
        worker.kill()
        return rows()

    unbroken = run([])
    assert set(Contribution.objects.values_list("external_id", flat=True)) == world.truth()
    empty()
    local_github.faults.append(Fault("slow", times=10_000, seconds=0.03))
    assert run([3, 15, 30, 45]) == unbroken

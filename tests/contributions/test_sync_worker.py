"""Through real Celery worker processes: started by a command, killed in the middle, going on alone."""

import json
import random
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.conf import LazySettings
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
WHEN = {"observed_at", "computed_at", "stale_since", "fetch", "kind_fixed"}
TOKEN = {"GITHUB_TOKENS": "local-token"}


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
    names["duplicate_of"] = artifact
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
    start_worker(GITHUB_API_URL=local_github.url, **TOKEN)
    said = command("github:kaveri-labs")
    assert "3 artefacts" in said
    assert "0 of them free" in said
    assert "review" in said
    said = command("github:kaveri-labs")
    assert "0 rows new, 0 changed; 8 requests, 8 of them free; 0 points of quota" in said
    assert set(Contribution.objects.values_list("external_id", flat=True)) == world.truth()
    with pytest.raises(CommandError, match="it goes on by itself"):
        command("github:nobody-of-that-name")


def test_a_limit_in_the_middle_resumes_by_itself(
    local_github: LocalGitHub, world: World, start_worker: StartWorker
) -> None:
    local_github.faults.append(Fault("limited", "project-1/pulls?", seconds=2))
    start_worker(GITHUB_API_URL=local_github.url, **TOKEN)
    command("github:kaveri-labs", "--no-wait")
    wait_for(looked_through, wake=True)
    assert set(Contribution.objects.values_list("external_id", flat=True)) == world.truth()


def look_with_kills(
    server: LocalGitHub, start_worker: StartWorker, kills: list[int], *, at_a_time: int = 2
) -> dict[str, list[Any]]:
    """Look at everything with some workers; after each number of requests one of them is killed, at random,
    and another started."""
    chance, began = random.Random(7), len(server.asked)
    places = {"GITHUB_API_URL": server.url, "SYNC_LEASE_SECONDS": 12, **TOKEN}
    workers = [start_worker(**places) for _each in range(at_a_time)]
    source = watch(actor=None, platform="github", name="kaveri-labs")
    sync_source.delay(source.pk)
    for kill in kills:
        wait_for(lambda: len(server.asked) - began >= kill, wake=True, seconds=120)  # noqa: B023
        assert not looked_through(), "killed too late to show anything"
        workers.pop(chance.randrange(len(workers))).kill()
        workers.append(start_worker(**places))
    wait_for(looked_through, wake=True, seconds=240)
    for worker in workers:
        worker.kill()
    return rows()


def test_workers_killed_in_the_middle_give_the_same_rows_as_an_unbroken_run(
    local_github: LocalGitHub, world: World, start_worker: StartWorker
) -> None:
    world.add_oddities()
    unbroken = look_with_kills(local_github, start_worker, [])
    assert set(Contribution.objects.values_list("external_id", flat=True)) == world.truth()
    empty()
    local_github.faults.append(Fault("slow", times=10_000, seconds=0.05))
    assert look_with_kills(local_github, start_worker, [2, 3, 5, 9, 14], at_a_time=1) == unbroken


def test_twenty_random_deaths_while_two_hundred_repositories_come_in_change_nothing(
    settings: LazySettings, start_worker: StartWorker
) -> None:
    world = World(repositories=200, pulls=3)
    with LocalGitHub(world=world) as server:
        settings.GITHUB_API_URL, settings.GITHUB_TOKENS = server.url, ["local-token"]
        unbroken = look_with_kills(server, start_worker, [], at_a_time=1)
        assert set(Contribution.objects.values_list("external_id", flat=True)) == world.truth()
        total = len(server.asked)
        empty()
        server.faults.append(Fault("slow", times=100_000, seconds=0.1))
        kills = sorted(random.Random(20).sample(range(1, total - 40), 20))
        assert look_with_kills(server, start_worker, kills) == unbroken

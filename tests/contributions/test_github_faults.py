"""Whatever goes wrong, in whatever order: every row arrives, once; and then nothing costs quota."""

from dataclasses import replace

import pytest
import redis
from django.conf import LazySettings
from django.db import connection
from hypothesis import HealthCheck, Phase, given, note
from hypothesis import settings as examples
from hypothesis import strategies as st

from contributions.actions.sources import claim_due, hurry, watch
from contributions.actions.sync import sync_source
from contributions.models import Account, Affiliation, Artifact, Contribution, Rollup, Source
from tests.local_github import Fault, LocalGitHub, World, schemas, truth

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(bool(schemas.missing()), reason=schemas.missing() or "never"),
]
ORG = "kaveri-labs"
PLACES = [
    "",
    "/orgs/",
    "project-0",
    "/repositories/",
    "/pulls",
    "/reviews",
    "/commits",
    "/releases",
    "page=2",
    "/graphql",
]
KINDS = ["limited", "limited_bare", "forbidden", "forbidden_bare", "exhausted", "points"]  # wait
KINDS += ["broken", "failing", "cut", "slow", "timed_out", "alias_timed_out", "preparing"]  # again, later
KINDS += ["hidden", "alias_missing", "blocked", "taken_down", "empty", "switched_off"]  # not there, it says
KINDS += ["redirected", "repeated", "clock"]
SECONDS = {"slow": 0.01, "clock": 600.0}
ALIASES = ["", "project-1", "project-2"]
EVENTS = ["push", "pull", "late review", "release", "rename", "transfer", "reuse", "new"]

faults = st.builds(
    lambda kind, path, times, alias, behind: Fault(
        kind, path, times, SECONDS.get(kind, 1.0) * (-1 if behind and kind == "clock" else 1), alias
    ),
    st.sampled_from(KINDS),
    st.sampled_from(PLACES),
    st.integers(1, 3),
    st.sampled_from(ALIASES),
    st.booleans(),
).map(lambda fault: fault if fault.kind.startswith("alias") else replace(fault, alias=""))
rounds = st.lists(
    st.tuples(st.lists(faults, max_size=4), st.lists(st.sampled_from(EVENTS), max_size=2)),
    min_size=1,
    max_size=4,
)


@pytest.fixture(autouse=True)
def tokens(settings: LazySettings) -> None:
    settings.GITHUB_TOKENS = ["only-for-tests"]


def begin_anew() -> None:
    tables = [each._meta.db_table for each in (Source, Account, Artifact, Contribution, Affiliation, Rollup)]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def wait_is_over(settings: LazySettings) -> None:
    """What we were asked to wait for has passed."""
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter("rate-budget:*"):
            client.delete(key)


def look(settings: LazySettings) -> None:
    """At the organisation and everything of it, as the worker would."""
    wait_is_over(settings)
    hurry(source=watch(actor=None, platform="github", name=ORG))
    Source.objects.update(due_at=Source.objects.order_by("due_at").values_list("due_at", flat=True)[0])
    while claimed := claim_due(limit=100):
        for source_id, lease in claimed:
            sync_source(source_id=source_id, lease=lease)


def look_until_quiet(server: LocalGitHub, settings: LazySettings) -> None:
    """Until a look meets no fault, stops nowhere and finds nothing new."""
    for _round in range(40):
        before = (sum(fault.times for fault in server.faults), rows())
        look(settings)
        troubled = Source.objects.exclude(trouble="").exists()
        if not troubled and before == (sum(fault.times for fault in server.faults), rows()):
            return
    raise AssertionError(f"never quiet: {list(Source.objects.exclude(trouble='').values('name', 'trouble'))}")


def rows() -> list[truth.Row]:
    there = Contribution.objects.select_related("artifact", "account").order_by("external_id")
    return [
        truth.Row(
            each.external_id,
            each.kind,
            each.artifact.platform_id,
            each.account.platform_id if each.account else "",
            each.happened_at,
            each.evidence_url,
            each.revision,
        )
        for each in there
    ]


def happen(world: World, event: str) -> None:
    """Something happens on GitHub meanwhile."""
    ours = [each for each in world.repositories.values() if each["owner"] is world.org]
    first, last = ours[0], ours[-1]
    count = len(world.repositories) + len(world.old_names)
    if event == "push":
        world.push(first["id"])
    elif event == "pull":
        world.add_pull(last["id"], merge=("rebase", "merge", "squash")[count % 3])
    elif event == "late review":
        merged = [each for each in world.pulls[first["id"]] if each["merged_at"]]
        world.add_review(first["id"], merged[0]["number"], world.people[count % 15])
    elif event == "release":
        world.add_release(last["id"])
    elif event == "rename":
        world.rename(first["id"], f"renamed-{count}")
    elif event == "transfer" and len(ours) > 1:
        world.rename(first["id"], first["full_name"].split("/")[1], owner=world.people[1])
    elif event == "reuse":
        name = first["full_name"].split("/")[1]
        world.rename(first["id"], f"moved-{count}")
        world.add_repository(name, pulls=2)
    elif event == "new":
        world.add_repository(f"new-{count}", pulls=1)


def expected(world: World) -> list[truth.Row]:
    """Also of what was handed over to somebody since."""
    found = world.truth_rows() | world.truth_rows(org=world.people[1]["login"])
    return sorted(found, key=lambda row: row.external_id)


def differ(found: list[truth.Row], wanted: list[truth.Row]) -> None:
    """Both hold the same, each once."""
    assert sorted(set(found) - set(wanted)) == [], "found, and not there"
    assert sorted(set(wanted) - set(found)) == [], "there, and not found"
    assert len(found) == len(wanted)


@examples(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(schedule=rounds, cap=st.sampled_from([4, 100]), seed=st.integers(1, 1000))
def test_whatever_goes_wrong_every_row_arrives_once_and_then_nothing_costs_quota(
    settings: LazySettings, schedule: list[tuple[list[Fault], list[str]]], cap: int, seed: int
) -> None:
    begin_anew()
    world = World(pulls=7, seed=seed)
    with LocalGitHub(world=world, page_cap=cap) as server:
        settings.GITHUB_API_URL = server.url
        for wrong, events in schedule:
            server.faults += [replace(fault) for fault in wrong]
            look(settings)
            for event in events:
                happen(world, event)
        look_until_quiet(server, settings)
        for fault in server.faults:
            note(f"{fault.kind} {fault.path} not met {fault.times} times")
        server.faults.clear()
        differ(rows(), expected(world))
        assert server.invalid == []
        look_until_quiet(server, settings)
        used, asked = (server.core_used, server.graphql_used), len(server.asked)
        look(settings)
        assert {each.status for each in server.asked[asked:]} <= {304}
        assert (server.core_used, server.graphql_used) == used
        differ(rows(), expected(world))

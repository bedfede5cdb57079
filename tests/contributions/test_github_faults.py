"""Whatever goes wrong, in whatever order: every row arrives, once; and then nothing costs quota."""

from dataclasses import replace

import pytest
from django.conf import LazySettings
from hypothesis import HealthCheck, Phase, given, note
from hypothesis import settings as examples
from hypothesis import strategies as st

from contributions.models import Source
from tests.contributions.looking import begin_anew, differ, look, look_until_quiet, rows
from tests.local_github import Fault, LocalGitHub, World, schemas, truth

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(bool(schemas.missing()), reason=schemas.missing() or "never"),
]
PLACES = ["", "/orgs/", "project-0", "/repositories/", "/pulls", "/reviews", "/commits", "/releases"]
PLACES += ["/graphql", "page=2"]
KINDS = ["limited", "limited_bare", "forbidden", "forbidden_bare", "exhausted", "points"]  # wait
KINDS += ["broken", "failing", "cut", "slow", "timed_out", "alias_timed_out", "preparing"]  # again, later
KINDS += ["empty", "switched_off", "redirected", "repeated", "clock"]
GONE = ["hidden", "blocked", "taken_down", "alias_missing"]  # as a whole, until the look is over
WHOLE = ["", "/orgs/", "project-0", "/repositories/"]
SECONDS = {"slow": 0.01, "clock": 600.0}
ALIASES = ["", "project-1", "project-2"]
EVENTS = ["push", "pull", "late review", "release", "rename", "transfer", "reuse", "new"]


def fault(kind: str, place: str, times: int, alias: str, sign: int, after: str = "") -> Fault:
    seconds = SECONDS.get(kind, 1.0) * (sign if kind == "clock" else 1)
    return Fault(kind, place, times, seconds, alias if kind.startswith("alias") else "", after)


begins = st.sampled_from(["", "/pulls", "/reviews", "/commits", "/releases"])
several, alias, sign = st.integers(1, 3), st.sampled_from(ALIASES), st.sampled_from([1, -1])
passing = st.builds(fault, st.sampled_from(KINDS), st.sampled_from(PLACES), several, alias, sign)
gone = st.builds(fault, st.sampled_from(GONE), st.sampled_from(WHOLE), st.just(1000), alias, sign, begins)
faults = st.one_of(passing, passing, gone)
rounds = st.lists(
    st.tuples(st.lists(faults, max_size=4), st.lists(st.sampled_from(EVENTS), max_size=2)),
    min_size=1,
    max_size=4,
)


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
    """Also of what was handed over to somebody else, where it was known by then."""
    known = set(Source.objects.values_list("platform_id", flat=True))
    elsewhere = {row for row in world.truth_rows(org=world.people[1]["login"]) if row.artifact in known}
    return sorted(world.truth_rows() | elsewhere)


@examples(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    schedule=rounds,
    tokens=st.sampled_from([["only-for-tests"], ["only-for-tests"], []]),
    cap=st.sampled_from([4, 100]),
    seed=st.integers(1, 1000),
)
def test_whatever_goes_wrong_every_row_arrives_once_and_then_nothing_costs_quota(
    settings: LazySettings,
    schedule: list[tuple[list[Fault], list[str]]],
    tokens: list[str],
    cap: int,
    seed: int,
) -> None:
    """Without a token there is no GraphQL, and REST must do."""
    begin_anew()
    settings.GITHUB_TOKENS = tokens
    world = World(pulls=7, seed=seed)
    with LocalGitHub(world=world, page_cap=cap) as server:
        settings.GITHUB_API_URL = server.url
        for wrong, events in schedule:
            server.faults += [replace(fault) for fault in wrong]
            look(settings)
            server.faults[:] = [each for each in server.faults if each.kind not in GONE]
            for event in events:
                happen(world, event)
        look_until_quiet(server, settings)
        for each in server.faults:
            note(f"{each.kind} {each.path} not met {each.times} times")
        server.faults.clear()
        differ(rows(), expected(world))
        assert server.invalid == []
        look_until_quiet(server, settings)
        used, asked = (server.core_used, server.graphql_used), len(server.asked)
        look(settings)
        assert {each.status for each in server.asked[asked:]} <= {304}
        assert (server.core_used, server.graphql_used) == used
        differ(rows(), expected(world))


@pytest.mark.parametrize("when", ["/releases", "/pulls", "/reviews", "/commits"])
def test_a_repository_that_is_private_for_an_hour_in_the_middle_of_a_look_loses_nothing(
    settings: LazySettings, when: str
) -> None:
    settings.GITHUB_TOKENS = []
    world = World(repositories=1, pulls=7)
    with LocalGitHub(world=world, page_cap=4) as server:
        settings.GITHUB_API_URL = server.url
        server.faults += [Fault("hidden", path, 1000, after=when) for path in ("/repos/", "/repositories/")]
        look(settings)
        assert Source.objects.filter(trouble__contains="nothing there").exists()
        server.faults.clear()
        look_until_quiet(server, settings)
        differ(rows(), expected(world))

"""Everything GitHub does to those who look at it: renames, reused names, ends, limits, half answers."""

import datetime
from collections.abc import Callable

import pytest
from django.conf import LazySettings
from django.utils import timezone

from contributions.actions.sources import claim, hurry, reconcile_due, watch
from contributions.actions.sync import sync_source
from contributions.models import Artifact, ArtifactAlias, Contribution, Fetch, Source
from tests.local_github import Fault, LocalGitHub, World

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[str], Source]
ORG = "github:kaveri-labs"


@pytest.fixture
def world() -> World:
    return World(repositories=2, pulls=5)


def found() -> set[str]:
    return set(Contribution.objects.values_list("external_id", flat=True))


def again(look: Look, name: str = ORG, *, check: bool = False) -> None:
    source = Source.objects.get(platform="github", name__iexact=name.partition(":")[2])
    hurry(source=source, check=check)
    look(name)


def of(number: int) -> Source:
    return Source.objects.get(kind="repository", platform_id=str(number))


def rows_of(number: int) -> set[str]:
    rows = Contribution.objects.filter(artifact__platform_id=str(number))
    return set(rows.values_list("external_id", flat=True))


# One question for many


@pytest.mark.parametrize("local_github", [100, 5, 3], indirect=True)
def test_every_row_arrives_however_short_the_pages(
    local_github: LocalGitHub, world: World, look: Look
) -> None:
    world.add_oddities()
    look(ORG)
    assert found() == world.truth()
    assert not Source.objects.exclude(trouble="").exists()
    used = local_github.used
    again(look)
    assert local_github.used == used


def test_without_a_token_rest_brings_the_same(
    local_github: LocalGitHub, world: World, look: Look, settings: LazySettings
) -> None:
    settings.GITHUB_TOKENS = []
    look(ORG)
    assert found() == world.truth()
    assert not local_github.graphql_used


def test_small_repositories_are_asked_together(local_github: LocalGitHub, look: Look) -> None:
    world = local_github.world
    assert world
    for number in range(20):
        world.add_repository(f"small-{number}", 3)
    look(ORG)
    assert found() == world.truth()
    assert local_github.graphql_used <= 5
    assert local_github.core_used == 2 + 2 * 22


@pytest.mark.parametrize("kind", ["alias_missing", "alias_timed_out"])
def test_one_bad_alias_does_not_lose_the_others(
    local_github: LocalGitHub, world: World, look: Look, kind: str
) -> None:
    for alias in ("r0", "r1"):
        local_github.faults.append(Fault(kind, "/graphql", alias=alias))
    look(ORG)
    assert found() == world.truth()
    assert not Source.objects.exclude(trouble="").exists()


@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_question_too_heavy_is_halved_and_asked_again(
    local_github: LocalGitHub, world: World, look: Look, times: int
) -> None:
    local_github.faults.append(Fault("timed_out", "/graphql", times=times))
    look(ORG)
    assert found() == world.truth()
    assert not Source.objects.exclude(trouble="").exists()


def test_points_that_run_dry_are_waited_for_and_rest_goes_on(
    local_github: LocalGitHub, world: World, look: Look
) -> None:
    local_github.faults.append(Fault("points", "/graphql", seconds=40))
    source = look(ORG)
    assert source.due_at is not None
    assert 30 < (source.due_at - timezone.now()).total_seconds() <= 41
    alone = look("github:kaveri-labs/project-0")
    assert "Asked to wait" in alone.trouble, "its reviews want points"
    assert {each.split(":")[1] for each in rows_of(5000)} >= {"pull", "release"}


# Names


def test_a_transferred_repository_keeps_its_rows_under_its_new_name(
    local_github: LocalGitHub, world: World, look: Look
) -> None:
    look(ORG)
    rows = rows_of(5000)
    world.rename(5000, "moved-away", owner=world.people[0])
    world.push(5000)
    again(look)
    assert of(5000).name == "person-0/moved-away"
    assert Artifact.objects.get(platform_id="5000").name == "person-0/moved-away"
    assert ArtifactAlias.objects.get().name == "kaveri-labs/project-0"
    assert rows_of(5000) > rows


@pytest.mark.parametrize("name", [ORG, "github:kaveri-labs/project-0"])
def test_a_name_that_passed_to_another_repository_mixes_no_rows(
    local_github: LocalGitHub, world: World, look: Look, name: str
) -> None:
    look(name)
    rows = rows_of(5000)
    world.rename(5000, "elder")
    stranger = world.add_repository("project-0", 4)
    world.push(5000)
    again(look, name)
    assert of(5000).name == "kaveri-labs/elder"
    assert rows_of(5000) > rows
    assert Artifact.objects.get(platform_id="5000").name == "kaveri-labs/elder"
    expected = {each.external_id for each in world.truth_rows() if each.artifact == "5000"}
    assert rows_of(5000) == expected
    if name == ORG:
        assert found() == world.truth()
    else:
        assert not rows_of(stranger)


def test_a_name_in_other_letters_is_the_same_repository(local_github: LocalGitHub, look: Look) -> None:
    look("github:Kaveri-Labs/Project-0")
    look("github:kaveri-labs/project-0")
    assert Source.objects.get().name == "kaveri-labs/project-0"


# Ends


@pytest.mark.parametrize("name", [ORG, "github:kaveri-labs/project-0"])
def test_what_is_not_found_is_gone_after_days_and_there_again_when_it_comes_back(
    local_github: LocalGitHub, world: World, look: Look, name: str
) -> None:
    look(name)
    rows = rows_of(5000)
    world.end(5000)
    again(look, name)
    gone = of(5000)
    assert gone.missing_since is not None
    assert "shows nothing there" in gone.trouble
    assert Artifact.objects.there().filter(platform_id="5000").exists()
    Source.objects.update(missing_since=timezone.now() - datetime.timedelta(days=4))
    hurry(source=gone)
    look(name)
    assert not Artifact.objects.there().filter(platform_id="5000").exists()
    assert rows_of(5000) == rows
    world.end(5000, "")
    hurry(source=gone)
    look(name)
    assert Artifact.objects.there().filter(platform_id="5000").exists()
    assert (of(5000).missing_since, of(5000).trouble) == (None, "")


@pytest.mark.parametrize("state", ["taken_down", "blocked"])
def test_what_is_taken_down_is_gone_at_once_and_its_rows_stay(
    local_github: LocalGitHub, world: World, look: Look, state: str
) -> None:
    look("github:kaveri-labs/project-0")
    rows = found()
    world.end(5000, state)
    again(look, "github:kaveri-labs/project-0")
    assert "blocked" in of(5000).trouble
    assert not Artifact.objects.there().exists()
    assert found() == rows


def test_an_empty_repository_is_no_trouble(local_github: LocalGitHub, world: World, look: Look) -> None:
    world.add_repository("nothing-yet", empty=True)
    look("github:kaveri-labs/nothing-yet")
    look(ORG)
    assert not Source.objects.exclude(trouble="").exists()
    assert Artifact.objects.filter(name="kaveri-labs/nothing-yet").exists()


def test_a_release_that_is_deleted_is_marked_and_its_history_stays(
    local_github: LocalGitHub, world: World, look: Look
) -> None:
    look(ORG)
    gone = world.releases[5000].pop()
    again(look)
    row = Contribution.objects.get(external_id=f"github:release:{gone['id']}")
    assert row.gone_at is not None
    world.releases[5000].append(gone)
    again(look)
    row.refresh_from_db()
    assert row.gone_at is None


def test_copies_are_shown_and_not_looked_at(local_github: LocalGitHub, world: World, look: Look) -> None:
    upstream = world.add_repository("engine", 2, owner=world.others[-1])
    world.add_repository("engine-fork", 2, fork=True, parent=upstream)
    world.add_repository("engine-mirror", 2, mirror_url="https://git.example/engine.git")
    look(ORG)
    fork = Artifact.objects.get(name="kaveri-labs/engine-fork")
    assert (fork.duplicate_of and fork.duplicate_of.name, fork.duplicate_why) == ("upstream/engine", "fork")
    assert Artifact.objects.get(name="kaveri-labs/engine-mirror").copied_from.startswith("mirror:")
    assert not Source.objects.filter(name__contains="engine").exists()
    assert found() == world.truth()


# Answers that are no answers


@pytest.mark.parametrize(
    "kind",
    [
        "preparing", "redirected", "failing", "broken", "cut", "repeated", "limited_bare", "forbidden_bare",
        "empty", "switched_off", "clock",
    ],
)  # fmt: skip
def test_a_strange_answer_anywhere_loses_and_doubles_nothing(
    local_github: LocalGitHub, world: World, look: Look, settings: LazySettings, kind: str
) -> None:
    settings.GITHUB_TOKENS = ["local-token"]
    for path in ("/orgs/", "/repos?", "/releases", "/pulls?", "/reviews", "/commits", "/graphql"):
        local_github.faults.append(Fault(kind, path, seconds=300))
    look(ORG)
    look("github:kaveri-labs/project-1")
    for _attempt in range(5):
        release_everybody()
        for source in Source.objects.all():
            hurry(source=source, check=True)
        look(ORG)
    assert found() == world.truth()
    assert not Source.objects.exclude(trouble="").exists()


def release_everybody() -> None:
    """As if the time to wait were over."""
    from contributions.rate_budget import _redis

    for key in _redis().scan_iter("rate-budget:*"):
        _redis().delete(key)


@pytest.mark.parametrize("ahead", [-7200, 7200])
def test_a_server_whose_clock_differs_is_waited_for_as_long_as_it_says(
    local_github: LocalGitHub, world: World, look: Look, ahead: int
) -> None:
    local_github.clock_ahead = ahead
    local_github.faults.append(Fault("exhausted", "/pulls?", seconds=40))
    source = look("github:kaveri-labs/project-0")
    assert source.due_at is not None
    assert 30 < (source.due_at - timezone.now()).total_seconds() <= 42
    local_github.faults.clear()
    release_everybody()
    again(look, "github:kaveri-labs/project-0")
    assert rows_of(5000) == {each.external_id for each in world.truth_rows() if each.artifact == "5000"}


def test_two_changes_in_one_second_both_arrive_though_the_look_came_between(
    local_github: LocalGitHub, world: World, look: Look
) -> None:
    look(ORG)
    newest = max(pull["updated_at"] for pull in world.pulls[5000])
    world.add_pull(5000)
    world.pulls[5000][-1]["updated_at"] = newest
    again(look)
    assert found() == world.truth()


# Behind fresh data, and from end to end


@pytest.mark.parametrize("local_github", [5], indirect=True)
def test_the_past_of_a_large_repository_comes_in_slices_behind_fresh_looks(
    local_github: LocalGitHub, world: World, settings: LazySettings
) -> None:
    large = world.add_repository("large", 60)
    source = watch(actor=None, platform="github", name="kaveri-labs/large")
    one(source)
    assert source.synced_at is not None
    assert source.backfill_slices > 0
    assert 0 < len(rows_of(large)) < len(world.truth())
    other = watch(actor=None, platform="github", name="kaveri-labs/project-0")
    Source.objects.filter(pk=other.pk).update(due_at=timezone.now())
    order = Source.objects.claimable(timezone.now()).fresh_first().values_list("pk", flat=True)
    assert list(order) == [other.pk, source.pk]
    progress = []
    for _slice in range(60):
        if not source.cursors:
            break
        Source.objects.filter(lease__isnull=False).update(lease=None, leased_until=None)  # killed: goes on
        one(source)
        progress.append((source.backfill_done, source.backfill_slices))
    assert progress == sorted(progress)
    assert source.backfill_done == source.backfill_slices
    assert rows_of(large) == {each.external_id for each in world.truth_rows() if each.artifact == str(large)}


def one(source: Source) -> None:
    lease = claim(source_id=source.pk)
    assert lease is not None
    sync_source(source_id=source.pk, lease=lease)
    source.refresh_from_db()


@pytest.mark.parametrize("local_github", [5], indirect=True)
def test_what_is_new_comes_before_the_rest_of_the_past(local_github: LocalGitHub, world: World) -> None:
    large = world.add_repository("large", 60)
    source = watch(actor=None, platform="github", name="kaveri-labs/large")
    one(source)
    world.add_pull(large)
    hurry(source=source)
    one(source)
    assert f"github:pull:{world.pulls[large][-1]['id']}" in found()
    assert source.cursors


def test_the_nightly_look_finds_what_marks_missed(
    local_github: LocalGitHub, world: World, look: Look
) -> None:
    look(ORG)
    kept = next(pull for pull in world.pulls[5000] if pull["merged_at"])
    Contribution.objects.filter(external_id=f"github:pull:{kept['id']}").delete()
    again(look)
    assert found() < world.truth()
    Source.objects.update(reconciled_at=timezone.now() - datetime.timedelta(hours=25))
    assert reconcile_due(limit=100) == 3
    used = local_github.used
    look(ORG)
    assert found() == world.truth()
    assert local_github.used - used <= 12
    assert not Source.objects.filter(reconciled_at__lt=timezone.now() - datetime.timedelta(hours=1)).exists()


def test_every_row_says_which_answer_it_came_from(local_github: LocalGitHub, look: Look) -> None:
    look(ORG)
    assert not Contribution.objects.filter(fetch=None).exists()
    assert not Artifact.objects.filter(fetch=None).exists()
    whole = Fetch.objects.get(query="wholes")
    assert (whole.url, whole.status) == ("/graphql", 200)
    listed = Fetch.objects.exclude(etag="").filter(url__contains="/releases")
    assert listed.count() == 2
    before = Fetch.objects.count()
    again(look)
    assert Fetch.objects.count() == before, "an answer that brought nothing is not kept"


def test_upstream_work_comes_in_by_anybody_and_the_project_has_its_role(
    local_github: LocalGitHub, world: World, look: Look
) -> None:
    watch(actor=None, platform="github", name="kaveri-labs/project-1", commons_role="inference")
    look("github:kaveri-labs/project-1")
    assert Artifact.objects.get().commons_role == "inference"
    assert rows_of(5001) == {each.external_id for each in world.truth_rows() if each.artifact == "5001"}

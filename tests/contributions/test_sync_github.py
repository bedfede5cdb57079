"""Looking at GitHub: everything once, nothing twice, nothing asked for in vain."""

import datetime
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.utils import timezone

from contributions import github_facts as facts
from contributions.actions.sources import claim, hurry, watch
from contributions.actions.sync import look_of, sync_source
from contributions.github import Client, search_merged
from contributions.models import (
    Account,
    Artifact,
    ArtifactAlias,
    Attribution,
    Contribution,
    Fetch,
    Reading,
    Source,
)
from mission.errors import Refused
from tests.local_github import Fault, LocalGitHub, Recorded, World

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[[str], Source]
ORG = "github:kaveri-labs"


def found() -> set[str]:
    return set(Contribution.objects.values_list("external_id", flat=True))


def again(source: Source, look: Look) -> None:
    hurry(source=source)
    look(str(source))


def test_everything_there_is_arrives_once(local_github: LocalGitHub, world: World, look: Look) -> None:
    source = look(ORG)
    assert found() == world.truth()
    assert source.children.count() == Artifact.objects.count() == 3
    project = Artifact.objects.get(name="kaveri-labs/project-1")
    assert (project.licence, project.owner and project.owner.login) == ("Apache-2.0", "kaveri-labs")
    assert Account.objects.get(login="renovate[bot]").kind == "bot"
    assert Reading.objects.filter(artifact=project, stars=5001 % 97).exists()
    assert Attribution.objects.count() == Contribution.objects.count()
    assert Contribution.objects.filter(external_id__startswith="github:commit:", account=None).exists()


def test_a_second_look_with_nothing_new_costs_no_quota(local_github: LocalGitHub, look: Look) -> None:
    source = look(ORG)
    rows, used, asked = found(), local_github.used, len(local_github.asked)
    times = set(Contribution.objects.values_list("observed_at", flat=True))
    again(source, look)
    assert {each.status for each in local_github.asked[asked:]} == {304}
    assert local_github.used == used
    assert (found(), set(Contribution.objects.values_list("observed_at", flat=True))) == (rows, times)


def test_only_what_is_new_is_asked_for_again(local_github: LocalGitHub, world: World, look: Look) -> None:
    source, asked = look(ORG), len(local_github.asked)
    world.push(5000)
    world.add_pull(5001, merge="rebase")
    world.add_release(5002)
    world.add_repository("newcomer", pulls=2)
    again(source, look)
    assert found() == world.truth()
    fresh = ("newcomer", "/repositories/5003/", "/graphql", "/orgs/kaveri-labs")  # which has one more
    later = [each for each in local_github.asked[asked:] if each.status == 200]
    old = [each for each in later if not any(name in each.path for name in fresh)]
    assert len(old) <= 9  # the four changed lists, one review list, and the pages walked to what was known


def test_a_commit_of_a_pull_request_that_came_in_late_is_not_counted_twice(
    local_github: LocalGitHub, world: World, look: Look
) -> None:
    pulls = world.pulls[5000]
    late = [pull for pull in pulls if pull["merged_at"]][-1]
    assert late["merge_commit_sha"]
    pulls.remove(late)
    source = look(ORG)
    assert Contribution.objects.filter(revision=late["merge_commit_sha"]).count() == 1
    late["updated_at"] = "2026-01-01T00:00:00Z"
    pulls.append(late)
    again(source, look)
    carried = Contribution.objects.filter(revision=late["merge_commit_sha"])
    assert [each.external_id for each in carried] == [f"github:pull:{late['id']}"]


@pytest.mark.parametrize("kind", ["limited", "forbidden", "exhausted"])
def test_a_limit_is_obeyed_and_the_look_goes_on_where_it_stood(
    local_github: LocalGitHub, world: World, look: Look, kind: str
) -> None:
    local_github.faults.append(Fault(kind, "/pulls?", seconds=40))
    source = look("github:kaveri-labs/project-0")
    asked = len(local_github.asked)
    assert source.due_at is not None
    wait = source.due_at - timezone.now()
    assert datetime.timedelta(seconds=35) < wait <= datetime.timedelta(seconds=41)
    assert source.trouble.startswith("Asked to wait until")
    assert (source.cursor["step"], source.attempts) == ("pulls", 0)
    hurry(source=source)
    sync_source(source_id=source.pk, lease=claim(source_id=source.pk))  # type: ignore[arg-type]
    assert len(local_github.asked) == asked, "another worker with this credential waits too"


@pytest.mark.parametrize("kind", ["cut", "broken"])
def test_a_broken_answer_loses_nothing(
    local_github: LocalGitHub, world: World, look: Look, kind: str
) -> None:
    for path in ("/orgs/", "/pulls?", "/reviews", "page=2"):
        local_github.faults.append(Fault(kind, path))
    source = look(ORG)
    for _attempt in range(6):
        hurry(source=source)
        look(ORG)
    assert found() == world.truth()
    assert not Source.objects.exclude(trouble="").exists()


def test_a_renamed_repository_keeps_its_rows_and_its_old_name(
    local_github: LocalGitHub, world: World, look: Look
) -> None:
    source = look("github:kaveri-labs/project-0")
    rows = found()
    repository = world.repositories.pop("kaveri-labs/project-0")
    repository["full_name"] = "kaveri-labs/renamed"
    world.repositories["kaveri-labs/renamed"] = repository
    for rest in ("", "/releases", "/pulls", "/commits"):
        local_github.moved[f"/repos/kaveri-labs/project-0{rest}"] = f"/repositories/5000{rest}"
    world.push(5000)
    again(source, look)
    source.refresh_from_db()
    assert source.name == "kaveri-labs/renamed"
    assert Artifact.objects.get().name == "kaveri-labs/renamed"
    assert ArtifactAlias.objects.get().name == "kaveri-labs/project-0"
    assert found() > rows


def test_what_is_not_there_is_said_and_becomes_gone_only_after_days(
    local_github: LocalGitHub, world: World, look: Look
) -> None:
    source = look("github:kaveri-labs/project-0")
    del world.repositories["kaveri-labs/project-0"]
    again(source, look)
    source.refresh_from_db()
    assert "shows nothing there" in source.trouble
    assert Artifact.objects.there().exists()
    Source.objects.update(missing_since=timezone.now() - datetime.timedelta(days=4))
    again(source, look)
    assert not Artifact.objects.there().exists()
    assert found()


def test_two_workers_never_hold_one_source_and_a_silent_ones_page_is_thrown_away(
    local_github: LocalGitHub, settings: LazySettings
) -> None:
    source = watch(actor=None, platform="github", name="kaveri-labs/project-0")
    first = claim(source_id=source.pk)
    assert first is not None
    assert claim(source_id=source.pk) is None
    Source.objects.update(leased_until=timezone.now())
    second = claim(source_id=source.pk)
    assert second is not None
    assert sync_source(source_id=source.pk, lease=first).state == "lost"
    assert not Contribution.objects.exists()
    assert sync_source(source_id=source.pk, lease=second).state == "finished"
    assert sync_source(source_id=source.pk, lease=second).state == "lost", "a message delivered twice"


def test_a_name_that_is_none_is_refused() -> None:
    for platform, name in (("gitlab", "org"), ("github", "a/b/c"), ("huggingface", "a/b"), ("github", "")):
        with pytest.raises(Refused):
            watch(actor=None, platform=platform, name=name)


@pytest.fixture
def recorded(data: Path, settings: LazySettings, request: pytest.FixtureRequest) -> Iterator[LocalGitHub]:
    with LocalGitHub(recorded=Recorded(data / "github", request.param)) as server:
        settings.GITHUB_API_URL = server.url
        yield server


@pytest.mark.parametrize("recorded", [["testQueryCommits"]], indirect=True)
def test_recorded_commits_over_seven_pages(recorded: LocalGitHub, look: Look) -> None:
    source = look("github:jenkinsci/jenkins")
    assert (source.trouble, source.platform_id) == ("", "1103607")
    pages = [each for each in recorded.asked if "/commits" in each.path and each.status == 200]
    assert len(pages) == 7
    assert Contribution.objects.filter(kind="merged_change").count() == 648
    used = recorded.used
    again(source, look)
    lists = [each for each in recorded.asked if each.status == 200 and "/commits" in each.path]
    assert len(lists) == 7
    assert recorded.used - used <= 3, "what was never recorded answers 404; the rest costs nothing"


@pytest.mark.parametrize("recorded", [["Secondary_Limits_Too_Many_Requests"]], indirect=True)
def test_recorded_429_is_obeyed_then_answered(recorded: LocalGitHub, look: Look) -> None:
    name = "github:hub4j-test-org/temp-testHandler_Wait_Secondary_Limits_Too_Many_Requests"
    source = look(name)
    assert source.due_at is not None
    assert 5 < (source.due_at - timezone.now()).total_seconds() <= 8
    assert not Artifact.objects.exists()


@pytest.mark.parametrize("recorded", [["Too_Many_Requests_No_Retry_After"]], indirect=True)
def test_recorded_429_without_a_time_waits_a_minute(recorded: LocalGitHub, look: Look) -> None:
    name = "github:hub4j-test-org/temp-testHandler_Wait_Secondary_Limits_Too_Many_Requests_No_Retry_After"
    source = look(name)
    assert source.due_at is not None
    assert 55 < (source.due_at - timezone.now()).total_seconds() <= 60


@pytest.mark.parametrize("recorded", [["RateLimitHandlerTest.testHandler_Fail"]], indirect=True)
def test_recorded_403_with_nothing_remaining_waits_for_the_reset(recorded: LocalGitHub, look: Look) -> None:
    source = look("github:hub4j-test-org/temp-testHandler_Fail")
    assert source.trouble.startswith("Asked to wait until")
    assert not Artifact.objects.exists()


@pytest.mark.parametrize("recorded", [["GHPullRequestTest.pullRequestReviews"]], indirect=True)
def test_recorded_reviews(recorded: LocalGitHub, look: Look) -> None:
    """The recording has reviews of a pull request that was never merged: read, and not counted."""
    source = look("github:hub4j-test-org/github-api")
    assert source.trouble == ""
    assert Artifact.objects.get().licence == "MIT"
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("recorded", [["GHOrganizationTest.testListMembersWithFilter"]], indirect=True)
def test_recorded_members_are_accounts_and_count_for_nothing(recorded: LocalGitHub, look: Look) -> None:
    source = watch(actor=None, platform="github", name="hub4j-test-org")
    Source.objects.update(synced_at=timezone.now(), reconciled_at=timezone.now() - datetime.timedelta(days=2))
    steps = {"cursor": {"step": "members"}, "marks": {"listing": "orgs"}}
    Source.objects.filter(pk=source.pk).update(**steps)
    sync_source(source_id=source.pk, lease=claim(source_id=source.pk))  # type: ignore[arg-type]
    source.refresh_from_db()
    assert (source.trouble, source.lease) == ("", None)
    people = Account.objects.filter(kind="person")
    assert people.count() > 1
    assert people.filter(login="bitwiseman").exists()
    assert Fetch.objects.get().url.endswith("/members?per_page=100")
    assert not Contribution.objects.exists()


@pytest.mark.parametrize("recorded", [["AppTest.testMemberOrgs"]], indirect=True)
@pytest.mark.parametrize("name", ["jenkinsci", "cloudbees", "stapler", "kohsuke"])
def test_recorded_owners_are_known_by_their_ids(recorded: LocalGitHub, look: Look, name: str) -> None:
    """Their lists of repositories were never recorded: a look comes to them, and waits."""
    source = look(f"github:{name}")
    assert source.platform_id.isdigit()
    assert Account.objects.get(platform_id=source.platform_id).login.lower() == name


@pytest.mark.parametrize("recorded", [["GHReleaseTest.testMakeLatestRelease"]], indirect=True)
def test_recorded_releases(recorded: LocalGitHub, look: Look) -> None:
    """Their list was never recorded, one of them was: it is asked as it is, and read as those of a list."""
    source = look("github:hub4j-test-org/temp-testMakeLatestRelease")
    assert (source.trouble, source.platform_id.isdigit()) == ("", True)
    client = Client(look_of(source))
    said = client.ask("/repos/hub4j-test-org/temp-testMakeLatestRelease/releases/latest")
    (release,) = facts.releases([said.data], source.platform_id)
    assert release.external_id == f"github:release:{said.data['id']}"
    assert release.account is not None
    assert said.etag is None


@pytest.mark.parametrize("recorded", [["GHRepositoryTest.testSearchPullRequests"]], indirect=True)
def test_recorded_searches_draw_on_a_budget_of_their_own(recorded: LocalGitHub) -> None:
    found = search_merged("kgromov", ["kgromov/temp-testSearchPullRequests"])
    assert found.complete
    assert found.total >= len(found.urls) > 0
    assert all("/pull/" in url for url in found.urls)
    assert (recorded.budgets["search"].used, recorded.budgets["core"].used) == (1, 0)


@pytest.mark.parametrize("recorded", [["GHPullRequestTest.getListOfCommits"]], indirect=True)
def test_recorded_search_over_many_pages_tells_how_many_there_are(recorded: LocalGitHub) -> None:
    found = search_merged("anybody", ["hub4j-test-org/github-api"])
    assert found.total > len(found.urls) > 0


@pytest.mark.parametrize(
    ("recorded", "name"),
    [
        (["GHRepositoryStatisticsTest.testParticipation"], "hub4j-test-org/github-api"),
        (["GHRepositoryTest.listContributors"], "hub4j/github-api"),
        (["GHRepositoryTest.listStargazers"], "hub4j/github-api"),
        (["RateLimitCheckerTest.testGitHubRateLimit"], "hub4j-test-org/github-api"),
    ],
    indirect=["recorded"],
)
def test_recorded_repositories_come_with_their_facts(recorded: LocalGitHub, look: Look, name: str) -> None:
    """Statistics, contributors and stargazers beside them are not asked for."""
    source = look(f"github:{name}")
    assert source.trouble == ""
    project = Artifact.objects.get()
    assert (project.name, project.licence) == (name, "MIT")
    assert Reading.objects.get().stars is not None
    assert project.fetch is not None
    assert project.fetch.etag

"""All that a GitHub holds arrives with every field that matters, by GraphQL or by REST alone."""

import pytest
from django.conf import LazySettings

from contributions.models import Account, Artifact, Contribution
from tests.contributions.looking import differ, look, look_until_quiet, rows
from tests.local_github import LocalGitHub, World, schemas
from tests.local_github.people import AGENT, DEPENDABOT, GHOST, PLACEHOLDER

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(schemas.missing()), reason=schemas.missing() or "never"),
]
TOKENS = [["only-for-tests"], []]


@pytest.mark.parametrize("tokens", TOKENS, ids=["graphql", "rest"])
def test_every_row_of_an_odd_world_arrives_whichever_way_it_is_asked(
    settings: LazySettings, tokens: list[str]
) -> None:
    settings.GITHUB_TOKENS = tokens
    world = World(repositories=2, oddities=True)
    with LocalGitHub(world=world) as server:
        settings.GITHUB_API_URL = server.url
        look_until_quiet(server, settings)
        differ(rows(), sorted(world.truth_rows()))
        assert server.invalid == []
        assert bool(server.graphql_used) == bool(tokens)
        used = (server.core_used, server.graphql_used)
        look(settings)
        assert (server.core_used, server.graphql_used) == used


@pytest.mark.parametrize("tokens", TOKENS, ids=["graphql", "rest"])
def test_people_are_told_from_bots_agents_and_nobody(settings: LazySettings, tokens: list[str]) -> None:
    settings.GITHUB_TOKENS = tokens
    world = World(repositories=0, oddities=True)
    with LocalGitHub(world=world) as server:
        settings.GITHUB_API_URL = server.url
        look_until_quiet(server, settings)
    kinds = dict(Account.objects.values_list("platform_id", "kind"))
    assert {kinds[str(each["id"])] for each in (AGENT, DEPENDABOT)} <= {"bot", "agent"}
    assert not {str(GHOST["id"]), str(PLACEHOLDER["id"])} & kinds.keys()
    assert Contribution.objects.filter(account=None).exists()
    names = set(Account.objects.values_list("login", flat=True))
    assert {"Copilot", "dependabot[bot]"} <= names, "one account has one name, whoever tells it"


def test_what_is_a_copy_says_so_and_what_is_archived_or_empty_is_there(settings: LazySettings) -> None:
    settings.GITHUB_TOKENS = TOKENS[0]
    with LocalGitHub(world=World(repositories=1, oddities=True)) as server:
        settings.GITHUB_API_URL = server.url
        look_until_quiet(server, settings)
    there = {
        each.name.split("/")[1]: each for each in Artifact.objects.filter(name__startswith="kaveri-labs/")
    }
    assert {"old-tools", "empty", "many-changes", "odd-people", "project-0"} <= there.keys()
    copies = {name: each.copied_from for name, each in there.items() if each.copied_from}
    assert copies == {
        "engine-fork": "fork:5001",
        "engine-mirror": "mirror:github.example/upstream/engine",
    }

"""The local GitHub refuses what GitHub's own documents refuse, and answers as they promise."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.local_github import Fault, LocalGitHub, World, schemas
from tests.local_github.people import AGENT, DEPENDABOT, GHOST

pytestmark = pytest.mark.skipif(bool(schemas.missing()), reason=schemas.missing() or "never")
ODD = "kaveri-labs/odd-people"
TOKEN = {"Authorization": "bearer only-for-tests"}


@pytest.fixture(scope="module")
def odd_world() -> World:
    return World(oddities=True)


@pytest.fixture
def server(odd_world: World) -> Iterator[LocalGitHub]:
    with LocalGitHub(world=odd_world) as running:
        yield running


@pytest.fixture
def small() -> Iterator[LocalGitHub]:
    """A world of its own, for tests that change it."""
    with LocalGitHub(world=World(), page_cap=5) as running:
        yield running


def get(server: LocalGitHub, path: str, **headers: str) -> requests.Response:
    return requests.get(f"{server.url}{path}", headers=headers, timeout=20, allow_redirects=False)


def ask(server: LocalGitHub, query: str, **variables: Any) -> dict[str, Any]:
    body = {"query": query, "variables": variables}
    said = requests.post(f"{server.url}/graphql", json=body, headers=TOKEN, timeout=20)
    assert said.status_code == 200, said.text
    return dict(said.json())


def walked(server: LocalGitHub, path: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    url: str | None = f"{server.url}{path}"
    while url:
        said = requests.get(url, timeout=20)
        assert said.status_code == 200, said.text
        rows += said.json()
        url = said.links.get("next", {}).get("url")
    return rows


def test_every_answer_of_rest_is_what_the_document_promises(server: LocalGitHub, odd_world: World) -> None:
    paths = ["/rate_limit", "/orgs/kaveri-labs", "/users/kaveri-labs", "/users/renovate%5Bbot%5D"]
    paths += ["/orgs/kaveri-labs/repos?type=public&per_page=100", "/users/person-1/repos", "/user/101"]
    for name, home in odd_world.repositories.items():
        parts = ["", "/releases", "/pulls?state=closed", "/issues?state=all", "/commits?per_page=100"]
        parts += [f"/pulls/{each['number']}" for each in odd_world.pulls[home["id"]][:9]]
        parts += [f"{part}/reviews" for part in parts[5:]] + [f"{part}/commits" for part in parts[5:7]]
        paths += [
            f"/repos/{name}{part}" for part in parts if not (part.startswith("/commits") and "empty" in home)
        ]
    for path in paths:
        assert get(server, path).status_code == 200, path
    assert server.invalid == []
    odd_world.repositories[ODD]["html_url"] = "no address"
    get(server, f"/repos/{ODD}")
    assert 'html_url: "no address" is not a "uri"' in server.invalid[0]
    odd_world.repositories[ODD]["html_url"] = f"https://github.example/{ODD}"


@pytest.mark.parametrize(
    ("path", "status", "why"),
    [
        ("/repos/kaveri-labs/project-0/pull-requests", 404, "no such address"),
        ("/repos/kaveri-labs/project-0/pulls?state=merged", 422, "state=merged is none of its values"),
        ("/repos/kaveri-labs/project-0/pulls?per_page=101", 422, "per_page=101"),
        ("/repos/kaveri-labs/project-0/pulls?per_page=ten", 422, "per_page=ten"),
        ("/repos/kaveri-labs/project-0/pulls?since=2025-01-01", 422, "there is no since"),
        ("/search/issues", 422, "q is missing"),
    ],
)
def test_what_github_would_not_understand_is_refused_and_noted(
    server: LocalGitHub, path: str, status: int, why: str
) -> None:
    assert get(server, path).status_code == status
    assert [why in trouble for trouble in server.invalid] == [True]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("{repository(owner:$O,name:$N){nope}}", "Cannot query field 'nope'"),
        ("{repository(owner:$O){id}}", "is required, but it was not provided"),
        ("{repository(owner:$O,name:$N){pullRequests{totalCount}}}", "MISSING_PAGINATION_BOUNDARIES"),
        ("{repository(owner:$O,name:$N){pullRequests(first:101){totalCount}}}", "EXCESSIVE_PAGINATION"),
        (
            "{repository(owner:$O,name:$N){pullRequests(first:100){nodes{reviews(first:100){nodes{"
            "comments(first:100){totalCount}}}}}}}",
            "MAX_NODE_LIMIT_EXCEEDED",
        ),
        (
            "{repository(owner:$O,name:$N){releases(first:1){nodes{author{...on Bot{login}}}}}}",
            "can never be of type",
        ),
        ("{nodes(ids:[" + '"x"' * 101 + "]){id}}", "ARGUMENT_LIMIT"),
        ("{", "Syntax Error"),
    ],
)
def test_a_query_the_schema_does_not_know_is_refused_whole(
    server: LocalGitHub, query: str, kind: str
) -> None:
    said = ask(server, query.replace("$O", '"kaveri-labs"').replace("$N", '"project-0"'))
    assert kind in json.dumps(said["errors"])
    assert said.get("data") is None
    assert len(server.invalid) == 1
    assert server.used == 0


def test_graphql_wants_a_token(server: LocalGitHub) -> None:
    said = requests.post(f"{server.url}/graphql", json={"query": "{viewer{login}}"}, timeout=20)
    assert said.status_code == 401


def test_points_are_reckoned_as_github_documents_it(server: LocalGitHub) -> None:
    """The worked examples of its documentation: 5,101 requests are 51 points; 22,060 nodes."""
    from tests.local_github import graphql_answers as queries

    costly = """{viewer{login repositories(first:100){edges{node{id issues(first:50){edges{node{id
        labels(first:60){edges{node{id}}}}}}}}}}}"""
    wide = """{viewer{repositories(first:50){edges{repository:node{name
        pullRequests(first:20){edges{pullRequest:node{title comments(first:10){edges{comment:node{body}}}}}}
        issues(first:20){totalCount edges{issue:node{title comments(first:10){edges{comment:node{body}}}}}}}}}
        followers(first:10){edges{follower:node{login}}}}}"""
    weight = queries.read(json.dumps({"query": costly}).encode()).weight
    assert (weight.requests, weight.points) == (5101, 51)
    assert queries.read(json.dumps({"query": wide}).encode()).weight.nodes == 22_060
    said = ask(server, "{rateLimit{cost used remaining nodeCount}}")["data"]["rateLimit"]
    assert said == {"cost": 1, "used": 1, "remaining": 4999, "nodeCount": 0}
    assert (server.graphql_used, server.core_used) == (1, 0)


def test_running_dry_is_403_in_rest_and_200_in_graphql() -> None:
    with LocalGitHub(world=World(), limit=1, points=1) as server:
        assert get(server, "/orgs/kaveri-labs").headers["X-RateLimit-Remaining"] == "0"
        dry = get(server, "/orgs/kaveri-labs")
        assert (dry.status_code, dry.headers["X-RateLimit-Resource"]) == (403, "core")
        assert "data" in ask(server, "{viewer{login}}")
        assert ask(server, "{viewer{login}}")["errors"][0]["type"] == "RATE_LIMITED"
        assert server.used == 2
        assert get(server, "/rate_limit").json()["resources"]["graphql"]["remaining"] == 0


def test_an_unchanged_answer_is_free_and_its_etag_belongs_to_the_query_and_the_accept_header(
    small: LocalGitHub,
) -> None:
    path = "/repos/kaveri-labs/project-0/pulls?state=closed"
    first = get(small, path)
    etag = first.headers["ETag"]
    assert etag.startswith('W/"')
    used = small.used
    assert get(small, path, **{"If-None-Match": etag}).status_code == 304
    assert small.used == used
    other = {"If-None-Match": etag, "Accept": "application/vnd.github.full+json"}
    assert get(small, path, **other).status_code == 200
    assert get(small, f"{path}&per_page=30", **{"If-None-Match": etag}).status_code == 200
    assert small.world
    small.world.add_pull(5000)
    assert get(small, path, **{"If-None-Match": etag}).status_code == 200


def test_a_name_that_moved_leads_to_its_id_until_another_takes_it(small: LocalGitHub) -> None:
    world = small.world
    assert world
    world.rename(5000, "renamed")
    moved = get(small, "/repos/Kaveri-Labs/project-0/pulls?state=closed")
    assert moved.status_code == 301
    assert moved.headers["Location"] == f"{small.url}/repositories/5000/pulls?state=closed"
    query = 'query($n:String!){repository(owner:"kaveri-labs",name:$n){databaseId nameWithOwner}}'
    said = ask(small, query, n="project-0")["data"]["repository"]
    assert said == {"databaseId": 5000, "nameWithOwner": "kaveri-labs/renamed"}
    taken = world.add_repository("project-0")
    assert get(small, "/repos/kaveri-labs/project-0").json()["id"] == taken != 5000
    assert ask(small, query, n="project-0")["data"]["repository"]["databaseId"] == taken
    world.rename(5001, "project-1", owner=world.people[1])
    assert get(small, "/repos/kaveri-labs/project-1").status_code == 301
    assert get(small, "/repositories/5001").json()["full_name"] == "person-1/project-1"


@pytest.mark.parametrize(
    ("state", "status", "kind"),
    [("deleted", 404, "NOT_FOUND"), ("taken_down", 451, "FORBIDDEN"), ("blocked", 403, "FORBIDDEN")],
)
def test_what_is_gone_is_gone_in_both_tongues(small: LocalGitHub, state: str, status: int, kind: str) -> None:
    assert small.world
    small.world.end(5001, state)
    assert get(small, "/repos/kaveri-labs/project-1/commits").status_code == status
    query = """{a:repository(owner:"kaveri-labs",name:"project-0"){databaseId}
                b:repository(owner:"kaveri-labs",name:"project-1"){databaseId}}"""
    said = ask(small, query)
    assert said["data"] == {"a": {"databaseId": 5000}, "b": None}
    assert [(each["type"], each["path"]) for each in said["errors"]] == [(kind, ["b"])]
    assert len(get(small, "/orgs/kaveri-labs/repos").json()) == 2


def test_empty_repositories_and_switched_off_issues_say_so(small: LocalGitHub) -> None:
    assert small.world
    small.world.add_repository("empty", empty=True, has_issues=False)
    assert get(small, "/repos/kaveri-labs/empty/commits").status_code == 409
    assert get(small, "/repos/kaveri-labs/empty/issues").status_code == 410
    query = '{repository(owner:"kaveri-labs",name:"empty"){isEmpty pushedAt defaultBranchRef{name}}}'
    assert ask(small, query)["data"]["repository"] == {
        "isEmpty": True,
        "pushedAt": None,
        "defaultBranchRef": None,
    }


def test_rest_and_graphql_tell_of_the_same_people_by_other_names(server: LocalGitHub) -> None:
    pulls = walked(server, f"/repos/{ODD}/pulls?state=closed")
    by_rest = {str(each["id"]): each["user"] for each in pulls}
    query = """{repository(owner:"kaveri-labs",name:"odd-people"){pullRequests(first:100){nodes{fullDatabaseId
        author{__typename login ...on User{databaseId} ...on Bot{databaseId}
            ...on Mannequin{databaseId}}}}}}"""
    nodes = ask(server, query)["data"]["repository"]["pullRequests"]["nodes"]
    by_graphql = {each["fullDatabaseId"]: each["author"] for each in nodes}
    assert by_rest.keys() == by_graphql.keys()
    names = {
        by_rest[key]["login"]: who and (who["__typename"], who["login"], who["databaseId"])
        for key, who in by_graphql.items()
    }
    assert names["ghost"] is None
    assert names["Copilot"] == ("Bot", "copilot-swe-agent", AGENT["id"])
    assert names["dependabot[bot]"] == ("Bot", "dependabot", DEPENDABOT["id"])
    reviews = [
        each for pull in pulls for each in walked(server, f"/repos/{ODD}/pulls/{pull['number']}/reviews")
    ]
    assert None in [each["user"] for each in reviews], "a deleted reviewer is null, a deleted author is ghost"
    assert GHOST["id"] not in [each["user"]["id"] for each in reviews if each["user"]]
    assert server.invalid == []


def test_cursors_stay_true_while_things_happen(small: LocalGitHub) -> None:
    query = """query($a:String){repository(owner:"kaveri-labs",name:"project-0"){
        pullRequests(first:5,after:$a,orderBy:{field:UPDATED_AT,direction:DESC}){
            pageInfo{endCursor} nodes{number}}}}"""
    first = ask(small, query)["data"]["repository"]["pullRequests"]
    assert small.world
    small.world.add_pull(5000)
    second = ask(small, query, a=first["pageInfo"]["endCursor"])["data"]["repository"]["pullRequests"]
    numbers = [each["number"] for each in first["nodes"] + second["nodes"]]
    assert numbers == list(range(12, 2, -1))
    page = "/repos/kaveri-labs/project-0/pulls?state=closed&sort=updated&direction=desc&page="
    before = [each["number"] for each in get(small, f"{page}1").json()]
    small.world.add_pull(5000)
    assert get(small, f"{page}2").json()[0]["number"] == before[-1], "REST's pages move on"


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        (Fault("limited"), 429),
        (Fault("limited_bare"), 429),
        (Fault("forbidden"), 403),
        (Fault("exhausted"), 403),
        (Fault("failing"), 500),
        (Fault("broken"), 502),
        (Fault("hidden"), 404),
        (Fault("blocked"), 403),
        (Fault("taken_down"), 451),
        (Fault("preparing"), 202),
        (Fault("redirected"), 307),
    ],
)
def test_a_fault_happens_as_often_as_it_was_ordered(small: LocalGitHub, fault: Fault, status: int) -> None:
    small.faults.append(Fault(fault.kind, "/project-1"))
    assert get(small, "/repos/kaveri-labs/project-0").status_code == 200
    assert get(small, "/repos/kaveri-labs/project-1").status_code == status
    assert get(small, "/repos/kaveri-labs/project-1").status_code == 200
    assert small.invalid == []


def test_one_failing_alias_does_not_lose_the_others(small: LocalGitHub) -> None:
    query = """{a:repository(owner:"kaveri-labs",name:"project-0"){id}
                b:repository(owner:"kaveri-labs",name:"project-1"){id}}"""
    for kind in ("alias_missing", "alias_timed_out"):
        small.faults.append(Fault(kind, alias="project-1"))
        said = ask(small, query)
        assert (said["data"]["a"] is None, said["data"]["b"]) == (False, None)
        assert said["errors"][0]["path"] == ["b"]
    assert "errors" not in ask(small, query)
    assert small.invalid == []

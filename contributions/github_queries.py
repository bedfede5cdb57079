"""Questions to GitHub's GraphQL, and how to read the answers. Pure: it asks nobody.

Everything is asked by node id, which outlives renames, transfers and reused names. Many things go into one
question under names of their own (r0, r1, …), because a question costs a point for every hundred lists it
opens, and at least one: what is small is asked together.
"""

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from contributions import github_facts as facts
from contributions.default_branch import Walk
from contributions.found import FoundArtifact, FoundContribution
from contributions.github_facts import Pull

LISTS_A_POINT = 100
REVIEWS = 100  # of one pull request on a page; the length of a page costs nothing
MOST = 100  # pull requests, or commits, of a repository that is asked in one piece
Json = Mapping[str, Any]

WHO = """
fragment Who on Actor {
  __typename login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Organization { databaseId }
  ... on Mannequin { databaseId }
}"""
REVIEWS_OF = """
    reviews(first: %(first)d%(after)s) {
      pageInfo { hasNextPage endCursor }
      nodes { fullDatabaseId submittedAt url author { ...Who } }
    }"""


class Size(NamedTuple):
    """How much there is of a repository."""

    id: str
    name: str
    pulls: int
    commits: int


class Counts(NamedTuple):
    id: str
    pulls: int
    head: str  # of the default branch; empty where it has no commit


class Whole(NamedTuple):
    """All of a small repository but its releases."""

    contributions: tuple[FoundContribution, ...]
    marks: dict[str, Any]


class Wanted(NamedTuple):
    """A repository to be asked for, with the numbers it had a moment ago."""

    id: str
    node: str
    name: str
    moved: str
    pulls: int = 0
    commits: int = 0

    @property
    def lists(self) -> int:
        """One of pull requests, one of reviews for each; one of commits, one of parents for each."""
        return (1 + self.pulls if self.pulls else 0) + (1 + self.commits if self.commits else 0)


def points(lists: int) -> int:
    return max(1, round(lists / LISTS_A_POINT))


def _together(parts: Sequence[str], *fragments: str) -> str:
    return "query { rateLimit { cost }\n" + "\n".join(parts) + "\n}" + "".join(fragments)


def sizes(nodes: Sequence[str]) -> str:
    part = """r%d: node(id: "%s") { ... on Repository {
  databaseId nameWithOwner
  pullRequests(states: MERGED, first: 1) { totalCount }
  defaultBranchRef { target { ... on Commit { history(first: 1) { totalCount } } } }
} }"""
    return _together([part % (index, node) for index, node in enumerate(nodes)])


def size_of(said: Json) -> Size:
    target = (said["defaultBranchRef"] or {}).get("target") or {}
    return Size(
        str(said["databaseId"]),
        said["nameWithOwner"],
        said["pullRequests"]["totalCount"],
        (target.get("history") or {}).get("totalCount", 0),
    )


def counts(owner: str, name: str) -> str:
    part = """r0: repository(owner: %s, name: %s) {
  databaseId
  pullRequests(states: MERGED, first: 1) { totalCount }
  defaultBranchRef { target { oid } }
}"""
    return _together([part % (json.dumps(owner), json.dumps(name))])


def counts_of(said: Json | None) -> Counts | None:
    if not said:
        return None
    target = (said["defaultBranchRef"] or {}).get("target") or {}
    return Counts(str(said["databaseId"]), said["pullRequests"]["totalCount"], target.get("oid", ""))


def parents(nodes: Sequence[str]) -> str:
    """What forks are copies of. Opens no list, and so costs a point however many they are."""
    part = """r%d: node(id: "%s") { ... on Repository {
  parent { databaseId nameWithOwner url createdAt isPrivate owner { __typename login
    ... on User { databaseId } ... on Organization { databaseId } } }
} }"""
    return _together([part % (index, node) for index, node in enumerate(nodes)])


def parent_of(said: Json | None) -> FoundArtifact | None:
    parent = (said or {}).get("parent")
    if not parent or parent["isPrivate"]:
        return None
    return FoundArtifact(
        key=facts.repository_key(parent["databaseId"]),
        name=parent["nameWithOwner"],
        url=parent["url"],
        created_at=facts.moment(parent["createdAt"]),
        owner=facts.actor(parent["owner"]),
    )


def wholes(wanted: Sequence[Wanted]) -> str:
    """Merged pull requests with their reviews, and the commits of the default branch, of each."""
    pulls = """
  pullRequests(states: MERGED, first: %d, orderBy: {field: UPDATED_AT, direction: DESC}) {
    pageInfo { hasNextPage }
    nodes { fullDatabaseId number id updatedAt mergedAt url mergeCommit { oid } author { ...Who } %s }
  }"""
    commits = """
  defaultBranchRef { target { ... on Commit { history(first: %d) {
    pageInfo { hasNextPage }
    nodes {
      oid committedDate url author { email user { databaseId login } } parents(first: 5) { nodes { oid } }
    }
  } } } }"""
    parts = []
    for index, each in enumerate(wanted):
        lists = pulls % (each.pulls, REVIEWS_OF % {"first": REVIEWS, "after": ""}) if each.pulls else ""
        lists += commits % each.commits if each.commits else ""
        part = 'r%d: node(id: "%s") { ... on Repository { databaseId nameWithOwner %s } }'
        parts.append(part % (index, each.node, lists))
    return _together(parts, WHO if any(each.pulls for each in wanted) else "")


def whole_of(said: Json, wanted: Wanted, now: datetime.datetime) -> Whole | None:
    """None where it is not all there: it grew meanwhile, or a list went over its page."""
    lists = said.get("pullRequests") or {"nodes": [], "pageInfo": {"hasNextPage": False}}
    target = (said.get("defaultBranchRef") or {}).get("target") or {}
    history = target.get("history") or {"nodes": [], "pageInfo": {"hasNextPage": False}}
    pages = [lists, history, *(each["reviews"] for each in lists["nodes"] if each)]
    if str(said["databaseId"]) != wanted.id or any(page["pageInfo"]["hasNextPage"] for page in pages):
        return None
    if None in lists["nodes"] or None in history["nodes"]:
        return None
    found = [pull_of(each) for each in lists["nodes"]]
    own = Walk({}, None).own_changes(
        [facts.graph_commit(each) for each in history["nodes"]], {each.merged_as for each in found} - {""}
    )
    reviews = [
        review
        for said_pull, pull in zip(lists["nodes"], found, strict=True)
        for review in facts.graph_reviews(said_pull["reviews"]["nodes"], wanted.id, pull.author_id)
    ]
    marks: dict[str, Any] = {**top_of(found, now), "moved": wanted.moved}
    if history["nodes"]:
        marks["commits"] = history["nodes"][0]["oid"]
    return Whole((*facts.merged(found, wanted.id), *reviews, *facts.direct(own, wanted.id)), marks)


def pull_of(said: Json) -> Pull:
    return Pull(
        str(said["fullDatabaseId"]),
        said["number"],
        said["id"],
        facts.actor(said["author"]),
        facts.actor_id(said["author"]),
        said["updatedAt"],
        said["mergedAt"],
        (said["mergeCommit"] or {}).get("oid", ""),
        said["url"],
    )


def top_of(found: Sequence[Pull], now: datetime.datetime) -> dict[str, Any]:
    """The mark after these: the last change, and whose it was, since several may fall in one second.

    A second that was not over yet by the server's clock may bring more of the same: then nobody is named,
    and the next look takes that second once more.
    """
    if not found:
        return {}
    top = max(each.updated_at for each in found)
    over = facts.moment(top) + datetime.timedelta(seconds=5) < now
    return {"pulls": top, "ties": [each.id for each in found if each.updated_at == top] if over else []}


def reviews(nodes: Sequence[tuple[str, str]]) -> str:
    """Of pull requests, each given by node id and where its page begins."""
    parts = []
    for index, (node, after) in enumerate(nodes):
        page = REVIEWS_OF % {"first": REVIEWS, "after": f', after: "{after}"' if after else ""}
        parts.append(f'r{index}: node(id: "{node}") {{ ... on PullRequest {{ {page} }} }}')
    return _together(parts, WHO)

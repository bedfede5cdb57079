"""Changes, reviews, commits and releases of the generated world, as GraphQL sees them."""

import datetime
from typing import Any

from tests.local_github.generated import sha_of
from tests.local_github.graphql_pages import Connection, Order, walk
from tests.local_github.graphql_things import Actor, Json, Thing, actor, user
from tests.local_github.people import git_identity, node_id, short


def pull_order(asked: Json) -> Order:
    order = asked.get("order_by") or {"field": "CREATED_AT", "direction": "ASC"}
    name = {"CREATED_AT": "created_at", "UPDATED_AT": "updated_at"}[order["field"]]
    return Order(lambda each: [each[name], each["id"]], order["direction"] == "DESC")


class Ref(Thing):
    id = property(lambda self: node_id("REF", self.home["id"]))
    name = property(lambda self: "main")
    prefix = property(lambda self: "refs/heads/")
    target = property(lambda self: Commit(self.ground, self.record, self.home))


class GitActor(Thing):
    """Who wrote a commit, by name and e-mail; `user` where that is a user's."""

    @property
    def user(self) -> Actor | None:
        return user(self.ground, self.record["author"])

    name = property(lambda self: git_identity(self.record["author"])[0])
    email = property(lambda self: git_identity(self.record["author"])[1])
    date = property(lambda self: self.record["commit"]["committer"]["date"])


class Commit(Thing):
    id = property(lambda self: node_id("C", self.home["id"], short(self.record["sha"])))
    oid = property(lambda self: self.record["sha"])
    abbreviated_oid = property(lambda self: self.record["sha"][:7])
    message = property(lambda self: f"Change {self.record['sha'][:7]}")
    message_headline = property(lambda self: f"Change {self.record['sha'][:7]}")
    committed_date = property(lambda self: self.record["commit"]["committer"]["date"])
    authored_date = property(lambda self: self.record["commit"]["committer"]["date"])
    author = property(lambda self: GitActor(self.ground, self.record, self.home))
    committer = property(lambda self: GitActor(self.ground, self.record, self.home))

    def authors(self, **asked: Any) -> Connection:
        return self.ground.page([self.record], Order(lambda each: [each["sha"]]), asked, self._git_actor)

    def _git_actor(self, record: Json) -> GitActor:
        return GitActor(self.ground, record, self.home)

    def _commit(self, record: Json) -> "Commit":
        return Commit(self.ground, record, self.home)

    def parents(self, **asked: Any) -> Connection:
        known = self.ground.commits(self.home["id"])
        rows = [{**known[each["sha"]], "place": n} for n, each in enumerate(self.record["parents"])]
        return self.ground.page(rows, Order(lambda each: [each["place"]]), asked, self._commit)

    def associated_pull_requests(self, **asked: Any) -> Connection:
        pulls = self.ground.world.pulls[self.home["id"]]
        rows = [each for each in pulls if each["number"] == self.record["pull"]]
        order = pull_order(asked)
        return self.ground.page(rows, order, asked, lambda each: PullRequest(self.ground, each, self.home))

    def history(self, **asked: Any) -> Connection:
        """What this commit stands on, a child before its parent. A cursor goes on from the head it names."""
        head = (asked.get("after") or "").partition(" ")[0] or self.record["sha"]
        rows = _behind(list(self.ground.commits(self.home["id"]).values()), head)
        since, until = asked.get("since"), asked.get("until")
        if since or until:
            first, last = _moment(since or "0001-01-01T00:00:00Z"), _moment(until or "9999-01-01T00:00:00Z")
            rows = [each for each in rows if first <= _moment(each["commit"]["committer"]["date"]) <= last]
        return walk(rows, head, asked, self._commit, cap=self.ground.page_cap, again=self.ground.again)


def _behind(commits: list[Json], head: str) -> list[Json]:
    """The head and its ancestors, in the order of the branch."""
    wanted, found = {head}, []
    for commit in commits:
        if commit["sha"] in wanted:
            found.append(commit)
            wanted.update(each["sha"] for each in commit["parents"])
    return found


def _moment(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text)


class PullRequest(Thing):
    id = property(lambda self: node_id("PR", self.home["id"], self.record["id"]))
    number = property(lambda self: self.record["number"])
    title = property(lambda self: f"Change number {self.record['number']}")
    created_at = property(lambda self: self.record["created_at"])
    updated_at = property(lambda self: self.record["updated_at"])
    merged_at = property(lambda self: self.record["merged_at"])
    closed_at = property(lambda self: self.record["merged_at"] or self.record["updated_at"])
    merged = property(lambda self: bool(self.record["merged_at"]))
    closed = property(lambda self: self.state != "OPEN")
    is_draft = property(lambda self: False)
    base_ref_name = property(lambda self: "main")
    head_ref_oid = property(lambda self: sha_of("head", self.record["id"]))
    author_association = property(lambda self: "CONTRIBUTOR")
    author = property(lambda self: actor(self.ground, self.record["user"]))
    merged_by = property(lambda self: actor(self.ground, self.record["merged_by"]))

    @property
    def state(self) -> str:
        return "MERGED" if self.record["merged_at"] else str(self.record.get("state", "closed")).upper()

    @property
    def merge_commit(self) -> Commit | None:
        commits = self.ground.world.commits[self.home["id"]]
        sha = self.record["merge_commit_sha"] if self.record["merged_at"] else None
        found = next((each for each in commits if each["sha"] == sha), None)
        return Commit(self.ground, found, self.home) if found else None

    def reviews(self, **asked: Any) -> Connection:
        rows = self.ground.world.reviews[self.home["id"], self.record["number"]]
        if asked.get("states"):
            rows = [each for each in rows if each["state"] in asked["states"]]
        return self.ground.page(rows, Order(lambda each: [each["id"]]), asked, self._review)

    def _review(self, record: Json) -> "PullRequestReview":
        return PullRequestReview(self.ground, record, self.home)


class PullRequestReview(Thing):
    id = property(lambda self: node_id("PRR", self.home["id"], self.record["id"]))
    state = property(lambda self: self.record["state"])
    body = property(lambda self: "")
    submitted_at = property(lambda self: self.record["submitted_at"])
    created_at = property(lambda self: self.record["submitted_at"])
    updated_at = property(lambda self: self.record["submitted_at"])
    author = property(lambda self: actor(self.ground, self.record["user"]))


class Release(Thing):
    id = property(lambda self: node_id("RE", self.record["id"]))
    name = property(lambda self: self.record["tag_name"])
    tag_name = property(lambda self: self.record["tag_name"])
    is_draft = property(lambda self: self.record["draft"])
    is_prerelease = property(lambda self: self.record["prerelease"])
    created_at = property(lambda self: self.record["created_at"])
    updated_at = property(lambda self: self.record["created_at"])
    published_at = property(lambda self: self.record["published_at"])
    author = property(lambda self: user(self.ground, self.record["author"]))

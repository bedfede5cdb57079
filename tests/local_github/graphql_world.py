"""Repositories of the generated world, as GraphQL sees them."""

from typing import Any

from tests.local_github.graphql_changes import Commit, PullRequest, Ref, Release, pull_order
from tests.local_github.graphql_pages import Connection, Order, refused
from tests.local_github.graphql_things import Actor, Json, Thing, there
from tests.local_github.people import node_id


class License(Thing):
    @property
    def key(self) -> str:
        return "other" if self.spdx_id == "NOASSERTION" else self.spdx_id.lower()

    @property
    def name(self) -> str:
        return self.spdx_id

    @property
    def spdx_id(self) -> str:
        return str(self.record["license"])


class Repository(Thing):
    def __getattr__(self, name: str) -> Any:
        """Fields that are said as they are kept."""
        kept = {
            "description": "description",
            "name_with_owner": "full_name",
            "stargazer_count": "stargazers_count",
            "is_fork": "fork",
            "is_archived": "archived",
            "is_private": "private",
            "is_disabled": "disabled",
            "mirror_url": "mirror_url",
            "created_at": "created_at",
        }
        if name not in kept:
            raise AttributeError(name)
        return self.record[kept[name]]

    id = property(lambda self: node_id("R", self.record["id"]))
    name = property(lambda self: self.record["full_name"].split("/")[1])
    is_mirror = property(lambda self: bool(self.record["mirror_url"]))
    is_empty = property(lambda self: not self._commits)
    is_locked = property(lambda self: False)
    is_template = property(lambda self: False)
    fork_count = property(lambda self: 0)
    visibility = property(lambda self: "PRIVATE" if self.record["private"] else "PUBLIC")
    has_issues_enabled = property(lambda self: self.record.get("has_issues", True))
    archived_at = property(lambda self: self.pushed_at if self.record["archived"] else None)
    owner = property(lambda self: Actor(self.ground, self.record["owner"]))

    @property
    def _commits(self) -> list[Json]:
        return self.ground.world.commits[self.record["id"]]

    @property
    def pushed_at(self) -> str | None:
        """When a branch or a tag moved last."""
        moved = [each["commit"]["committer"]["date"] for each in self._commits[:1]]
        tagged = [each["published_at"] for each in self.ground.world.releases[self.record["id"]]]
        return max([*moved, *tagged], default=None)

    @property
    def updated_at(self) -> str:
        return self.pushed_at or str(self.record["created_at"])

    @property
    def license_info(self) -> License | None:
        return License(self.ground, self.record) if self.record["license"] else None

    @property
    def parent(self) -> "Repository | None":
        of = self.ground.world.repository_of(self.record.get("parent", 0))
        return Repository(self.ground, of) if of and there(of) else None

    @property
    def default_branch_ref(self) -> "Ref | None":
        return Ref(self.ground, self._commits[0], self.record) if self._commits else None

    def object(self, oid: str | None = None, expression: str | None = None) -> "Commit | None":
        names = (oid, expression)
        found = (each for each in self._commits if each["sha"] in names)
        head = self._commits[:1] if expression in ("HEAD", "main", "refs/heads/main") else []
        commit = next(iter([*head, *found]), None)
        return Commit(self.ground, commit, self.record) if commit else None

    def pull_request(self, number: int) -> "PullRequest":
        pulls = self.ground.world.pulls[self.record["id"]]
        found = next((each for each in pulls if each["number"] == number), None)
        if found is None:
            message = f"Could not resolve to a PullRequest with the number of {number}."
            raise refused("NOT_FOUND", message)
        return self._pull(found)

    def pull_requests(self, **asked: Any) -> Connection:
        rows, states = self.ground.world.pulls[self.record["id"]], asked.get("states")
        if states:
            rows = [each for each in rows if self._pull(each).state in states]
        return self.ground.page(rows, pull_order(asked), asked, self._pull)

    def _pull(self, record: Json) -> PullRequest:
        return PullRequest(self.ground, record, self.record)

    def releases(self, **asked: Any) -> Connection:
        rows = [each for each in self.ground.world.releases[self.record["id"]] if not each["draft"]]
        order = asked.get("order_by") or {"field": "CREATED_AT", "direction": "DESC"}
        name = {"CREATED_AT": "created_at", "NAME": "tag_name"}[order["field"]]
        by = Order(lambda each: [each[name], each["id"]], order["direction"] == "DESC")
        return self.ground.page(rows, by, asked, lambda each: Release(self.ground, each, self.record))

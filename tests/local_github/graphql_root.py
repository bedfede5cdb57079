"""Where a GraphQL query begins: by name or by node id. What is not there is an error beside the rest."""

import base64
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import graphql

from tests.local_github.graphql_changes import Commit, PullRequest, PullRequestReview, Release
from tests.local_github.graphql_pages import refused
from tests.local_github.graphql_things import Actor, Ground, Json, Thing, there
from tests.local_github.graphql_world import Repository
from tests.local_github.people import account_node_id, short

WENT_WRONG = (
    "Something went wrong while executing your query. This may be the result of a timeout, or it could be a "
    "GitHub bug."
)


@dataclass
class Query:
    """`broken` tells what goes wrong with an alias, given its name and what it asks."""

    ground: Ground
    broken: Callable[[str], str]
    typename = "Query"

    @property
    def rate_limit(self) -> Json:
        return self.ground.rate

    @property
    def viewer(self) -> Actor:
        return Actor(self.ground, self.ground.world.people[0])

    def check(self, alias: str, asked: Json) -> None:
        kind = self.broken(f"{alias} {asked}")
        if kind == "alias_missing":
            raise refused("NOT_FOUND", f"Could not resolve to a Repository with the name '{alias}'.")
        if kind:
            raise graphql.GraphQLError(WENT_WRONG)

    def repository(self, owner: str, name: str, follow_renames: bool = True) -> Repository:
        world, full_name = self.ground.world, f"{owner}/{name}"
        here = world.named(full_name)
        if here is None and follow_renames and full_name.lower() in world.old_names:
            here = world.repository_of(world.old_names[full_name.lower()])
        if here is None or here["private"] or here["state"] == "deleted":
            message = f"Could not resolve to a Repository with the name '{full_name}'."
            raise refused("NOT_FOUND", message)
        if here["state"]:
            raise refused("FORBIDDEN", "Repository access blocked")
        return Repository(self.ground, here)

    def organization(self, login: str) -> Actor:
        return self._account(login, "Organization", ("Organization",))

    def user(self, login: str) -> Actor:
        return self._account(login, "User", ("User",))

    def repository_owner(self, login: str) -> Actor | None:
        found = self.ground.world.account(login)
        return Actor(self.ground, found) if found else None

    def _account(self, login: str, word: str, kinds: tuple[str, ...]) -> Actor:
        found = self.ground.world.account(login)
        if found is None or found["type"] not in kinds:
            sort = "an Organization" if word == "Organization" else "a User"
            raise refused("NOT_FOUND", f"Could not resolve to {sort} with the login of '{login}'.")
        return Actor(self.ground, found)

    def node(self, id: str) -> Thing:
        found = self._node(id)
        if found is None:
            raise refused("NOT_FOUND", f"Could not resolve to a node with the global id of '{id}'")
        return found

    def nodes(self, ids: list[str]) -> list[Any]:
        """What is not there is null in its place, with an error of its own."""
        found = [self._node(each) for each in ids]
        return [
            each or refused("NOT_FOUND", f"Could not resolve to a node with the global id of '{node}'")
            for node, each in zip(ids, found, strict=True)
        ]

    def _node(self, node: str) -> Thing | None:
        prefix, _gap, packed = node.partition("_")
        try:
            said = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
            numbers = [struct.unpack(">Q", said[at : at + 8])[0] for at in range(3, len(said), 9)]
        except (ValueError, struct.error):
            return None
        world = self.ground.world
        if prefix in ("U", "BOT", "O", "M"):
            everybody = [world.org, *world.people, *world.others]
            found = next((each for each in everybody if account_node_id(each) == node), None)
            return Actor(self.ground, found) if found else None
        if not numbers:
            return None
        repository_id = numbers[0] // 100 if prefix == "RE" else numbers[0]
        home = world.repository_of(repository_id)
        return self._in_repository(prefix, numbers, home) if home and there(home) else None

    def _in_repository(self, prefix: str, numbers: list[int], home: Json) -> Thing | None:
        world, here = self.ground.world, home["id"]
        if prefix == "R":
            return Repository(self.ground, home)
        pulls = world.pulls[here]
        reviews = [each for pull in pulls for each in world.reviews[here, pull["number"]]]
        rows: dict[str, tuple[type[Thing], list[Json]]] = {
            "PR": (PullRequest, [each for each in pulls if each["id"] == numbers[-1]]),
            "PRR": (PullRequestReview, [each for each in reviews if each["id"] == numbers[-1]]),
            "RE": (Release, [each for each in world.releases[here] if each["id"] == numbers[-1]]),
            "C": (Commit, [each for each in world.commits[here] if short(each["sha"]) == numbers[-1]]),
        }
        kind, found = rows.get(prefix, (Thing, []))
        return kind(self.ground, found[0], home) if found else None

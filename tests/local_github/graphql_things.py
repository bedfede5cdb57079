"""The generated world as GraphQL sees it. A class is a type of GitHub's schema, an attribute or method one of
its fields in small letters; what is not here this GitHub does not know, and says so."""

from dataclasses import dataclass, field
from typing import Any

from tests.local_github.generated import World
from tests.local_github.graphql_pages import Connection, Order, connection
from tests.local_github.people import GHOST, account_node_id

Json = dict[str, Any]


@dataclass
class Ground:
    """What every answer to one query stands on."""

    world: World
    page_cap: int = 100
    again: bool = False  # every further page begins with the last row of the page before
    rate: Json = field(default_factory=dict)
    known: dict[int, dict[str, Json]] = field(default_factory=dict)

    def page(self, rows: list[Json], order: Order, asked: Json, make: Any) -> Connection:
        return connection(rows, order, asked, make, cap=self.page_cap, again=self.again)

    def commits(self, repository_id: int) -> dict[str, Json]:
        """By hash, newest first."""
        if repository_id not in self.known:
            self.known[repository_id] = {each["sha"]: each for each in self.world.commits[repository_id]}
        return self.known[repository_id]

    def repository(self, record: Json) -> Any:
        from tests.local_github.graphql_world import Repository  # it is made of what is made of this

        return Repository(self, record)


class Thing:
    """Something with a record in the world; `home` is the repository it lies in."""

    def __init__(self, ground: Ground, record: Json, home: Json | None = None) -> None:
        self.ground, self.record, self.home = ground, record, home or record

    @property
    def typename(self) -> str:
        return type(self).__name__

    @property
    def url(self) -> str:
        return str(self.record["html_url"])

    @property
    def database_id(self) -> int:
        return int(self.record["id"])

    @property
    def full_database_id(self) -> str:
        return str(self.record["id"])

    @property
    def repository(self) -> Any:
        return self.ground.repository(self.home)


class Actor(Thing):
    """A person, an organisation, a bot or a placeholder."""

    @property
    def typename(self) -> str:
        return str(self.record["type"])

    @property
    def id(self) -> str:
        return account_node_id(self.record)

    @property
    def login(self) -> str:
        return str(self.record.get("app") or self.record["login"])

    @property
    def name(self) -> None:
        return None

    @property
    def created_at(self) -> str:
        return "2020-01-01T00:00:00Z"

    @property
    def resource_path(self) -> str:
        return f"/{self.login}"

    def repositories(self, **asked: Any) -> Connection:
        world = self.ground.world
        own = [
            each
            for each in world.repositories.values()
            if each["owner"]["id"] == self.record["id"] and there(each)
        ]
        if asked.get("is_fork") is not None:
            own = [each for each in own if each["fork"] == asked["is_fork"]]
        if asked.get("is_archived") is not None:
            own = [each for each in own if each["archived"] == asked["is_archived"]]
        order = asked.get("order_by") or {"field": "CREATED_AT", "direction": "ASC"}
        key = {
            "CREATED_AT": lambda each: [each["created_at"], each["id"]],
            "NAME": lambda each: [each["full_name"], each["id"]],
            "STARGAZERS": lambda each: [each["stargazers_count"], each["id"]],
            "PUSHED_AT": lambda each: [self.ground.repository(each).pushed_at or "", each["id"]],
            "UPDATED_AT": lambda each: [self.ground.repository(each).updated_at, each["id"]],
        }[order["field"]]
        by = Order(key, order["direction"] == "DESC")
        return self.ground.page(own, by, asked, self.ground.repository)


def actor(ground: Ground, who: Json | None) -> Actor | None:
    """Nobody, where the account was deleted."""
    return None if who is None or who["id"] == GHOST["id"] else Actor(ground, who)


def user(ground: Ground, who: Json | None) -> Actor | None:
    """For fields that can hold a user only: a bot or a placeholder is nobody there."""
    return actor(ground, who) if who is not None and who["type"] == "User" else None


def there(repository: Json) -> bool:
    return not (repository["private"] or repository["state"])

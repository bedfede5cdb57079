"""Connections of GraphQL: pages of a list by opaque cursors, which stay true while the list grows."""

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any, NamedTuple

import graphql

Json = dict[str, Any]
Key = list[Any]  # where a row stands in its order


def refused(type_: str, message: str) -> graphql.GraphQLError:
    return graphql.GraphQLError(message, extensions={"type": type_})


def cursor_of(key: Key) -> str:
    return base64.b64encode(f"cursor:v2:{json.dumps(key)}".encode()).decode()


def key_of(cursor: str) -> Key:
    try:
        key: Key = json.loads(base64.b64decode(cursor, validate=True).removeprefix(b"cursor:v2:"))
    except (binascii.Error, ValueError) as error:
        message = f"`{cursor}` does not appear to be a valid cursor."
        raise refused("INVALID_CURSOR_ARGUMENTS", message) from error
    return key


class Order(NamedTuple):
    key: Callable[[Json], Key]
    descending: bool = False


class PageInfo(NamedTuple):
    typename = "PageInfo"
    start_cursor: str | None
    end_cursor: str | None
    has_next_page: bool
    has_previous_page: bool


class Edge(NamedTuple):
    cursor: str
    node: Any


class Connection(NamedTuple):
    edges: list[Edge]
    page_info: PageInfo
    total_count: int

    @property
    def nodes(self) -> list[Any]:
        return [edge.node for edge in self.edges]


def connection(
    rows: list[Json], order: Order, asked: Json, make: Callable[[Json], Any], *, cap: int, again: bool
) -> Connection:
    """A page of the rows. `cap` holds pages short; `again` begins with the last row of the page before."""
    first, last = asked.get("first"), asked.get("last")
    there = sorted(rows, key=order.key, reverse=order.descending)
    keys = [order.key(row) for row in there]
    begin = _after(keys, key_of(asked["after"]), order.descending) if asked.get("after") else 0
    end = _before(keys, key_of(asked["before"]), order.descending) if asked.get("before") else len(keys)
    begin -= 1 if again and begin else 0
    if first is not None:
        end = min(end, begin + min(first, cap))
    elif last is not None:
        begin = max(begin, end - min(last, cap))
    cursors = [cursor_of(key) for key in keys[begin:end]]
    edges = [Edge(cursor, make(row)) for cursor, row in zip(cursors, there[begin:end], strict=True)]
    ends = (cursors[0], cursors[-1]) if cursors else (None, None)
    return Connection(edges, PageInfo(*ends, end < len(keys), begin > 0), len(rows))


def _after(keys: list[Key], mark: Key, descending: bool) -> int:
    return sum(key >= mark if descending else key <= mark for key in keys)


def _before(keys: list[Key], mark: Key, descending: bool) -> int:
    return sum(key > mark if descending else key < mark for key in keys)


def walk(
    rows: list[Json], head: str, asked: Json, make: Callable[[Json], Any], *, cap: int, again: bool
) -> Connection:
    """A page of the commits behind `head`. Their cursors name the head, so that a walk that began before a
    push goes on as it began: `rows` gives the commits behind any head."""
    start = 0
    if asked.get("after"):
        _head, _space, index = asked["after"].partition(" ")
        if not index.isdigit():
            message = f"`{asked['after']}` does not appear to be a valid cursor."
            raise refused("INVALID_CURSOR_ARGUMENTS", message)
        start = int(index) + (0 if again else 1)
    end = min(len(rows), start + min(asked.get("first") or cap, cap))
    edges = [Edge(f"{head} {index}", make(rows[index])) for index in range(start, end)]
    ends = (edges[0].cursor, edges[-1].cursor) if edges else (None, None)
    return Connection(edges, PageInfo(*ends, end < len(rows), start > 0), len(rows))

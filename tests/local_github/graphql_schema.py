"""GitHub's own GraphQL schema, and what a query costs by GitHub's rules before it is executed."""

import functools
from collections.abc import Mapping
from typing import Any, NamedTuple

import graphql
from graphql.language import ast

from tests.local_github.schemas import GRAPHQL

PAGE_SIZE, NODES = 100, 500_000  # at most on a page, and possible in one query
Variables = Mapping[str, Any]


class QueryRefused(Exception):
    """GitHub would not execute this; `type` is its word for why."""

    def __init__(self, type_: str, message: str) -> None:
        super().__init__(message)
        self.type = type_


class Weight(NamedTuple):
    nodes: int
    requests: int  # to fill every connection there may be

    @property
    def points(self) -> int:
        return max(1, round(self.requests / 100))


@functools.cache
def schema() -> graphql.GraphQLSchema:
    """Half a second, once a process."""
    parsed = graphql.parse(GRAPHQL.read_text(), no_location=True)
    return graphql.build_ast_schema(parsed, assume_valid=True)


@functools.lru_cache(maxsize=200)
def understood(query: str) -> tuple[ast.DocumentNode | None, tuple[graphql.GraphQLError, ...]]:
    """The query, and what the schema has against it."""
    try:
        parsed = graphql.parse(query)
    except graphql.GraphQLSyntaxError as error:
        return None, (error,)
    return parsed, tuple(graphql.validate(schema(), parsed))


def weigh(document: ast.DocumentNode, variables: Variables, operation_name: str | None) -> Weight:
    """Nodes and requests of a valid query. Raises QueryRefused for pages too long, or too many nodes."""
    operation = graphql.utilities.get_operation_ast(document, operation_name)
    if operation is None:
        raise QueryRefused("INVALID_QUERY", "An operation name is required")
    fragments = {
        each.name.value: each for each in document.definitions if isinstance(each, ast.FragmentDefinitionNode)
    }
    defaults = {
        each.variable.name.value: graphql.value_from_ast_untyped(each.default_value)
        for each in operation.variable_definitions or ()
        if each.default_value
    }
    root = schema().query_type
    weight = _Scale(fragments, defaults | dict(variables)).of(operation.selection_set, root, 1)
    if weight.nodes > NODES:
        raise QueryRefused(
            "MAX_NODE_LIMIT_EXCEEDED",
            f"This query requests up to {weight.nodes:,} possible nodes which exceeds the maximum limit of "
            f"{NODES:,}.",
        )
    return weight


class _Scale:
    def __init__(self, fragments: dict[str, ast.FragmentDefinitionNode], variables: Variables) -> None:
        self.fragments, self.variables = fragments, variables

    def of(self, selections: ast.SelectionSetNode | None, parent: Any, times: int) -> Weight:
        """What lies in these braces, where the thing around them may occur so many times."""
        found = [self._one(each, parent, times) for each in (selections.selections if selections else ())]
        return Weight(sum(each.nodes for each in found), sum(each.requests for each in found))

    def _one(self, each: ast.SelectionNode, parent: Any, times: int) -> Weight:
        if isinstance(each, ast.FragmentSpreadNode):
            fragment = self.fragments[each.name.value]
            return self.of(
                fragment.selection_set, schema().get_type(fragment.type_condition.name.value), times
            )
        if isinstance(each, ast.InlineFragmentNode):
            on = each.type_condition
            return self.of(each.selection_set, schema().get_type(on.name.value) if on else parent, times)
        assert isinstance(each, ast.FieldNode)
        if each.name.value.startswith("__"):
            return Weight(0, 0)
        field = parent.fields[each.name.value]
        child = graphql.get_named_type(field.type)
        given = {
            a.name.value: graphql.value_from_ast_untyped(a.value, self.variables)
            for a in each.arguments or ()
        }
        if "first" in field.args and child.name.endswith("Connection"):
            size = _page_size(each.name.value, given)
            inner = self.of(each.selection_set, child, times * size)
            return Weight(inner.nodes + times * size, inner.requests + times)
        if each.name.value == "nodes" and "ids" in field.args:
            count = len(given["ids"])
            if count > PAGE_SIZE:
                raise QueryRefused(
                    "ARGUMENT_LIMIT",
                    f"You may not provide more than {PAGE_SIZE} node ids; you provided {count}.",
                )
            inner = self.of(each.selection_set, child, times * count)
            return Weight(inner.nodes + times * count, inner.requests)
        return self.of(each.selection_set, child, times)


def _page_size(name: str, given: dict[str, Any]) -> int:
    for word in ("first", "last"):
        size = given.get(word)
        if size is None:
            continue
        if not 0 <= size <= PAGE_SIZE:
            raise QueryRefused(
                "EXCESSIVE_PAGINATION",
                f"Requesting {size} records on the `{name}` connection exceeds the `{word}` limit of "
                f"{PAGE_SIZE} records.",
            )
        return int(size)
    raise QueryRefused(
        "MISSING_PAGINATION_BOUNDARIES",
        f"You must provide a `first` or `last` value to properly paginate the `{name}` connection.",
    )

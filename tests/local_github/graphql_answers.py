"""POST /graphql: a query is checked against GitHub's schema, weighed, and executed by graphql-core."""

import json
import re
from typing import Any, NamedTuple

import graphql

from tests.local_github.graphql_root import Query
from tests.local_github.graphql_schema import QueryRefused, Weight, schema, understood, weigh

Json = dict[str, Any]


class Asked(NamedTuple):
    """A query that GitHub would execute, and what it costs."""

    document: Any
    variables: Json
    operation: str | None
    weight: Weight


class Unfit(Exception):
    """GitHub would not execute it; `errors` as it says them."""

    def __init__(self, errors: list[Json]) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors


def read(body: bytes) -> Asked:
    """Raises Unfit, or ValueError where it is no JSON."""
    said = json.loads(body)
    variables, operation = said.get("variables") or {}, said.get("operationName")
    document, errors = understood(said["query"])
    if document is None or errors:
        raise Unfit([_error(each) for each in errors])
    try:
        weight = weigh(document, variables, operation)
    except QueryRefused as error:
        raise Unfit([{"type": error.type, "message": str(error)}]) from error
    return Asked(document, variables, operation, weight)


def execute(asked: Asked, root: Query, unknown: list[str]) -> Json:
    """Data, and errors beside it. What our world does not know is named in `unknown`."""

    def resolve(source: Any, info: graphql.GraphQLResolveInfo, **given: Any) -> Any:
        name = _small(info.field_name)
        given = {_small(key): value for key, value in given.items()}
        if source is root:
            root.check(str(info.path.key), given)
        if isinstance(source, dict):
            return source[info.field_name]
        try:
            said = getattr(source, name)
        except AttributeError as error:
            field = f"{info.parent_type.name}.{info.field_name}"
            unknown.append(f"the local GitHub does not know {field}")
            raise graphql.GraphQLError(f"the local GitHub does not know {field}") from error
        return said(**given) if callable(said) else said

    done = graphql.execute_sync(
        schema(),
        asked.document,
        root,
        None,
        asked.variables,
        asked.operation,
        field_resolver=resolve,
        type_resolver=lambda value, _info, _kind: str(value.typename),
    )
    answer: Json = {"data": done.data}
    if done.errors:
        answer["errors"] = [_error(each) for each in done.errors]
    return answer


def _error(error: graphql.GraphQLError) -> Json:
    """GitHub says the type of an error beside its message, not under `extensions`."""
    said: Json = dict(error.formatted)
    extensions = said.pop("extensions", {})
    return {"type": extensions["type"], **said} if "type" in extensions else said


def _small(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()

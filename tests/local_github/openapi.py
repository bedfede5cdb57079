"""GitHub's own OpenAPI document, asked: would GitHub understand this request, and answer like this?"""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import jsonschema_rs

from tests.local_github.schemas import OPENAPI

Json = dict[str, Any]
TALK = {
    "example",
    "examples",
    "description",
    "summary",
    "title",
    "externalDocs",
    "discriminator",
    "deprecated",
}
PAGE_SIZE = 100  # written in the document's sentences only
# A repository, a person or an organisation may be named by its id; the document does not tell.
BY_ID = {
    re.compile(r"/repositories/\d+(?=/|$)"): "/repos/owner/repo",
    re.compile(r"/organizations/\d+(?=/|$)"): "/orgs/org",
    re.compile(r"/user/\d+(?=/.)"): "/users/username",
}


class Operation(NamedTuple):
    template: str
    queries: dict[str, Json]  # name → schema
    required: frozenset[str]
    responses: Json


@functools.cache
def document() -> Json:
    said: Json = json.loads(OPENAPI.read_bytes())
    return said


def _pointed(part: Json) -> Json:
    """The part itself, or what it points at."""
    while "$ref" in part:
        part = functools.reduce(lambda node, name: node[name], part["$ref"][2:].split("/"), document())
    return part


@functools.cache
def _paths() -> list[tuple[int, re.Pattern[str], str]]:
    """Templates as patterns, those with the fewest gaps first."""
    found = []
    for template in document()["paths"]:
        gap = r"\{(\w+)\}"
        pattern = re.sub(gap, "[^/]+", re.escape(template).replace(r"\{", "{").replace(r"\}", "}"))
        found.append((len(re.findall(gap, template)), re.compile(pattern), template))
    return sorted(found, key=lambda each: each[0])


@functools.cache
def _operation(template: str, method: str) -> Operation | None:
    here = document()["paths"][template]
    if method not in here:
        return None
    said = here[method]
    parameters = [_pointed(each) for each in [*here.get("parameters", []), *said.get("parameters", [])]]
    queries = {each["name"]: each["schema"] for each in parameters if each["in"] == "query"}
    required = frozenset(
        each["name"] for each in parameters if each["in"] == "query" and each.get("required")
    )
    return Operation(template, queries, required, said["responses"])


def operation(method: str, path: str) -> Operation | None:
    """What the document calls this address, or None where GitHub has no such thing."""
    for by_id, named in BY_ID.items():
        path = by_id.sub(named, path, count=1) if by_id.match(path) else path
    template = _template(path)
    return _operation(template, method.lower()) if template else None


@functools.lru_cache(maxsize=10_000)
def _template(path: str) -> str | None:
    return next((template for _gaps, pattern, template in _paths() if pattern.fullmatch(path)), None)


def request_troubles(asked: Operation, query: Mapping[str, str]) -> list[str]:
    """Why GitHub would refuse, or not understand, this query."""
    found = [f"{name} is missing" for name in asked.required - query.keys()]
    for name, value in query.items():
        schema = asked.queries.get(name)
        if schema is None:
            found.append(f"there is no {name}")
        elif not _fits(schema, value):
            found.append(f"{name}={value} is none of its values")
        elif name == "per_page" and not 1 <= int(value) <= PAGE_SIZE:
            found.append(f"per_page={value} is not from 1 to {PAGE_SIZE}")
    return found


def _fits(schema: Json, text: str) -> bool:
    kind = schema.get("type", "string")
    value: Any = text
    if kind in ("integer", "number"):
        if not re.fullmatch(r"-?\d+", text):
            return False
        value = int(text)
    elif kind == "boolean":
        value = {"true": True, "false": False}.get(text, text)
    return _validator(json.dumps(schema, sort_keys=True)).is_valid(value)


def answer_troubles(asked: Operation, status: int, body: Any) -> Iterator[str]:
    """Where this answer is not what the document promises. A status it does not know may say anything."""
    promised = asked.responses.get(str(status))
    if promised is None:
        return
    content = _pointed(promised).get("content", {}).get("application/json")
    if content is None:
        return
    for error in _validator(json.dumps(content["schema"], sort_keys=True)).iter_errors(body):
        where = "/".join(map(str, error.instance_path))
        yield f"{asked.template} {status} at {where or 'its root'}: {error.message[:200]}"


@functools.cache
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    wanted: Json = {}
    root = _plain(json.loads(schema), wanted)
    root = {"anyOf": [root]} if isinstance(root, bool) else root
    return jsonschema_rs.Draft202012Validator(root | {"$defs": wanted}, validate_formats=True)


def _plain(schema: Any, wanted: Json) -> Any:
    """A schema of OpenAPI 3.0 as JSON Schema of today; what it points at is gathered in `wanted`."""
    if isinstance(schema, list):
        return [_plain(each, wanted) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].removeprefix("#/components/schemas/")
        if name not in wanted:
            wanted[name] = {}
            wanted[name] = _plain(document()["components"]["schemas"][name], wanted)
        return {"$ref": f"#/$defs/{name}"}
    found: Json = {}
    for key, value in schema.items():
        if key == "properties":
            found[key] = {name: _plain(each, wanted) for name, each in value.items()}
        elif key in ("enum", "required", "default"):
            found[key] = value
        elif key not in TALK and key != "nullable" and not key.startswith("x-"):
            found[key] = _plain(value, wanted)
    return {"anyOf": [found, {"type": "null"}]} if schema.get("nullable") else found

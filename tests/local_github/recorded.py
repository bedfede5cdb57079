"""Recorded traffic in WireMock's format, served as it was recorded: one folder a scenario.

A request is answered by the recording of exactly its address and query. Where that query was never
recorded, the recording of the same path and page answers, the one with the fewest conditions of its own:
the recordings were made by another client, which asked with other page sizes and filters.
"""

import datetime
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

HOST = "https://api.github.com"
LEFT_OUT = {"content-encoding", "transfer-encoding", "content-length", "connection", "date", "server"}
TEMPLATE = re.compile(r"\{\{(\w+)(?:[^}]*?offset='(\d+) seconds')?[^}]*?\}\}")


class Stub(NamedTuple):
    path: str
    query: tuple[tuple[str, str], ...]
    status: int
    headers: dict[str, str]
    body: str
    scenario: str | None
    wanted: str | None
    then: str | None

    @property
    def page(self) -> str:
        return dict(self.query).get("page", "1")


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def _template(match: re.Match[str]) -> str:
    now = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=int(match[2] or 0))
    if "unix" in match[0]:
        return str(int(now.timestamp()))
    return now.strftime("%a, %d %b %Y %H:%M:%S GMT")


def _stub(file: Path) -> Stub | None:
    said: dict[str, Any] = json.loads(file.read_text())
    request, response = said["request"], said["response"]
    if request["method"] != "GET":
        return None
    url = urlsplit(request.get("url") or request["urlPath"])
    query = dict(parse_qsl(url.query, keep_blank_values=True))
    for name, rule in request.get("queryParameters", {}).items():
        query[name] = rule["equalTo"]
    headers = {
        name: ", ".join(value) if isinstance(value, list) else str(value)
        for name, value in response.get("headers", {}).items()
        if name.lower() not in LEFT_OUT
    }
    name = response.get("bodyFileName")
    body = (file.parent.parent / "__files" / name).read_text() if name else response.get("body", "")
    return Stub(
        url.path, tuple(sorted(query.items())), response["status"], headers, body,
        said.get("scenarioName"), said.get("requiredScenarioState"), said.get("newScenarioState"),
    )  # fmt: skip


class Recorded:
    """Scenarios of a folder: all of them, or those named (the part of the name after the dot will do)."""

    def __init__(self, folder: Path, names: Iterable[str] = ()) -> None:
        wanted = tuple(names)
        self.states: dict[str, str] = {}
        self.stubs: list[Stub] = []
        for scenario in sorted(folder.iterdir()):
            if scenario.is_dir() and (not wanted or scenario.name.endswith(wanted)):
                files = sorted(
                    scenario.glob("mappings/*.json"), key=lambda each: int(each.name.split("-")[0])
                )
                self.stubs += [stub for file in files if (stub := _stub(file))]

    def answer(self, path: str, if_none_match: str, base: str) -> Answer | None:
        url = urlsplit(path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        stub = self._find(url.path, query)
        if stub is None:
            return None
        if stub.scenario and stub.then:
            self.states[stub.scenario] = stub.then
        headers = {
            name: TEMPLATE.sub(_template, value).replace(HOST, base) for name, value in stub.headers.items()
        }
        etag = next((value for name, value in headers.items() if name.lower() == "etag"), None)
        if stub.status == 200 and etag and etag == if_none_match:
            return Answer(304, headers, b"")
        return Answer(stub.status, headers, stub.body.replace(HOST, base).encode())

    def _find(self, path: str, query: dict[str, str]) -> Stub | None:
        here = [
            stub
            for stub in self.stubs
            if stub.path == path
            and (not stub.scenario or not stub.wanted or self._state(stub.scenario) == stub.wanted)
        ]
        asked = tuple(sorted(query.items()))
        exact = [stub for stub in here if stub.query == asked]
        near = [stub for stub in here if stub.page == query.get("page", "1")]
        near.sort(key=lambda stub: ('rel="next"' not in stub.headers.get("Link", ""), len(stub.query)))
        return next(iter([*exact, *near]), None)

    def _state(self, scenario: str) -> str:
        return self.states.get(scenario, "Started")

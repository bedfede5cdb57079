"""The server: lists by author with `expand` and cursor pages, single models, overviews, error codes."""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

NAMES = {"last_modified": "lastModified", "created_at": "createdAt"}
ALWAYS = {"_id", "id"}
WINDOW = 300


class Said(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def _hub_id(name: str) -> str:
    """The Hub's own ids are 24 hexadecimal digits; the file has none, so they are made from the name."""
    return hashlib.sha256(name.encode()).hexdigest()[:24]


def _as_hub(model: dict[str, Any]) -> dict[str, Any]:
    said = {NAMES.get(name, name): value for name, value in model.items()}
    said["_id"] = _hub_id(said["id"])
    for name in ("lastModified", "createdAt"):
        said[name] = said[name].replace(" ", "T").replace("+00:00", ".000Z")
    said["siblings"] = [{"rfilename": name} for name in said.get("siblings", [])]
    return said


def load(file: Path) -> list[dict[str, Any]]:
    return [_as_hub(json.loads(line)) for line in file.read_text().splitlines() if line]


class LocalHub:
    """`limit` requests in five minutes."""

    def __init__(
        self, models: list[dict[str, Any]], *, port: int = 0, limit: int = 500, page_cap: int = 1000
    ) -> None:
        self.models, self.limit, self.page_cap = models, limit, page_cap
        self.people: set[str] = set()  # authors who are people; the rest are organisations
        self.asked: list[str] = []
        self.limited: list[int] = []  # seconds of Retry-After for the next answers
        self.lock, self.began = threading.Lock(), time.time()
        self.http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def __enter__(self) -> "LocalHub":
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    def answer(self, path: str) -> Said:
        with self.lock:
            self.asked.append(path)
            if self.limited:
                return Said(429, {"Retry-After": str(self.limited.pop(0))}, b"{}")
        url = urlsplit(path)
        query = parse_qsl(url.query)
        match [unquote(part) for part in url.path.strip("/").split("/")]:
            case ["api", "models"]:
                return self._list(url.path, query)
            case ["api", "datasets" | "spaces"]:
                return Said(200, {}, b"[]")
            case ["api", "models", *name]:
                return self._one("/".join(name), query)
            case ["api", "organizations", name, "overview"]:
                return self._overview(name, people=False)
            case ["api", "users", name, "overview"]:
                return self._overview(name, people=True)
        return _missing("EntryNotFound")

    def _list(self, path: str, query: list[tuple[str, str]]) -> Said:
        asked = dict(query)
        rows = [each for each in self.models if asked.get("author") in (None, each["author"])]
        rows.sort(key=lambda each: (each["createdAt"], each["id"]), reverse=True)
        start, size = int(asked.get("cursor", 0)), min(int(asked.get("limit", 1000)), self.page_cap)
        headers = {}
        if len(rows) > start + size:
            rest = [(name, value) for name, value in query if name != "cursor"] + [
                ("cursor", str(start + size))
            ]
            headers["Link"] = f'<{self.url}{path}?{urlencode(rest)}>; rel="next"'
        page = [_expanded(each, query) for each in rows[start : start + size]]
        return Said(200, headers, json.dumps(page).encode())

    def _one(self, name: str, query: list[tuple[str, str]]) -> Said:
        here = [each for each in self.models if each["id"] == name]
        return (
            Said(200, {}, json.dumps(_expanded(here[0], query)).encode())
            if here
            else _missing("RepoNotFound")
        )

    def _overview(self, name: str, *, people: bool) -> Said:
        if name not in {each["author"] for each in self.models} or (name in self.people) != people:
            return _missing("EntryNotFound")
        said = {
            "_id": _hub_id(f"account {name}"),
            "fullname": name.title(),
            "user" if people else "name": name,
            "numModels": sum(each["author"] == name for each in self.models),
            "numDatasets": 0,
            **({"createdAt": "2023-04-05T06:07:08.000Z"} if people else {}),
        }
        return Said(200, {}, json.dumps(said).encode())

    def rate_headers(self) -> dict[str, str]:
        left = WINDOW - int(time.time() - self.began) % WINDOW
        return {
            "RateLimit": f'"api";r={max(0, self.limit - len(self.asked))};t={left}',
            "RateLimit-Policy": f'"fixed window";"api";q={self.limit};w={WINDOW}',
        }


def _missing(code: str) -> Said:
    return Said(404, {"X-Error-Code": code, "X-Error-Message": "Not found"}, b'{"error": "Not found"}')


def _expanded(model: dict[str, Any], query: list[tuple[str, str]]) -> dict[str, Any]:
    """With `expand`, only the properties named, as the Hub does."""
    wanted = {value for name, value in query if name in ("expand", "expand[]")}
    return {name: value for name, value in model.items() if not wanted or name in wanted | ALWAYS}


def _handler(server: LocalHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one piece

        def do_GET(self) -> None:
            said = server.answer(self.path)
            self.send_response(said.status)
            for name, value in {**server.rate_headers(), **said.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_arguments: object) -> None:
            """Quiet: `asked` keeps the log."""

    return Handler

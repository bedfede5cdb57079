"""The server: lists by author with `expand` and cursor pages, single repositories, overviews, error codes.

As the Hub does, it tells the files' sizes and digests only of one repository at a time (`blobs`), refuses
the files of gated ones, and leads from an old name to the new one by 307.
"""

import hashlib
import json
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

NAMES = {"last_modified": "lastModified", "created_at": "createdAt"}
ALWAYS = {"_id", "id"}
WINDOW = 300
Json = dict[str, Any]


class Said(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Fault(NamedTuple):
    """What goes wrong with the next request whose address holds `where`.

    `what`: cut (the connection ends in the middle), broken (half a JSON document), slow (an answer after
    five seconds), again (the answer before this one once more), odd (another kind of JSON), or a status.
    """

    what: str
    where: str = "/api/"


class Limit(NamedTuple):
    """A 429: with `after` in Retry-After, as seconds or as a date; `reset` in RateLimit; or silent."""

    after: int | None = None
    reset: int | None = None
    as_date: bool = False


def hub_id(name: str) -> str:
    """The Hub's own ids are 24 hexadecimal digits; the file has none, so they are made from the name."""
    return hashlib.sha256(name.encode()).hexdigest()[:24]


def _as_hub(model: Json) -> Json:
    said = {NAMES.get(name, name): value for name, value in model.items()}
    said["_id"] = hub_id(said["id"])
    for name in ("lastModified", "createdAt"):
        said[name] = said[name].replace(" ", "T").replace("+00:00", ".000Z")
    said["siblings"] = [{"rfilename": name} for name in said.get("siblings", [])]
    return said


def load(file: Path) -> list[Json]:
    return [_as_hub(json.loads(line)) for line in file.read_text().splitlines() if line]


class LocalHub:
    """`limit` requests in five minutes."""

    def __init__(
        self,
        models: list[Json],
        *,
        datasets: list[Json] | None = None,
        spaces: list[Json] | None = None,
        port: int = 0,
        limit: int = 500,
        page_cap: int = 1000,
    ) -> None:
        self.models, self.limit, self.page_cap = models, limit, page_cap
        self.kept = {"models": models, "datasets": datasets or [], "spaces": spaces or []}
        self.people: set[str] = set()  # authors who are people; the rest are organisations
        self.account_ids: dict[str, str] = {}  # of those renamed, or of a name taken over
        self.moved: dict[str, str] = {}  # old names of repositories and accounts → new ones
        self.asked: list[str] = []
        self.limited: list[int | Limit] = []  # the next answers are refused; a number is Retry-After
        self.faults: list[Fault] = []
        self.clock_ahead = 0.0  # seconds
        self.before = Said(200, {}, b"[]")
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

    # --- What changes in the world ---

    def one(self, name: str) -> Json:
        return next(each for rows in self.kept.values() for each in rows if each["id"] == name)

    def rename(self, old: str, new: str) -> None:
        """Also a transfer, where the part before the slash is another."""
        self.one(old).update(id=new, author=new.partition("/")[0])
        self.moved[old] = new

    def rename_account(self, old: str, new: str) -> None:
        self.account_ids[new] = self._account_id(old)
        self.moved[old] = new
        for rows in self.kept.values():
            for each in rows:
                if each["author"] == old:
                    self.rename(each["id"], f"{new}/{each['id'].partition('/')[2]}")

    def remove(self, name: str) -> Json:
        gone = self.one(name)
        for rows in self.kept.values():
            rows[:] = [each for each in rows if each is not gone]
        return gone

    # --- Answers ---

    def answer(self, path: str) -> tuple[Said, str]:
        """The answer, and the fault on its way."""
        with self.lock:
            self.asked.append(path)
            if self.limited:
                return self._refused(self.limited.pop(0)), ""
            fault = next((each for each in self.faults if each.where in path), None)
            if fault:
                self.faults.remove(fault)
        said = self._answer(path)
        if fault and fault.what == "again":
            said = self.before
        elif fault and fault.what.isdigit():
            said = Said(int(fault.what), {}, b'{"error": "trouble"}')
        elif fault and fault.what == "odd":
            said = Said(200, {}, b'{"error": "something else"}' if said.body[:1] == b"[" else b"[]")
        self.before = said
        return said, fault.what if fault else ""

    def _refused(self, how: int | Limit) -> Said:
        limit = how if isinstance(how, Limit) else Limit(after=how)
        headers = {"RateLimit": "", "RateLimit-Policy": ""}
        if limit.reset is not None:
            headers["RateLimit"] = f'"api";r=0;t={limit.reset}'
            headers["RateLimit-Policy"] = f'"fixed window";"api";q={self.limit};w={WINDOW}'
        if limit.after is not None:
            until = formatdate(time.time() + self.clock_ahead + limit.after, usegmt=True)
            headers["Retry-After"] = until if limit.as_date else str(limit.after)
        return Said(429, headers, b"{}")

    def _answer(self, path: str) -> Said:
        url = urlsplit(path)
        query = parse_qsl(url.query)
        match [unquote(part) for part in url.path.strip("/").split("/")]:
            case ["api", "models" | "datasets" | "spaces" as step]:
                return self._list(step, url.path, query)
            case ["api", "models" | "datasets" | "spaces" as step, *name]:
                return self._one(step, "/".join(name), query)
            case ["api", "organizations", name, "overview"]:
                return self._overview("organizations", name)
            case ["api", "users", name, "overview"]:
                return self._overview("users", name)
        return _missing("EntryNotFound")

    def _list(self, step: str, path: str, query: list[tuple[str, str]]) -> Said:
        asked = dict(query)
        by = "lastModified" if asked.get("sort") == "lastModified" else "createdAt"
        rows = [each for each in self.kept[step] if asked.get("author") in (None, each["author"])]
        rows.sort(key=lambda each: (each[by], each["id"]), reverse=True)
        start, size = int(asked.get("cursor", 0)), min(int(asked.get("limit", 1000)), self.page_cap)
        headers = {}
        if len(rows) > start + size:
            rest = [(name, value) for name, value in query if name != "cursor"] + [
                ("cursor", str(start + size))
            ]
            headers["Link"] = f'<{self.url}{path}?{urlencode(rest)}>; rel="next"'
        page = [_expanded(each, query) for each in rows[start : start + size]]
        return Said(200, headers, json.dumps(page).encode())

    def _one(self, step: str, name: str, query: list[tuple[str, str]]) -> Said:
        here = next((each for each in self.kept[step] if each["id"] == name), None)
        if here is None and name in self.moved:
            rest = f"?{urlencode(query)}" if query else ""
            return Said(307, {"Location": f"/api/{step}/{self.moved[name]}{rest}"}, b"")
        if here is None or here.get("private"):
            return _missing("RepoNotFound")
        if here.get("disabled"):
            return _missing("DisabledRepo", 451 if here["disabled"] == "law" else 403)
        if ("blobs", "true") not in query:
            return Said(200, {}, json.dumps(_expanded(here, query)).encode())
        if here.get("gated"):
            return _missing("GatedRepo", 403)
        return Said(200, {}, json.dumps(_with_files(here)).encode())

    def _account_id(self, name: str) -> str:
        return self.account_ids.get(name, hub_id(f"account {name}"))

    def _overview(self, where: str, name: str) -> Said:
        people = where == "users"
        counts = {step: sum(each["author"] == name for each in rows) for step, rows in self.kept.items()}
        if not any(counts.values()) and name in self.moved:
            return Said(307, {"Location": f"/api/{where}/{self.moved[name]}/overview"}, b"")
        if not any(counts.values()) or (name in self.people) != people:
            return _missing("EntryNotFound")
        said = {
            "_id": self._account_id(name),
            "fullname": name.title(),
            "user" if people else "name": name,
            "numModels": counts["models"],
            "numDatasets": counts["datasets"],
            **({"createdAt": "2023-04-05T06:07:08.000Z"} if people else {}),
        }
        return Said(200, {}, json.dumps(said).encode())

    def rate_headers(self) -> dict[str, str]:
        left = WINDOW - int(time.time() - self.began) % WINDOW
        return {
            "RateLimit": f'"api";r={max(0, self.limit - len(self.asked))};t={left}',
            "RateLimit-Policy": f'"fixed window";"api";q={self.limit};w={WINDOW}',
        }


def _missing(code: str, status: int = 404) -> Said:
    return Said(status, {"X-Error-Code": code, "X-Error-Message": "Not found"}, b'{"error": "Not found"}')


def _expanded(one: Json, query: list[tuple[str, str]]) -> Json:
    """With `expand`, only the properties named, as the Hub does."""
    wanted = {value for name, value in query if name in ("expand", "expand[]")}
    shown = {name: value for name, value in one.items() if name != "blobs"}
    return {name: value for name, value in shown.items() if not wanted or name in wanted | ALWAYS}


def _with_files(one: Json) -> Json:
    """Large files (from 10 MB) are in large file storage, with the digest of their content."""
    listed = []
    for path, (size, content) in one.get("blobs", {}).items():
        entry: Json = {
            "rfilename": path,
            "size": size,
            "blobId": hashlib.sha1(content.encode()).hexdigest(),
        }
        if size >= 10_000_000:
            sha = hashlib.sha256(content.encode()).hexdigest()
            entry["lfs"] = {"sha256": sha, "size": size, "pointerSize": 134}
        listed.append(entry)
    shown = {name: value for name, value in one.items() if name != "blobs"}
    return shown | {"siblings": listed or one.get("siblings", [])}


def _handler(server: LocalHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one piece

        def do_GET(self) -> None:
            said, fault = server.answer(self.path)
            if fault == "slow":
                time.sleep(5)
            self.send_response(said.status)
            for name, value in {**server.rate_headers(), **said.headers}.items():
                if value:
                    self.send_header(name, value)
            body = said.body[: len(said.body) // 2] if fault in ("cut", "broken") else said.body
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(body if fault != "cut" else said.body)))
            self.end_headers()
            self.wfile.write(body)
            self.close_connection = fault == "cut"

        def date_time_string(self, timestamp: float | None = None) -> str:
            return formatdate((timestamp or time.time()) + server.clock_ahead, usegmt=True)

        def log_message(self, *_arguments: object) -> None:
            """Quiet: `asked` keeps the log."""

    return Handler

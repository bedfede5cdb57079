"""The server: real HTTP, pages with Link, ETags with 304, rate limit headers that count, faults on demand."""

import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.local_github.faults import Fault
from tests.local_github.generated import World
from tests.local_github.recorded import Answer, Recorded


class Asked(NamedTuple):
    path: str  # with its query
    status: int


class LocalGitHub:
    """Serves `recorded` where it has an answer, else `world`. `limit` requests an hour; a 304 costs none."""

    def __init__(
        self,
        *,
        recorded: Recorded | None = None,
        world: World | None = None,
        port: int = 0,
        limit: int = 5000,
        page_cap: int = 100,
    ) -> None:
        self.recorded, self.world, self.limit, self.page_cap = recorded, world, limit, page_cap
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.moved: dict[str, str] = {}  # old path → new path, answered 301
        self.used, self.lock = 0, threading.Lock()
        self.reset = int(time.time()) + 3600
        self.http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def __enter__(self) -> "LocalGitHub":
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    def fault(self, path: str) -> Fault | None:
        with self.lock:
            for fault in self.faults:
                if fault.times > 0 and fault.path in path:
                    fault.times -= 1
                    return fault
        return None

    def answer(self, path: str, if_none_match: str) -> Answer:
        if self.recorded and (said := self.recorded.answer(path, if_none_match, self.url)):
            return said
        url = urlsplit(path)
        if url.path in self.moved:
            query = f"?{url.query}" if url.query else ""
            return Answer(301, {"Location": f"{self.url}{self.moved[url.path]}{query}"}, b"{}")
        query_of = dict(parse_qsl(url.query))
        data = self.world.answer(url.path, query_of) if self.world else None
        if data is None:
            return Answer(404, {}, b'{"message": "Not Found"}')
        headers = {}
        if isinstance(data, list):
            data, headers = self._page(data, url.path, query_of)
        body = json.dumps(data).encode()
        etag = f'W/"{hashlib.sha256(body).hexdigest()}"'
        status = 304 if if_none_match == etag else 200
        return Answer(status, headers | {"ETag": etag}, body if status == 200 else b"")

    def _page(self, rows: list[Any], path: str, query: dict[str, str]) -> tuple[list[Any], dict[str, str]]:
        size, page = min(int(query.get("per_page", 30)), self.page_cap), int(query.get("page", 1))
        more = len(rows) > page * size
        link = f"{self.url}{path}?{urlencode(query | {'page': str(page + 1)})}"
        return rows[(page - 1) * size : page * size], {"Link": f'<{link}>; rel="next"'} if more else {}

    def count(self, path: str, status: int) -> dict[str, str]:
        with self.lock:
            self.asked.append(Asked(path, status))
            self.used += status != 304
            return {
                "X-RateLimit-Limit": str(self.limit),
                "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
                "X-RateLimit-Reset": str(self.reset),
                "X-RateLimit-Resource": "core",
            }


def _handler(server: LocalGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one piece

        def do_GET(self) -> None:
            fault = server.fault(self.path)
            if fault and fault.kind == "slow":
                time.sleep(fault.seconds)
            if fault and (limit := fault.limit()):
                said = Answer(*limit, b'{"message": "You have exceeded a rate limit"}')
            else:
                said = server.answer(self.path, self.headers.get("If-None-Match", ""))
            counted = server.count(self.path, said.status)
            self.send_response(said.status)
            names = {name.lower() for name in said.headers}
            for name, value in said.headers.items():
                self.send_header(name, value)
            for name, value in counted.items():
                if name.lower() not in names:
                    self.send_header(name, value)
            if "content-type" not in names:
                self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            cut = fault is not None and fault.kind == "cut"
            self.wfile.write(said.body[: len(said.body) // 2] if cut else said.body)
            self.close_connection = cut

        def log_message(self, *_arguments: object) -> None:
            """Quiet: `asked` keeps the log."""

    return Handler

"""The server: real HTTP before recorded traffic and a generated world, with budgets, and faults on demand."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

from tests.local_github import schemas
from tests.local_github.budgets import Budget
from tests.local_github.faults import ALIAS, GRAPHQL, REST, Fault
from tests.local_github.generated import World
from tests.local_github.graphql_replies import GraphqlReplies
from tests.local_github.recorded import Answer, Recorded
from tests.local_github.rest_replies import RestReplies, refusal


class Asked(NamedTuple):
    path: str  # with its query
    status: int
    resource: str = "core"
    points: int = 0  # what it cost


class LocalGitHub:
    """Serves `recorded` where it has an answer, else `world`.

    `limit` requests of REST and `points` of GraphQL an hour. `page_cap` keeps pages shorter than asked.
    `checked`: requests and answers are held to GitHub's own schemas, where those are installed; what GitHub
    would not understand, or would not answer, is written into `invalid`, and refused unless `lenient`.
    """

    def __init__(
        self,
        *,
        recorded: Recorded | None = None,
        world: World | None = None,
        port: int = 0,
        limit: int = 5000,
        points: int = 5000,
        page_cap: int = 100,
        checked: bool = True,
        lenient: bool = False,
        clock_ahead: float = 0,
    ) -> None:
        self.recorded, self.world, self.page_cap = recorded, world, page_cap
        self.checked, self.lenient = checked and not schemas.missing(), lenient
        self.clock_ahead = clock_ahead  # seconds
        self.asked: list[Asked] = []
        self.invalid: list[str] = []
        self.faults: list[Fault] = []
        self.moved: dict[str, str] = {}  # old path → new path, answered 301
        self.budgets = {
            "core": Budget("core", limit),
            "graphql": Budget("graphql", points),
            "search": Budget("search", 30),
        }
        self.lock = threading.Lock()
        self.http = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def __enter__(self) -> "LocalGitHub":
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    @property
    def used(self) -> int:
        """What was asked of every budget, together."""
        return sum(budget.used for budget in self.budgets.values())

    @property
    def core_used(self) -> int:
        return self.budgets["core"].used

    @property
    def graphql_used(self) -> int:
        return self.budgets["graphql"].used

    def fault(self, path: str, kinds: set[str] = REST, *, asked: str = "") -> Fault | None:
        """The first fault of these kinds for this address, and for what is asked there; it counts as used."""
        with self.lock:
            for fault in self.faults:
                fault.after = "" if fault.after in path else fault.after
                here = not fault.after and fault.times > 0 and fault.kind in kinds
                if here and fault.path in path and fault.alias in asked:
                    fault.times -= 1
                    return fault
        return None

    def note(self, trouble: str) -> None:
        with self.lock:
            self.invalid.append(trouble)

    def get(self, path: str, headers: dict[str, str]) -> Answer:
        """An answer of REST, and how it was charged."""
        fault, prefix = self.fault(path), ""
        if path.startswith("/api/v3/"):
            prefix, path = "/api/v3", path.removeprefix("/api/v3")
        budget = self.budgets["search" if path.startswith("/search/") else "core"]
        replies = RestReplies(self, f"{self.url}{prefix}")
        if fault:
            fault.wait()
        ahead = self.clock_ahead + (fault.seconds if fault and fault.kind == "clock" else 0)
        said = replies.of_fault(fault, path, time.time() + ahead) if fault else None
        if said is None:
            dry = not budget.remaining and not path.startswith("/rate_limit")
            said = replies.exhausted() if dry else replies.answer(path, headers, fault)
        free = said.status in (304, 429) or path.startswith("/rate_limit") or replies.limits(said)
        budget.charge(0 if free else 1)
        return self._counted(path, said, budget, 0 if free else 1, ahead)

    def post(self, path: str, headers: dict[str, str], body: bytes) -> Answer:
        """An answer of GraphQL; anything else cannot be written to."""
        if path not in ("/graphql", "/api/graphql"):
            return refusal(404, "Not Found")
        budget, fault = self.budgets["graphql"], self.fault(path, GRAPHQL)
        if fault:
            fault.wait()
        ahead = self.clock_ahead + (fault.seconds if fault and fault.kind == "clock" else 0)
        replies = GraphqlReplies(self, budget)
        said, points = replies.of_fault(fault, time.time() + ahead) if fault else None, 0
        if said is None:
            again = fault is not None and fault.kind == "repeated"
            said, points = replies.answer(headers, body, again=again)
        return self._counted(path, said, budget, points, ahead)

    def broken_alias(self, asked: str) -> str:
        """What is to go wrong with one field of a query, if anything."""
        fault = self.fault("/graphql", ALIAS, asked=asked)
        return fault.kind if fault else ""

    def _counted(self, path: str, said: Answer, budget: Budget, points: int, ahead: float) -> Answer:
        with self.lock:
            self.asked.append(Asked(path, said.status, budget.resource, points))
        own = {name.lower() for name in said.headers}
        headers = {name: value for name, value in budget.headers(ahead).items() if name.lower() not in own}
        headers["Date"] = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + ahead))
        if "content-type" not in own:
            headers["Content-Type"] = "application/json; charset=utf-8"
        return Answer(said.status, said.headers | headers, said.body)


def _handler(server: LocalGitHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one piece

        def do_GET(self) -> None:
            self._send(server.get(self.path, dict(self.headers.items())))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self._send(server.post(self.path, dict(self.headers.items()), body))

        def _send(self, said: Answer) -> None:
            self.send_response_only(said.status)
            cut = said.headers.pop("cut", "")
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body[: len(said.body) // 2] if cut else said.body)
            self.close_connection = bool(cut)

        def log_message(self, *_arguments: object) -> None:
            """Quiet: `asked` keeps the log."""

    return Handler

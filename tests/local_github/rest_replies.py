"""Replies of REST: what was recorded, else the world; checked, cut into pages, with an ETag."""

import hashlib
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from tests.local_github import faults
from tests.local_github.faults import Fault
from tests.local_github.recorded import Answer
from tests.local_github.rest import Listing, Refusal, Rest

if TYPE_CHECKING:
    from tests.local_github.openapi import Operation
    from tests.local_github.server import LocalGitHub

DOCS = "https://docs.github.example/rest"
Headers = dict[str, str]


def refusal(status: int, message: str, headers: Headers | None = None, **more: Any) -> Answer:
    body = {"message": message, "documentation_url": DOCS, "status": str(status)} | more
    return Answer(status, headers or {}, json.dumps(body).encode())


class RestReplies:
    """`api` is the address that links and bodies are written with."""

    def __init__(self, server: "LocalGitHub", api: str) -> None:
        self.server, self.api = server, api

    def exhausted(self) -> Answer:
        return refusal(403, faults.EXHAUSTED)

    def limits(self, said: Answer) -> bool:
        """Being told to wait costs nothing."""
        return said.status == 403 and b"rate limit" in said.body

    def of_fault(self, fault: Fault, path: str, now: float) -> Answer | None:
        """The fault's own answer, where it has one."""
        if fault.kind == "preparing":
            return Answer(202, {}, b"{}")
        if fault.kind == "redirected":
            return refusal(307, "Temporary Redirect", {"Location": f"{self.api}{path}"})
        said = fault.answer(now)
        if said is None:
            return None
        status, message, headers = said
        blocked = {"block": {"reason": "tos"}} if fault.kind in ("blocked", "taken_down") else {}
        return refusal(status, message, headers, **blocked)

    def answer(self, path: str, headers: Headers, fault: Fault | None) -> Answer:
        asked = {name.lower(): value for name, value in headers.items()}
        known = asked.get("if-none-match", "")
        recorded = self.server.recorded
        said = recorded.answer(path, known, self.api) if recorded else None
        said = said or self._of_world(path, asked, known, fault)
        if fault and fault.kind == "cut":
            said.headers["cut"] = "yes"
        return said

    def _of_world(self, path: str, asked: Headers, known: str, fault: Fault | None) -> Answer:
        url, server = urlsplit(path), self.server
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        if url.path in server.moved:
            return self._moved(server.moved[url.path], url.query)
        if server.world is None:
            return refusal(404, "Not Found")
        operation = None
        if server.checked:
            operation, refused = self._understand(url.path, query, path)
            if refused and (operation is None or not server.lenient):
                return refused
        if url.path == "/rate_limit":
            resources = {name: budget.said() for name, budget in server.budgets.items()}
            return self._whole(
                {"resources": resources, "rate": resources["core"]}, operation, asked, known, path
            )
        said = Rest(server.world, self.api).answer(unquote(url.path), query)
        if isinstance(said, Refusal):
            if said.location:
                return self._moved(said.location, url.query)
            return refusal(said.status, said.message)
        if isinstance(said, Listing):
            again = fault is not None and fault.kind == "repeated"
            body, links = self._page(said, query, again=again)
            return self._whole(body, operation, asked, known, path, links)
        return self._whole(said.body, operation, asked, known, path)

    def _understand(
        self, address: str, query: Headers, path: str
    ) -> "tuple[Operation | None, Answer | None]":
        """What GitHub's document calls this, and how it would be refused."""
        from tests.local_github import openapi  # only where the document is installed

        operation = openapi.operation("GET", address)
        if operation is None:
            self.server.note(f"GET {path}: GitHub has no such address")
            return None, refusal(404, "Not Found")
        troubles = openapi.request_troubles(operation, query)
        for trouble in troubles:
            self.server.note(f"GET {path}: {trouble}")
        return operation, refusal(422, "Validation Failed", errors=troubles) if troubles else None

    def _whole(
        self,
        body: Any,
        operation: "Operation | None",
        asked: Headers,
        known: str,
        path: str,
        links: Headers | None = None,
    ) -> Answer:
        if operation:
            from tests.local_github import openapi

            for trouble in openapi.answer_troubles(operation, 200, body):
                self.server.note(f"our own answer: {trouble}")
        text = json.dumps(body).encode()
        what = " ".join([urlsplit(path).query, asked.get("accept", "")]).encode()
        headers = {"ETag": f'W/"{hashlib.sha256(what + text).hexdigest()}"', **(links or {})}
        if known and known.removeprefix("W/") == headers["ETag"].removeprefix("W/"):
            return Answer(304, headers, b"")
        return Answer(200, headers, text)

    def _moved(self, path: str, query: str) -> Answer:
        there = f"{self.api}{path}" + (f"?{query}" if query else "")
        return refusal(301, "Moved Permanently", {"Location": there}, url=there)

    def _page(self, listing: Listing, query: Headers, *, again: bool) -> tuple[list[Any], Headers]:
        """`again`: something was inserted since the page before, so its last item comes once more."""
        size = min(int(query.get("per_page", 30)), self.server.page_cap)
        page = max(1, int(query.get("page", 1)))
        begin = (page - 1) * size - (1 if again and page > 1 else 0)
        count, last = len(listing.rows), -(-len(listing.rows) // size)
        rels = {"next": page + 1} if count > begin + size else {}
        rels |= {"last": last} if page < last else {}
        rels |= {"first": 1, "prev": page - 1} if page > 1 else {}
        links = [
            f'<{self.api}{listing.path}?{urlencode(query | {"page": str(number)})}>; rel="{rel}"'
            for rel, number in rels.items()
        ]
        rows = [listing.body(each) for each in listing.rows[begin : begin + size]]
        return rows, {"Link": ", ".join(links)} if links else {}

"""A model server that misbehaves: real HTTP on a port of its own, one trick at a time."""

import contextlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Trick = Callable[["Asked"], None]


class Asked(BaseHTTPRequestHandler):
    """One request; `server.trick` says what becomes of it."""

    protocol_version = "HTTP/1.1"
    server: "Misbehaving"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append(json.loads(body))
        self.server.trick(self)

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def begin(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

    def say(self, event: Any) -> None:
        told = event if isinstance(event, str) else json.dumps(event)
        piece = f"data: {told}\n\n".encode()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.flush()

    def end(self) -> None:
        self.wfile.write(b"0\r\n\r\n")

    def refuse(self, status: int, error: dict[str, Any]) -> None:
        body = json.dumps({"error": error}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self, words: int) -> None:
        """A whole and proper answer."""
        self.begin()
        for _word in range(words):
            self.say(word())
        self.say({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        usage = {"prompt_tokens": 20, "completion_tokens": words, "total_tokens": 20 + words}
        self.say({"choices": [], "usage": usage})
        self.say("[DONE]")
        self.end()


class Misbehaving(ThreadingHTTPServer):
    daemon_threads = True
    trick: Trick
    asked: list[dict[str, Any]]

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass  # the gateway hanging up is what some tests want

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


def word() -> dict[str, Any]:
    """A piece as llama.cpp sends it, with its count of the prompt, and of the answer so far left out."""
    return {"choices": [{"index": 0, "delta": {"content": "la "}, "finish_reason": None}], "created": 1}


@contextlib.contextmanager
def misbehaving(trick: Trick) -> Iterator[Misbehaving]:
    server = Misbehaving(("127.0.0.1", 0), Asked)
    server.trick, server.asked = trick, []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()

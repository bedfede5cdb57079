"""`/v1/`, OpenAI's API, answered before Django: an ASGI application with no Django request cycle.

Nothing of what is asked or answered is stored or logged; the Authorization header neither.
"""

import logging
import time
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope, Scope
from django.db import Error as DatabaseError
from django.utils.translation import gettext as _
from prometheus_client import Histogram
from redis.exceptions import RedisError

from mission.observe import request_id as logged_id
from sandbox import keys, running
from sandbox.answers import ApiError, Json, Whole, as_event, as_model, dump, unavailable, usage_chunk
from sandbox.asking import Asking, broken_off, run_while_there
from sandbox.keys import OpenKey
from sandbox.models import Deployment
from sandbox.parameters import read_asked, read_body
from sandbox.upstream import BrokenOff

logger = logging.getLogger("mission.requests")

BODY_BYTES = 1_048_576
SECONDS = Histogram("sandbox_request_seconds", "Requests to /v1/", ["path", "status"])
PLAIN = [(b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff")]


class Left(Exception):
    """The client left before it had finished asking."""


async def gateway(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        await Exchange(scope, receive, send).answer()


async def lifespan(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Open what a process needs when the server starts; settle and close when it stops."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            running.running()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await running.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return


class Exchange:
    """One request and its answer."""

    def __init__(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        self.scope = scope
        self.receive = receive
        self.send: Callable[[Any], Awaitable[None]] = send
        self.id = f"req_{uuid.uuid4().hex}"
        self.running = running.running()
        self.status = 0

    async def answer(self) -> None:
        began = time.perf_counter()
        logged_id.set(self.id)
        try:
            await self._answer()
        except Left:
            self.status = self.status or 499
        except ApiError as error:
            await self._refuse(error)
        except BrokenOff:
            await self._refuse(broken_off())
        except (RedisError, DatabaseError):
            logger.exception("the gateway's stores are away")
            await self._refuse(unavailable(_("The sandbox is not available just now. Try again soon.")))
        except Exception:
            logger.exception("the gateway failed")
            await self._refuse(
                unavailable(_("Something went wrong here."), status=500, code="internal_error")
            )
        took = time.perf_counter() - began
        route = ROUTES.get(self.scope["path"])
        path = self.scope["path"] if route else "/v1/…"
        SECONDS.labels(path, str(self.status)).observe(took)
        told = {
            "method": self.scope["method"],
            "path": path,
            "status": self.status,
            "ms": round(took * 1000, 1),
        }
        logger.info("request", extra=told)

    async def _answer(self) -> None:
        path = self.scope["path"]
        model = path.removeprefix("/v1/models/") if path.startswith("/v1/models/") else None
        method, act = ("GET", Exchange.models) if model else ROUTES.get(path, (None, None))
        if act is None or method is None:
            raise ApiError(404, _("There is nothing at %(path)s.") % {"path": path[:80]}, code="unknown_url")
        if self.scope["method"] != method:
            raise ApiError(405, _("Use %(method)s here.") % {"method": method}, code="method_not_allowed")
        await act(self, await self.open_key())

    # --- the endpoints -------------------------------------------------------------------------

    async def models(self, opened: OpenKey) -> None:
        known = await self.running.deployments()
        if self.scope["path"] == "/v1/models":
            await self.respond(200, {"object": "list", "data": [as_model(one) for one in known.values()]})
        else:
            await self.respond(
                200, as_model(await self.deployment(self.scope["path"].removeprefix("/v1/models/")))
            )

    async def chat(self, opened: OpenKey) -> None:
        await self.ask(opened, chat=True)

    async def completions(self, opened: OpenKey) -> None:
        await self.ask(opened, chat=False)

    async def embeddings(self, opened: OpenKey) -> None:
        raise ApiError(404, _("No model here makes embeddings yet."), param="model", code="model_not_found")

    async def ask(self, opened: OpenKey, *, chat: bool) -> None:
        told = read_body(await self.body())
        deployment = await self.deployment(told["model"])
        asked = read_asked(told, deployment, chat=chat)
        asking = Asking(self.running, opened, deployment, asked, self.id)
        await asking.reserve()
        if asked.stream:
            await self.stream(asking)
        else:
            whole = Whole(chat=chat)

            async def keep(chunk: Json) -> None:
                whole.add(chunk)

            if not await run_while_there(asking, keep, self.left()):
                raise Left
            await self.respond(200, whole.answer(asking.tally.usage))

    async def stream(self, asking: Asking) -> None:
        last: Json = {}

        async def pass_on(chunk: Json) -> None:
            nonlocal last
            if not last:
                await self.begin(200, [(b"content-type", b"text/event-stream; charset=utf-8")])
            last = chunk
            await self.more(as_event(chunk))

        try:
            if not await run_while_there(asking, pass_on, self.left()):
                raise Left
            if asking.asked.wants_usage and asking.tally.usage:
                await self.more(as_event(usage_chunk(last, asking.tally.usage)))
            await self.more(b"data: [DONE]\n\n", end=True)
        except BrokenOff:
            if not last:
                raise
            await self.more(as_event(broken_off().as_json()), end=True)

    # --- what comes in -------------------------------------------------------------------------

    async def open_key(self) -> OpenKey:
        """The key in the Authorization header, from the cache or the database; 401 for any other."""
        header = next((value for name, value in self.scope["headers"] if name == b"authorization"), b"")
        scheme, _space, secret = header.decode("latin-1").partition(" ")
        opened = None
        if scheme.lower() == "bearer":
            held = self.running
            opened = await keys.open_key(held.redis, held.in_database, secret.strip())
        if opened is None:
            sentence = _(
                "This API key opens nothing. Send one made at /sandbox/ as “Authorization: Bearer …”."
            )
            raise ApiError(401, sentence, code="invalid_api_key")
        return opened

    async def body(self) -> bytes:
        pieces: list[bytes] = []
        size = 0
        while True:
            message = await self.receive()
            if message["type"] != "http.request":
                raise Left
            pieces.append(message["body"])
            size += len(message["body"])
            if size > BODY_BYTES:
                raise ApiError(413, _("The request is larger than 1 MiB."), code="request_too_large")
            if not message.get("more_body"):
                return b"".join(pieces)

    async def deployment(self, name: str) -> Deployment:
        known = await self.running.deployments()
        if name not in known:
            raise ApiError(
                404,
                _("There is no model “%(name)s” here: see /v1/models.") % {"name": name[:80]},
                param="model",
                code="model_not_found",
            )
        return known[name]

    async def left(self) -> None:
        """Comes back when the client has gone. Whoever does not watch this streams to nobody to the end."""
        while (await self.receive())["type"] != "http.disconnect":
            pass

    # --- what goes out -------------------------------------------------------------------------

    async def begin(self, status: int, headers: list[tuple[bytes, bytes]]) -> None:
        self.status = status
        told = [(b"x-request-id", self.id.encode()), *PLAIN, *headers]
        await self.send({"type": "http.response.start", "status": status, "headers": told})

    async def more(self, body: bytes, *, end: bool = False) -> None:
        await self.send({"type": "http.response.body", "body": body, "more_body": not end})

    async def respond(
        self, status: int, told: Json, headers: list[tuple[bytes, bytes]] | None = None
    ) -> None:
        body = dump(told)
        length = (b"content-length", b"%d" % len(body))
        await self.begin(status, [(b"content-type", b"application/json"), length, *(headers or [])])
        await self.more(body, end=True)

    async def _refuse(self, error: ApiError) -> None:
        if self.status:  # the answer has begun: all that is left is to end it
            await self.more(as_event(error.as_json()), end=True)
            return
        await self.respond(error.status, error.as_json(), error.headers())


Act = Callable[[Exchange, OpenKey], Awaitable[None]]
ROUTES: dict[str, tuple[str, Act]] = {
    "/v1/models": ("GET", Exchange.models),
    "/v1/chat/completions": ("POST", Exchange.chat),
    "/v1/completions": ("POST", Exchange.completions),
    "/v1/embeddings": ("POST", Exchange.embeddings),
}

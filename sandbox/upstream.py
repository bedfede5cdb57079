"""The only file that speaks to a model server: OpenAI's protocol over HTTP, always as a stream.

A stream even for clients that want none: so that what was produced is known at any moment, and stopping
costs nothing. llama.cpp promises to keep connections and closes some: a call that brought no byte is
tried once more on a new one.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from django.conf import settings
from django.utils.translation import gettext as _

from sandbox.answers import ApiError, Json, unavailable
from sandbox.models import Deployment, Engine

CONNECT_SECONDS = 5
SILENCE_SECONDS = 120
COUNTING: dict[str, Json] = {
    Engine.LLAMA_CPP: {
        "stream_options": {"include_usage": True},
        "timings_per_token": True,
        "return_progress": True,
    },
    Engine.VLLM: {"stream_options": {"include_usage": True, "continuous_usage_stats": True}},
}


class BrokenOff(Exception):
    """The model server stopped in the middle of an answer."""


class Upstream:
    """Connections to model servers, shared by all requests of one event loop."""

    def __init__(self, total_seconds: float) -> None:
        timeout = aiohttp.ClientTimeout(
            total=total_seconds, sock_connect=CONNECT_SECONDS, sock_read=SILENCE_SECONDS
        )
        kept = aiohttp.TCPConnector(limit=0, keepalive_timeout=3)
        self._kept = aiohttp.ClientSession(connector=kept, timeout=timeout)
        new = aiohttp.TCPConnector(limit=0, force_close=True)
        self._new = aiohttp.ClientSession(connector=new, timeout=timeout)

    async def close(self) -> None:
        await self._kept.close()
        await self._new.close()

    @asynccontextmanager
    async def ask(
        self, deployment: Deployment, path: str, payload: Json
    ) -> AsyncIterator[AsyncIterator[Json]]:
        """The answer's events as they come. Leaving the block early hangs up, and the model server stops.

        ApiError before the first event, BrokenOff after it.
        """
        body = {
            **payload,
            **COUNTING[deployment.engine],
            "model": deployment.upstream_model or deployment.name,
            "stream": True,
        }
        answer = await self._post(deployment.url + path, body)
        try:
            if answer.status != 200:
                raise await said_no(answer)
            yield events(answer)
        finally:
            answer.close()

    async def _post(self, url: str, body: Json) -> aiohttp.ClientResponse:
        headers = {"Authorization": f"Bearer {settings.LLM_API_KEY}"} if settings.LLM_API_KEY else {}
        try:
            try:
                return await self._kept.post(url, json=body, headers=headers)
            except aiohttp.ClientConnectorError:
                raise
            except aiohttp.ClientConnectionError:  # a kept connection that was closed meanwhile
                return await self._new.post(url, json=body, headers=headers)
        except TimeoutError as error:
            raise unavailable(_("The model took too long to begin."), status=504, code="timeout") from error
        except aiohttp.ClientError as error:
            raise unavailable(_("The model server cannot be reached. Try again soon.")) from error


async def events(answer: aiohttp.ClientResponse) -> AsyncIterator[Json]:
    """Server-sent events of a stream up to [DONE], read to its end so that the connection can be kept."""
    waiting, done = b"", False
    try:
        async for piece in answer.content.iter_any():
            *whole, waiting = (waiting + piece).replace(b"\r\n", b"\n").split(b"\n\n")
            for event in whole:
                if event == b"data: [DONE]":
                    done = True
                elif event.startswith(b"error:"):
                    raise BrokenOff(event[:300].decode(errors="replace"))
                elif event.startswith(b"data:"):
                    told = json.loads(event[5:])
                    if "error" in told:
                        raise BrokenOff(str(told["error"])[:300])
                    yield told
    except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError, ValueError) as error:
        if not done:
            raise BrokenOff from error
    if not done:
        raise BrokenOff("the stream ended without [DONE]")


async def said_no(answer: aiohttp.ClientResponse) -> ApiError:
    """The model server's refusal. What it says of the request is passed on; what it says of itself is not."""
    try:
        told = (await answer.json(content_type=None))["error"]
        kind, message = str(told.get("type")), str(told.get("message"))
    except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError, AttributeError):
        kind, message = "", ""
    if kind == "exceed_context_size_error" or "context length" in message:
        return ApiError(
            400,
            _("The messages are longer than this model's context."),
            param="messages",
            code="context_length_exceeded",
        )
    if answer.status in {400, 422}:
        return ApiError(400, _("The model server refused this: %(why)s") % {"why": message[:300]})
    return unavailable(_("The model server is not ready. Try again soon."))

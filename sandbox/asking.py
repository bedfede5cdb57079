"""One metered request to a model: reserve, ask, pass the answer on, settle. Whoever leaves, it is settled."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

from django.utils.translation import gettext as _
from prometheus_client import Counter

from sandbox.answers import ApiError, Json, Tally, public_chunk, unavailable
from sandbox.keys import OpenKey
from sandbox.metering import Reservation
from sandbox.models import Deployment, UsageStatus
from sandbox.parameters import Asked
from sandbox.running import Running
from sandbox.upstream import BrokenOff

logger = logging.getLogger(__name__)
Out = Callable[[Json], Awaitable[None]]

TOKENS = Counter("sandbox_tokens", "Tokens metered", ["model", "kind"])
GPU_MS = Counter("sandbox_gpu_milliseconds", "GPU-milliseconds charged or to be charged", ["model"])


class Asking:
    """`reserve()`, then `run(out)` once: each chunk of the answer goes through `out`."""

    def __init__(
        self, running: Running, opened: OpenKey, deployment: Deployment, asked: Asked, request_id: str
    ) -> None:
        self.running = running
        self.opened = opened
        self.deployment = deployment
        self.asked = asked
        self.request_id = request_id
        self.tally = Tally()
        self.held: Reservation | None = None

    async def reserve(self) -> None:
        """ApiError when the key's lots have nothing left. Never to be cancelled half-way."""
        self.held = await self.running.meter.reserve(
            opened=self.opened, deployment=self.deployment, asked=self.asked, request_id=self.request_id
        )

    async def run(self, out: Out) -> None:
        """ApiError before the first chunk, BrokenOff after it; in every case the request ends up settled."""
        assert self.held is not None, "reserve() first"  # noqa: S101
        status = UsageStatus.LEFT
        try:
            async with self.running.upstream.ask(self.deployment, self._path(), self._payload()) as events:
                async for event in events:
                    self.tally.read(event)
                    chunk = public_chunk(event, self._answer_id(), self.deployment.name)
                    if chunk is not None:
                        await out(chunk)
            status = UsageStatus.DONE
        except BrokenOff as error:
            logger.warning("the model server broke off: %s", error)
            status = UsageStatus.BROKEN
            raise
        finally:
            # Also while being cancelled: the task goes on, and the process waits for it before it stops.
            task = asyncio.create_task(self._settle(status))
            self.running.unsettled.add(task)
            task.add_done_callback(self.running.unsettled.discard)
            await asyncio.shield(task)

    async def _settle(self, status: UsageStatus) -> None:
        assert self.held is not None  # noqa: S101
        tally = self.tally
        try:
            if tally.prompt or tally.completion:
                await self.running.meter.settle(self.held, tally, status)
            else:  # the model server was not reached, or refused
                await self.running.meter.release(self.held)
        except Exception:  # the reservation stays in Redis with what was used; the clock settles it
            logger.exception("a request could not be settled yet", extra={"usage": self.request_id})
        TOKENS.labels(self.deployment.name, "prompt").inc(tally.prompt)
        TOKENS.labels(self.deployment.name, "completion").inc(tally.completion)
        GPU_MS.labels(self.deployment.name).inc(self.deployment.cost(tally.prompt, tally.completion))

    def _path(self) -> str:
        return "/v1/chat/completions" if self.asked.chat else "/v1/completions"

    def _payload(self) -> Json:
        assert self.held is not None  # noqa: S101
        return {**self.asked.payload, "max_tokens": self.held.most_tokens(self.asked)}

    def _answer_id(self) -> str:
        return ("chatcmpl-" if self.asked.chat else "cmpl-") + self.request_id.removeprefix("req_")


async def run_while_there(asking: Asking, out: Out, gone: Awaitable[object]) -> bool:
    """Run until the answer ends or `gone` says that the client left; False when it left."""
    work = asyncio.ensure_future(asking.run(out))
    leaving = asyncio.ensure_future(gone)
    try:
        await asyncio.wait({work, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
            return True
        return False
    finally:
        for task in (work, leaving):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await task


def broken_off() -> ApiError:
    sentence = _("The model server broke off. What it had answered is charged.")
    return unavailable(sentence, status=502, code="broken_off")

"""How much may be sent to us: held before anything is kept, so that nobody fills the disk or the memory.

Django's own ASGI handler writes a request's whole body to disk before it looks at it. So `limited`
stands in front of it and counts. What is too large is answered by Django all the same, without its body:
the page of the house, in JSON where JSON is wanted, with every header that other pages have.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, cast

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope
from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from mission.errors import wants_json

Asgi = Callable[[Any, Any, Any], Awaitable[None]]
ABOUT_THE_BODY = {b"content-length", b"content-type", b"transfer-encoding", b"expect"}
MARK = "mission.too_large"


class TooLarge(Exception):
    """More came than a request may hold."""


async def limited(app: Asgi, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Pass the request on, unless it says or shows that it is larger than `LARGEST_REQUEST`."""
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    if told.isdigit() and int(told) > settings.LARGEST_REQUEST:
        await refuse(app, scope, receive, send)
        return
    came = 0

    async def counted() -> Any:
        nonlocal came
        message = await receive()
        came += len(cast(Any, message).get("body", b""))
        if came > settings.LARGEST_REQUEST:
            raise TooLarge
        return message

    try:
        await app(scope, counted, send)
    except TooLarge:  # Django reads a body to its end before it answers, so nothing was answered yet
        await refuse(app, scope, receive, send)


async def refuse(app: Asgi, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answer first, then read on for a while and throw away: a browser that is still sending when the
    connection closes says “connection reset” and never shows the answer."""
    headers = [pair for pair in scope["headers"] if pair[0] not in ABOUT_THE_BODY]
    waits = any(name == b"expect" for name, _value in scope["headers"])  # it sends nothing once refused
    bodyless = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def nothing() -> Any:
        return next(bodyless, None) or await asyncio.Event().wait()

    async def held_open(message: Any) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], (b"connection", b"close")]}
        else:
            message = {**message, "more_body": True}
        await send(message)

    await app({**scope, "headers": headers, MARK: True}, nothing, held_open)
    if not waits:
        await drain(receive)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def drain(receive: ASGIReceiveCallable) -> None:
    left = settings.DRAINED_BYTES
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(settings.DRAINED_SECONDS):
            while left > 0:
                message: Any = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body"):
                    return


class TooLargeMiddleware:
    """Answers for what `limited` refused, instead of any view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not getattr(request, "scope", {}).get(MARK):
            return self.get_response(request)
        words = {
            "most": filesizeformat(settings.LARGEST_REQUEST),
            "file": filesizeformat(settings.LARGEST_FILE),
        }
        sentence = _(
            "What you sent is larger than %(most)s, so it was not read and nothing was saved. "
            "A file may have at most %(file)s."
        )
        sentence %= words
        if wants_json(request):
            return JsonResponse(
                {"error": {"code": "too_large", "message": sentence, "field": None}}, status=413
            )
        return render(request, "413.html", {"sentence": sentence}, status=413)


class CutLongFiles(FileUploadHandler):
    """Keeps of each uploaded file only a little more than is allowed: enough for the form to see that it
    is too large, whatever server stands in front."""

    came = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.came = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.came > settings.LARGEST_FILE:
            return None
        self.came += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one make the file."""

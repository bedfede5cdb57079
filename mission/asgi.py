"""The front door: `/v1/` is answered by the sandbox gateway before Django, everything else by Django."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mission.settings")
django_application = get_asgi_application()

from sandbox.gateway import gateway  # noqa: E402  (Django must be set up first)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """The gateway also answers the server's lifespan, which opens and closes its connections."""
    if scope["type"] == "lifespan" or scope["path"].startswith("/v1/"):
        await gateway(scope, receive, send)
    else:
        await django_application(scope, receive, send)  # type: ignore[arg-type]

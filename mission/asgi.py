"""The front door: `/v1/` is answered by the sandbox gateway before Django, everything else by Django."""

import gc
import os
from typing import Any, cast

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mission.settings")
django_application = get_asgi_application()

from django.urls import get_resolver  # noqa: E402

from mission.request_size import limited  # noqa: E402  (Django must be set up first)
from sandbox.gateway import gateway  # noqa: E402

get_resolver().url_patterns  # noqa: B018  (every view is imported now, not while somebody waits)
gc.collect()
gc.freeze()  # what is loaded stays: looking through it again took 50 ms of some visitor's time
gc.set_threshold(2_000, 10, 1_000)  # often and little: a visitor in sixteen waited 15 ms for 20,000 at once


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """The gateway also answers the server's lifespan, which opens and closes its connections."""
    if scope["type"] == "lifespan" or scope["path"].startswith("/v1/"):
        await gateway(scope, receive, send)
    elif scope["type"] == "http":
        await limited(cast(Any, django_application), scope, receive, send)
    else:
        await django_application(cast(Any, scope), receive, cast(Any, send))

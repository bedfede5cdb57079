"""/healthz: the process lives. /readyz: it can do its work, and what is wrong if not. /metrics: counts."""

import concurrent.futures
import hmac
import urllib.request
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST

from mission import observe
from mission.access import requires

ALL_TOGETHER = 4.0  # seconds for all checks, which run side by side


class Unwell(Exception):
    """A check failed; the message says what is wrong, without addresses or passwords."""


def check_database() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def check_broker() -> None:
    with observe.valkey() as client:
        client.ping()


def check_worker() -> None:
    age = observe.heartbeat_age()
    if age is None or age > 60:
        raise Unwell("no worker has answered beat within 60 seconds")


def check_model() -> None:
    request = urllib.request.Request(settings.LLM_URL.rstrip("/") + "/v1/models")  # noqa: S310  (our setting)
    if settings.LLM_API_KEY:
        request.add_header("Authorization", f"Bearer {settings.LLM_API_KEY}")
    with urllib.request.urlopen(request, timeout=2):  # noqa: S310
        pass


CHECKS: dict[str, Callable[[], None]] = {
    "database": check_database,
    "broker": check_broker,
    "worker": check_worker,
    "model": check_model,
}


def examine() -> dict[str, dict[str, object]]:
    """Run all checks side by side. One that hangs counts as failed when the time is up."""
    pool = concurrent.futures.ThreadPoolExecutor(len(CHECKS), thread_name_prefix="readyz")
    running = {name: pool.submit(check) for name, check in CHECKS.items()}
    concurrent.futures.wait(running.values(), timeout=ALL_TOGETHER)
    pool.shutdown(wait=False, cancel_futures=True)
    return {name: outcome(future) for name, future in running.items()}


def outcome(future: "concurrent.futures.Future[None]") -> dict[str, object]:
    if not future.done():
        return {"ok": False, "wrong": f"no answer within {ALL_TOGETHER:.0f} seconds"}
    error = future.exception()
    if error is None:
        return {"ok": True}
    # The type says enough; messages of clients may hold addresses.
    return {"ok": False, "wrong": str(error) if isinstance(error, Unwell) else type(error).__name__}


@requires("machine.probe")
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@requires("machine.probe")
def readyz(request: HttpRequest) -> HttpResponse:
    checks = examine()
    ready = all(check["ok"] for check in checks.values())
    body = {"status": "ok" if ready else "not ready", "checks": checks}
    return JsonResponse(body, status=200 if ready else 503)


@requires("machine.probe")
def metrics(request: HttpRequest) -> HttpResponse:
    """With METRICS_TOKEN set, for whoever sends it as a bearer token; without, only in a demo."""
    token = settings.METRICS_TOKEN
    sent = request.headers.get("Authorization", "")
    allowed = hmac.compare_digest(sent.encode(), f"Bearer {token}".encode()) if token else settings.DEMO
    if not allowed:
        raise Http404
    return HttpResponse(observe.exposition(), content_type=CONTENT_TYPE_LATEST)

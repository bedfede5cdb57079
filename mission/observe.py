"""Seeing what happens: a request or task id in every log line, one line per request, and counts of both."""

import contextvars
import logging
import os
import time
import uuid
from collections.abc import Callable, Iterator

import redis
from celery import current_task
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from mission.connections import give_back
from mission.tasks import HEARTBEAT_KEY

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
logger = logging.getLogger("mission.requests")
REQUESTS = Counter("http_requests", "Requests answered by Django", ["view", "method", "status"])
SECONDS = Histogram("http_request_seconds", "Time to answer", ["view"])
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
QUEUE = "celery"  # Celery's default, and our only one
PATIENCE = 2.0  # seconds for Valkey to answer a probe


class RequestIdFilter(logging.Filter):
    """In a worker the id is the task's, elsewhere the request's."""

    def filter(self, record: logging.LogRecord) -> bool:
        task = current_task.request.id if current_task else None
        record.request_id = task or request_id.get()
        return True


class RequestLogMiddleware:
    """Logs method, path (no query: it may hold names), status and milliseconds; answers `X-Request-Id`.

    Gives the database connection back, too, in the thread that took it. Django does that when an answer was
    sent; where the visitor left meanwhile it may not, and a dozen such visitors emptied the pool for good.
    Nor has somebody who reads slowly to hold one until the end.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            _note(request, response.status_code, time.perf_counter() - began)
            response["X-Request-Id"] = request_id.get()
            return response
        finally:
            give_back()
            request_id.reset(token)


def _note(request: HttpRequest, status: int, seconds: float) -> None:
    """Count under the view's name: a path would make a new series for every row there is."""
    match = request.resolver_match
    view = (match.view_name if match else "") or "none"
    method = request.method if request.method in METHODS else "other"
    REQUESTS.labels(view, method, str(status)).inc()
    SECONDS.labels(view).observe(seconds)
    milliseconds = round(seconds * 1000, 1)
    facts = {"method": request.method, "path": request.path, "status": status, "ms": milliseconds}
    logger.info("request", extra=facts)


def valkey() -> "redis.Redis":
    """A client that does not wait long, for probes."""
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE)


def heartbeat_age() -> float | None:
    """Seconds since a worker last answered beat; None when it did not within a minute."""
    beaten = cache.get(HEARTBEAT_KEY)
    return None if beaten is None else max(0.0, time.time() - float(beaten))


class WorkCollector(Collector):
    """Asked when /metrics is read: how many tasks wait, and when a worker was last heard of."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            with valkey() as client:
                waiting = float(client.llen(QUEUE))
            age = heartbeat_age()
        except redis.RedisError:
            yield GaugeMetricFamily("broker_up", "Whether the broker answers", value=0)
            return
        yield GaugeMetricFamily("broker_up", "Whether the broker answers", value=1)
        yield GaugeMetricFamily("celery_queue_length", "Tasks that wait", value=waiting)
        if age is not None:
            yield GaugeMetricFamily("worker_heartbeat_age_seconds", "Since a worker was heard of", value=age)


def exposition() -> bytes:
    """All metrics as Prometheus reads them.

    Each web process counts for itself. With more than one (WEB_CONCURRENCY), set PROMETHEUS_MULTIPROC_DIR
    to an empty folder before the start: the counts of all processes are then added up here.
    """
    registry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    asked_now = CollectorRegistry()
    asked_now.register(WorkCollector())
    return generate_latest(registry) + generate_latest(asked_now)

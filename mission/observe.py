"""Seeing what happens: a request id in every log line, and one line per request."""

import contextvars
import logging
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

request_id: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="-")
logger = logging.getLogger("mission.requests")


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        return True


class RequestLogMiddleware:
    """Logs method, path without query (it may hold names), status and milliseconds; answers `X-Request-Id`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(uuid.uuid4().hex)
        began = time.perf_counter()
        try:
            response = self.get_response(request)
            took = round((time.perf_counter() - began) * 1000, 1)
            logger.info(
                "request",
                extra={"method": request.method, "path": request.path, "status": response.status_code, "ms": took},
            )
            response["X-Request-Id"] = request_id.get()
            return response
        finally:
            request_id.reset(token)

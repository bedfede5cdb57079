"""How the house says no: one exception, a sentence a person can act on, the same in HTML and JSON."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.response import Response
from rest_framework.views import exception_handler


class Refused(Exception):
    """A rule said no. `sentence` tells what is wrong and what to do; `field` names the form field, if one.

    `status` is the HTTP status a page or the API answers with: 409 where the state of things is in
    the way, 403 where the person is, 422 where the input is.
    """

    def __init__(
        self, sentence: str, *, field: str | None = None, code: str = "refused", status: int = 409
    ) -> None:
        super().__init__(sentence)
        self.sentence = str(sentence)
        self.field = field
        self.code = code
        self.status = status

    def as_json(self) -> dict[str, Any]:
        """The error as the API shows it: `{"error": {"code", "message", "field"}}`."""
        return {"error": {"code": self.code, "message": self.sentence, "field": self.field}}


def wants_json(request: HttpRequest) -> bool:
    """By address, by `?format=json`, or by an Accept header that prefers it to HTML."""
    if request.path.startswith("/api/") or request.GET.get("format") == "json":
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


class RefusedMiddleware:
    """Turns a `Refused` that a view let through into a 409 page or its JSON."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, Refused):
            return None
        if wants_json(request):
            return JsonResponse(exception.as_json(), status=exception.status)
        return render(request, "409.html", {"refused": exception}, status=exception.status)


def api_exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """REST framework's own errors and ours, in one shape."""
    if isinstance(exc, Refused):
        return Response(exc.as_json(), status=exc.status)
    if isinstance(exc, Http404):
        exc = NotFound(_("There is nothing at this address."))
    answer = exception_handler(exc, context)
    if answer is not None:
        detail = getattr(exc, "detail", str(exc))
        code = getattr(exc, "default_code", "error")
        message = (
            str(detail) if not isinstance(detail, dict | list) else "The request is not valid; see `fields`."
        )
        answer.data = {"error": {"code": code, "message": message, "field": None}}
        if isinstance(detail, dict | list):
            answer.data["error"]["fields"] = detail
    return answer

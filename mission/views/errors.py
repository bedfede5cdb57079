"""The pages for 403, 404 and 500, in HTML or JSON; each says what to do next."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mission.connections import give_back
from mission.errors import wants_json


def _answer(request: HttpRequest, status: int, code: str, message: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"error": {"code": code, "message": message, "field": None}}, status=status)
    try:
        return render(request, f"{status}.html", {"message": message}, status=status)
    finally:
        # Django draws these in a thread of its own choosing, which would keep the connection for good.
        give_back()


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 403, "forbidden", str(exception or "") or _("Your account may not do this."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _answer(request, 404, "not_found", _("There is nothing at this address."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _answer(
        request, 403, "csrf_failed", _("This form had expired. Go back, reload the page and send it again.")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    return _answer(request, 500, "server_error", _("Something went wrong on our side. It has been recorded."))

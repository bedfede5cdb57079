"""/healthz, /readyz, /metrics."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from mission.access import requires


@requires("machine.probe")
def healthz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@requires("machine.probe")
def readyz(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "ok"})


@requires("machine.probe")
def metrics(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")

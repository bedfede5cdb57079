"""A bare Django view that answers as many bytes as asked, and one that makes the site forget."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from dashboards.stamp import forget, forget_here
from mission.access import requires
from mission.remembered import Subject

PIECE = "".join(f"<tr><td>{n}</td><td>{n * 7919 % 10007}</td></tr>" for n in range(2500))


@requires("public.read")
def bare(request: HttpRequest, size: int) -> HttpResponse:
    """No template, no query: what the server and the middleware cost by themselves."""
    return HttpResponse(PIECE[:size])


@requires("public.read")
def forgotten(request: HttpRequest, changed: str) -> HttpResponse:
    """What the process knows of data of this subject is read anew, as after a change of them."""
    forget(Subject(changed))
    return HttpResponse()


@requires("public.read")
def begun(request: HttpRequest) -> HttpResponse:
    """The process knows nothing any more, as if it had just begun."""
    forget_here()
    return HttpResponse()


urlpatterns = [
    path("bench/begun", begun),
    path("bench/<int:size>", bare),
    path("bench/forgotten/<changed>", forgotten),
    path("", include("mission.urls")),
]

"""The site and one page more: a bare Django view that answers as many bytes as asked. Only for bench."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mission.settings")
settings.ROOT_URLCONF = "bench.bare"
application = get_asgi_application()

from mission.access import requires  # noqa: E402  (after Django is set up)

PIECE = "".join(f"<tr><td>{n}</td><td>{n * 7919 % 10007}</td></tr>" for n in range(2500))


@requires("public.read")
def bare(request: HttpRequest, size: int) -> HttpResponse:
    """No template, no query: what the server and the middleware cost by themselves."""
    return HttpResponse(PIECE[:size])


urlpatterns = [path("bench/<int:size>", bare), path("", include("mission.urls"))]

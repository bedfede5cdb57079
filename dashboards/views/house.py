"""About the house itself: is it for everybody, what does it keep about people, does it work today."""

import time
from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from contributions.measures import PEOPLE_FLOOR
from dashboards.charts import boundaries
from dashboards.exports import answer
from dashboards.figures.house import checks_figure, kept_figure
from dashboards.figures.status import Worker, status_figures, worker
from dashboards.freshness import MAX_AGE, Freshness, fresh, fresh_while
from mission.access import requires

YEAR = 365 * 24 * 3600  # seconds


def contact() -> str:
    """Where people write to: the address letters come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


@requires("public.read")
def outlines(request: HttpRequest) -> HttpResponse:
    """What all maps are drawn of. Its address changes with it, so a copy of that address is good for ever."""
    response = HttpResponse(boundaries.outlines(), content_type="image/svg+xml")
    if request.GET.get("v") == boundaries.outlines_version():
        patch_cache_control(response, public=True, immutable=True, max_age=YEAR)
    else:  # of another version: a page from before a change
        patch_cache_control(response, public=True, max_age=MAX_AGE)
    return response


@requires("public.read")
@fresh
def accessibility(request: HttpRequest) -> HttpResponse:
    return answer(request, "dashboards/accessibility.html", [checks_figure()], {"contact": contact()})


@requires("public.read")
@fresh
def privacy(request: HttpRequest) -> HttpResponse:
    context = {"contact": contact(), "floor": PEOPLE_FLOOR}
    return answer(request, "dashboards/privacy.html", [kept_figure()], context)


def seen(request: HttpRequest) -> Worker:
    """Asked for once by each request."""
    found: Worker = getattr(request, "worker", None) or worker()
    request.worker = found  # type: ignore[attr-defined]
    return found


def as_it_stands(request: HttpRequest) -> str:
    """Whether a worker lives is asked for every visitor; the rest is counted once in some seconds."""
    return f"{time.time() // settings.STATUS_SECONDS} {seen(request)}"


@requires("public.read")
@fresh_while(Freshness(as_it_stands, seconds=0))
def status(request: HttpRequest) -> HttpResponse:
    """Never from a copy that nobody asked about."""
    now = seen(request)
    return answer(request, "dashboards/status.html", status_figures(now), {"well": now.lives and now.store})

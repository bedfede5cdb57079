"""About the house itself: is it for everybody, what does it keep about people, does it work today."""

import time
from email.utils import parseaddr

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

from contributions.measures import PEOPLE_FLOOR
from dashboards.charts import boundaries
from dashboards.exports import answer
from dashboards.figures.house import checks_figure, kept_figure
from dashboards.figures.status import status_figures, worker
from dashboards.freshness import MAX_AGE, fresh, is_anonymous, tag
from mission.access import requires
from mission.remembered import standing_at

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


@requires("public.read")
def status(request: HttpRequest) -> HttpResponse:
    """Never from a copy: whether a worker lives is asked for every visitor. The rest is counted once in some
    seconds, and who has no session and looks again within them is told that nothing changed."""
    seen = worker()
    about = f"{time.time() // settings.STATUS_SECONDS} {seen}"
    own = tag(request, about) if is_anonymous(request) else None
    response = get_conditional_response(request, own)
    if response is None:
        with standing_at(about):
            figures = status_figures(seen)
        response = answer(request, "dashboards/status.html", figures, {"well": seen.lives and seen.store})
    if own:
        response["ETag"] = own
    patch_cache_control(response, no_cache=True)
    patch_vary_headers(response, ["Accept", "Cookie"])
    return response

"""The read API in plain words, with requests that run."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from dashboards.api_examples import EXAMPLES
from dashboards.charts.figure import Column, Figure, Row, Source
from dashboards.exports import answer
from dashboards.freshness import fresh
from mission.access import requires
from mission.api import COUNTED, MOST, USUAL


@requires("public.read")
@fresh
def api(request: HttpRequest) -> HttpResponse:
    context = {
        "examples": EXAMPLES,
        "here": f"{request.scheme}://{request.get_host()}",
        "limit": settings.API_LIMIT,
        "minutes": round(settings.API_WINDOW / 60),
        "usual": USUAL,
        "most": MOST,
        "counted": COUNTED,
        "crumbs": [(_("Data"), reverse("dashboards:data")), (_("API"), "")],
    }
    return answer(request, "dashboards/api.html", [requests_figure(context["here"])], context)


def requests_figure(here: str) -> Figure:
    """The examples as data."""
    return Figure(
        slug="requests",
        title=_("Requests that run"),
        sentence="",
        columns=(Column("what", _("What"), names=True), Column("url", _("Address"))),
        rows=tuple(
            Row(one.path, {"what": str(one.words), "url": f"{here}{one.path}"}, url=one.path)
            for one in EXAMPLES
        ),
        source=Source(_("This site")),
    )

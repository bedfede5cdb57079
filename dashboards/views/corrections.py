"""/corrections/: what was contested, what was decided, what was changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contributions.models import Correction
from contributions.models.contested import in_words, link_of
from dashboards.charts import words
from dashboards.exports import answer
from dashboards.figures.corrections import SUBJECTS, decided, decided_figure, open_figure
from dashboards.freshness import fresh
from dashboards.pages import paged
from mission.access import requires


@requires("public.read")
@fresh
def corrections(request: HttpRequest) -> HttpResponse:
    found = paged(request, decided())
    count = found.page.paginator.count
    title = ngettext("%(count)s correction decided", "%(count)s corrections decided", count)
    figures = [decided_figure(found.page.object_list, title % {"count": words.number(count)}), open_figure()]
    return answer(
        request, "dashboards/corrections.html", figures, {"page": found.page}, following=found.following
    )


@requires("public.read")
@fresh
def correction(request: HttpRequest, reference: str) -> HttpResponse:
    """One of them. While it is open, only what it is about and since when."""
    found = get_object_or_404(Correction.objects.select_related(*SUBJECTS), reference=reference)
    context = {
        "correction": found,
        "about": in_words(found),
        "link": link_of(found),
        "crumbs": [(_("Corrections"), reverse("dashboards:corrections")), (found.reference, "")],
    }
    return answer(request, "dashboards/correction.html", [decided_figure([found], found.reference)], context)

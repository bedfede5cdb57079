"""/corrections/: what was contested, what was decided, what was changed."""

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contributions.models import Correction
from contributions.models.contested import in_words, link_of
from dashboards.charts import words
from dashboards.charts.figure import Figure
from dashboards.exports import answer
from dashboards.figures.corrections import SUBJECTS, decided, decided_figure, open_figure
from dashboards.freshness import fresh
from dashboards.pages import followed, page_asked, turned_to
from mission.access import requires
from mission.remembered import Subject, remembered_while


@requires("public.read")
@fresh
def corrections(request: HttpRequest) -> HttpResponse:
    page, figures = listed(*page_asked(request))
    following = followed(request, page).following
    return answer(request, "dashboards/corrections.html", figures, {"page": page}, following=following)


@remembered_while(Subject.COMMONS)
def listed(asked: str, data: bool) -> tuple[Page[Any], list[Figure]]:
    """One page of them, `asked` for by its number, and what is open."""
    page = turned_to(decided(), asked, data)
    count = page.paginator.count
    title = ngettext("%(count)s correction decided", "%(count)s corrections decided", count)
    return page, [decided_figure(page.object_list, title % {"count": words.number(count)}), open_figure()]


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

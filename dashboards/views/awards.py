"""The public register of awards, and one award."""

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.charts import words
from dashboards.charts.figure import Figure, TableCell
from dashboards.exports import answer
from dashboards.figures.produced import produced_figures
from dashboards.figures.register import Told, deliverables_figure, register, register_figure, told, years
from dashboards.forms import RegisterForm
from dashboards.freshness import fresh
from dashboards.pages import followed, page_asked, turned_to
from grants.models import Award
from mission.access import requires
from mission.remembered import Subject, remembered_while


@requires("public.read")
@fresh
def awards(request: HttpRequest) -> HttpResponse:
    form = RegisterForm.asked(request, years=years())
    page, figure = listed(tuple(form.chosen.items()), *page_asked(request))
    following = followed(request, page).following
    context = {"page": page}
    return answer(request, "dashboards/awards.html", [figure], context, form=form, following=following)


@remembered_while(Subject.GRANTS)
def listed(chosen: tuple[tuple[str, Any], ...], asked: str, data: bool) -> tuple[Page[Any], Figure]:
    """One page of what was `chosen`, `asked` for by its number."""
    page = turned_to(register(**dict(chosen)), asked, data)
    count = page.paginator.count
    title = ngettext("%(count)s award", "%(count)s awards", count) % {"count": words.number(count)}
    shown: Any = page.object_list
    return page, register_figure(told(shown), title)


def facts_of(award: Award, own: Figure) -> list[TableCell]:
    """What stands below its title, who and where; of money only where some is given."""
    left_out = {"organisation", "nation"} | (set() if award.money else {"money", "currency"})
    cells = zip(own.table_columns, own.table[0], strict=True)
    return [cell for column, cell in cells if not column.names and column.key not in left_out]


@requires("public.read")
@fresh
def award(request: HttpRequest, reference: str) -> HttpResponse:
    context, figures = all_of(reference)
    return answer(request, "dashboards/award.html", figures, context)


@remembered_while(Subject.COMMONS)
def all_of(reference: str) -> tuple[dict[str, Any], list[Figure]]:
    """All of one award's page. Http404 where there is none."""
    found = get_object_or_404(Award.objects.public().with_compute(), reference=reference)
    own = register_figure([Told.of(found)], found.title, slug="award")
    figures = [own, deliverables_figure(found), *produced_figures(found)]
    context = {
        "award": found,
        "row": facts_of(found, own),
        "crumbs": [(_("Awards"), reverse("dashboards:awards")), (reference, "")],
    }
    return context, figures

"""The public register of awards, and one award."""

from typing import Any

from django.core.paginator import Page
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.charts import words
from dashboards.charts.figure import Figure, TableCell
from dashboards.exports import answer
from dashboards.figures.places import address
from dashboards.figures.produced import produced_figures
from dashboards.figures.register import (
    Told,
    deliverables_figure,
    one_award,
    register,
    register_figure,
    told,
    years,
)
from dashboards.forms import RegisterForm
from dashboards.freshness import fresh
from dashboards.pages import followed, page_asked, turned_to
from grants.addresses import call_address
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


def facts_of(award: Told, own: Figure) -> list[TableCell]:
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
    found = one_award(reference)
    if found is None:
        raise Http404
    own = register_figure([found.told], found.told.title, slug="award")
    figures = [own, deliverables_figure(found.deliverables), *produced_figures(found)]
    context = {
        "award": found.told,
        "summary": found.summary,
        "nation_url": address(found.told.nation),
        "call_url": call_address(found.call),
        "call_title": found.call_title,
        "row": facts_of(found.told, own),
        "crumbs": [(_("Awards"), reverse("dashboards:awards")), (reference, "")],
    }
    return context, figures

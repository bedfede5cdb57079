"""/bots/: every machine account, the rule it was found by, and what that leaves out."""

from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from contributions.bots import RULES, listed_rules
from dashboards.charts import words
from dashboards.charts.figure import Figure
from dashboards.exports import answer
from dashboards.figures.bots import machines, machines_figure
from dashboards.forms import BotsForm
from dashboards.freshness import fresh
from dashboards.pages import followed, page_asked, turned_to
from mission.access import requires
from mission.remembered import Subject, remembered_while


@requires("public.read")
@fresh
def bots(request: HttpRequest) -> HttpResponse:
    form = BotsForm.asked(request)
    page, figure = listed(tuple(form.chosen.items()), *page_asked(request))
    following = followed(request, page).following
    context = {"page": page, "rules": RULES.values(), "known": listed_rules()}
    return answer(request, "dashboards/bots.html", [figure], context, form=form, following=following)


@remembered_while(Subject.COMMONS)
def listed(chosen: tuple[tuple[str, Any], ...], asked: str, data: bool) -> tuple[Page[Any], Figure]:
    """One page of what was `chosen`, `asked` for by its number."""
    page = turned_to(machines(**dict(chosen)), asked, data)
    count = page.paginator.count
    title = ngettext("%(count)s machine", "%(count)s machines", count) % {"count": words.number(count)}
    return page, machines_figure(page.object_list, title)

"""/bots/: every machine account, the rule it was found by, and what that leaves out."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from contributions.bots import RULES, listed_rules
from dashboards.charts import words
from dashboards.exports import answer
from dashboards.figures.bots import machines, machines_figure
from dashboards.forms import BotsForm
from dashboards.freshness import fresh
from dashboards.pages import paged
from mission.access import requires


@requires("public.read")
@fresh
def bots(request: HttpRequest) -> HttpResponse:
    form = BotsForm.asked(request)
    found = paged(request, machines(**form.chosen))
    count = found.page.paginator.count
    title = ngettext("%(count)s machine", "%(count)s machines", count) % {"count": words.number(count)}
    figure = machines_figure(found.page.object_list, title)
    context = {"page": found.page, "rules": RULES.values(), "known": listed_rules()}
    return answer(request, "dashboards/bots.html", [figure], context, form=form, following=found.following)

"""/desk/applications/bulk/: one act on many applications, after a page that names how many."""

from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from grants.actions.bulk import Done, act_on_each
from grants.forms.bulk import ACTS, MOST, Act, BulkForm
from grants.forms.searching import FilterForm, query_of
from grants.models import Application
from grants.models.searching import at_the_desk, narrowed
from mission.access import requires
from mission.people_of import person

ONCE = 24 * 3600  # seconds for which a confirmation page is remembered


def back_to(query: str) -> str:
    return f"{reverse('grants:desk_applications')}?{query}"


def chosen(request: HttpRequest, query: str) -> list[Application]:
    """Those ticked, or with `all` everything the filters find, up to one more than may be acted on."""
    rows = at_the_desk(person(request)).select_related("call", "organisation").order_by("submitted_at", "pk")
    if "all" not in request.POST:
        return list(rows.filter(reference__in=request.POST.getlist("reference")[: MOST + 1]))
    form = FilterForm(QueryDict(query))
    form.is_valid()
    return list(narrowed(rows, form.cleaned_data)[: MOST + 1])


@requires("note.write")
@require_POST
def desk_bulk(request: HttpRequest) -> HttpResponse:
    query = query_of(QueryDict(request.POST.get("query", "")))
    act, applications = ACTS.get(request.POST.get("act", "")), chosen(request, query)
    problem = what_is_wrong(act, applications)
    if act is None or problem:
        messages.error(request, problem)
        return redirect(back_to(query))
    form = act.form(request.POST if "confirmed" in request.POST else None)
    if not form.is_valid():
        return confirm(request, act, form, applications, query)
    values = {name: value for name, value in form.cleaned_data.items() if name != "once"}
    if not cache.add(f"bulk:{person(request).pk}:{form.cleaned_data['once']}", 1, ONCE):
        messages.info(request, _("This was done already. Nothing was done twice."))
        return redirect(back_to(query))
    result = act_on_each(actor=person(request), act=act.act, applications=applications, **values)
    return tell(request, result, query)


def what_is_wrong(act: Act | None, applications: list[Application]) -> str:
    if act is None:
        return _("Choose what to do.")
    if not applications:
        return _("Tick the applications first.")
    if len(applications) > MOST:
        return _("That is more than %(most)d applications at once. Narrow the list.") % {"most": MOST}
    return ""


def in_words(count: int) -> str:
    return ngettext("%(count)d application", "%(count)d applications", count) % {"count": count}


def confirm(
    request: HttpRequest, act: Act, form: BulkForm | Any, applications: list[Application], query: str
) -> HttpResponse:
    words = {"count": in_words(len(applications))}
    context = {
        "question": str(act.question) % words,
        "button": str(act.button) % words,
        "tone": act.tone,
        "act": request.POST["act"],
        "form": form,
        "applications": applications,
        "query": query,
        "back": back_to(query),
    }
    status = 422 if form.errors else 200
    return render(request, "grants/desk/bulk.html", context, status=status)


def tell(request: HttpRequest, result: Done, query: str) -> HttpResponse:
    """All well: back to the list. Otherwise the page of what was refused, each with its sentence."""
    if result.done:
        messages.success(request, _("Done: %(count)s.") % {"count": in_words(len(result.done))})
    if not result.refused:
        return redirect(back_to(query))
    context = {"result": result, "back": back_to(query), "count": in_words(len(result.refused))}
    return render(request, "grants/desk/bulk_refused.html", context, status=409)

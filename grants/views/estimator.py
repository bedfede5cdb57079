"""/apply/estimate/: how many GPU-hours some work takes, and the way of that number into an application."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html_join
from django.utils.translation import gettext as _

from grants.actions.estimator import add_estimate
from grants.forms.estimator import EstimateForm, UseForm
from grants.models import Application
from grants.models.applications_states import EDITABLE
from grants.models.estimator import HARDWARE, SOURCES
from grants.models.estimator_words import in_words
from grants.models.questions.plain import grouped
from grants.models.questions.tables import gpu_table
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person

MOST_DRAFTS = 20


def drafts_of(request: HttpRequest) -> list[Application]:
    """Those of the visitor that may be written, and ask for GPU-hours by work item."""
    mine = Application.objects.of(request.user).filter(status__in=EDITABLE)
    newest = mine.select_related("call", "organisation").order_by("-saved_at")[:MOST_DRAFTS]
    return [draft for draft in newest if gpu_table(draft.call.read_questions())]


@requires("application.write")
def estimate(request: HttpRequest) -> HttpResponse:
    """The question in the address, so that an estimate can be kept and shown to a colleague."""
    asked = request.POST or (request.GET if "parameters" in request.GET else None)
    form, use = EstimateForm(asked), UseForm(drafts_of(request), request.POST or None)
    if request.method == "POST" and form.is_valid() and use.is_valid():
        application = use.drafts[use.cleaned_data["application"]]
        try:
            add_estimate(
                actor=person(request),
                application=application,
                item=form.item_name(),
                estimate=form.estimate(),
            )
            messages.success(request, _("Added to the GPU-hours of “%(name)s”.") % {"name": application})
            return redirect(application)
        except Refused as refused:
            use.add_error(None, refused.sentence)
    return page(request, form, use)


def page(request: HttpRequest, form: EstimateForm, use: UseForm) -> HttpResponse:
    found = form.estimate() if form.is_bound and form.is_valid() else None
    kept = ((name, form.data.get(name, "")) for name in form.fields) if found else ()
    context = {
        "form": form,
        "use": use,
        "found": found,
        "hours": grouped(found.hours) if found else "",
        "steps": in_words(found) if found else [],
        "hardware": HARDWARE,
        "sources": SOURCES,
        "kept": format_html_join("", '<input type="hidden" name="{}" value="{}">', kept),
    }
    status = 422 if form.errors or use.errors else 200
    return render(request, "grants/answers/estimate.html", context, status=status)

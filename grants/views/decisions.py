"""/desk/applications/<ref>/decide/: award or decline, with reasons."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from grants.actions import awards as decide_actions
from grants.forms.decisions import DecisionForm
from grants.models import Application
from grants.views.desk_application import before_us, page_of
from grants.views.desk_reviews import reviews_of
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person


@requires("award.write")
def desk_decide(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    form = DecisionForm(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, decide(request, found, form))
            return redirect("grants:desk_application", reference)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
            found.refresh_from_db()  # somebody may have decided first
    context = {
        **page_of(request, found, "decide"),
        "reviews": reviews_of(request, found),
        "form": form,
    }
    return render(request, "grants/desk/decide.html", context, status=422 if form.errors else 200)


def decide(request: HttpRequest, found: Application, form: DecisionForm) -> str:
    """Award or decline, and say what was done."""
    if form.is_award:
        made = decide_actions.award(actor=person(request), application=found, **form.award_values())
        return _("Awarded: %(reference)s. The letter is on its way.") % {"reference": made.reference}
    words = {name: form.cleaned_data[name] for name in ("reason", "feedback")}
    decide_actions.decline(actor=person(request), application=found, **words)
    return _("Declined. The letter is on its way.")

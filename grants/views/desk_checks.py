"""/desk/applications/<ref>/checks/: the desk's own steps, before anybody else reads."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST

from grants.actions import checks as actions
from grants.actions.steps import has_step
from grants.forms.checks import CheckForm, FindingForm, LapsedForm, TechnicalForm
from grants.models import Application, ApplicationStatus, Outcome, Step
from grants.views.desk_application import before_us, page_of
from mission.access import may, requires
from mission.errors import Refused
from mission.models import User
from mission.people_of import person

SAID = {
    Outcome.PASSED: lazy("Passed. It goes on to the next step."),
    Outcome.RETURNED: lazy("Returned for completion. The letter is on its way."),
    Outcome.FAILED: lazy("Declined. The applicant hears of it as the call publishes its results."),
}


def form_for(found: Application, data: Any = None) -> FindingForm | None:
    """The form of the step it is at; None where nothing is asked of the desk."""
    if found.status == ApplicationStatus.SUBMITTED and has_step(found, Step.CHECK):
        return CheckForm(found, data)
    if found.status == ApplicationStatus.ASSESSMENT:
        return TechnicalForm(found, data)
    return LapsedForm(data) if found.is_lapsed else None


def whole(request: HttpRequest, found: Application, form: FindingForm | None) -> dict[str, Any]:
    return {
        **page_of(request, found, "checks"),
        "results": found.step_results.select_related("found_by"),
        "findings": found.findings(),
        "form": form if may(request.user, "step.write") else None,
    }


@requires("desk.open")
def desk_checks(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    return render(request, "grants/desk/application_checks.html", whole(request, found, form_for(found)))


@requires("step.write")
@require_POST
def desk_check(request: HttpRequest, reference: str) -> HttpResponse:
    """What was found at the step the application is at."""
    found = before_us(request, reference)
    form = form_for(found, request.POST)
    if form is None:
        messages.error(request, _("Somebody was first: nothing waits here. Nothing was changed."))
        return redirect("grants:desk_checks", reference)
    if form.is_valid():
        try:
            result = find(person(request), found, form)
            messages.success(request, SAID[result])
            return redirect("grants:desk_checks", reference)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return render(request, "grants/desk/application_checks.html", whole(request, found, form), status=422)


def find(actor: User, found: Application, form: FindingForm) -> Outcome:
    data = form.cleaned_data
    common: dict[str, Any] = {"actor": actor, "application": found}
    outcome = Outcome(data["outcome"])
    if outcome == Outcome.FAILED:
        fail = actions.fail_technical if isinstance(form, TechnicalForm) else actions.fail_check
        fail(**common, reason=data["note"], feedback=data["words"])
    elif isinstance(form, TechnicalForm):
        actions.pass_technical(**common, note=data["note"], recommended_gpu_ms=form.recommended_gpu_ms)
    elif outcome == Outcome.RETURNED and isinstance(form, CheckForm):
        end = form.end_of(data["complete_by"])
        actions.return_for_completion(**common, words=data["words"], complete_by=end, note=data["note"])
    else:
        actions.pass_check(**common, note=data["note"])
    return outcome

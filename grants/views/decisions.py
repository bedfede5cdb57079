"""/desk/applications/<ref>/decide/: award, waiting list or decline; a look at the letter; taking it back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.actions import decisions as actions
from grants.forms.decisions import DecisionForm, UndoForm
from grants.models import Application, Call, Decision
from grants.models.decisions import DecisionKind
from grants.models.letter_samples import preview
from grants.views.desk_application import before_us, page_of
from grants.views.desk_reviews import reviews_of
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person


@requires("award.write")
def desk_decide(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    form = DecisionForm(found, request.POST if request.method == "POST" else None)
    letter = None
    if request.method == "POST" and form.is_valid():
        if "preview" in request.POST:
            letter = preview(form.drafted(found, person(request)), person=found.started_by)
        else:
            try:
                decided = actions.decide(actor=person(request), application=found, **form.values())
                messages.success(request, told(decided))
                return redirect("grants:desk_application", reference)
            except Refused as refused:
                form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
                found.refresh_from_db()  # somebody may have decided first
    return decide_page(request, found, form, letter=letter)


def decide_page(
    request: HttpRequest,
    found: Application,
    form: DecisionForm | UndoForm,
    *,
    letter: tuple[str, str] | None = None,
) -> HttpResponse:
    context = {
        **page_of(request, found, "decide"),
        "may_decide": bool(actions.kinds_for(found)),
        "reviews": reviews_of(request, found),
        "decisions": found.decisions.select_related("decided_by"),
        "form": form,
        "letter": letter,
        "results": results_in_words(found.call),
        "undo_form": form if isinstance(form, UndoForm) else UndoForm(),
    }
    return render(request, "grants/desk/decide.html", context, status=422 if form.errors else 200)


def results_in_words(call: Call) -> str:
    """When decisions are announced; empty where they are at once."""
    held = actions.results_are_held(call)
    return call.in_words(call.results_at) if held and call.results_at else ""


def told(decided: Decision) -> str:
    """What was done, in a sentence."""
    application = decided.application
    if decided.is_held:
        when = {"when": results_in_words(application.call)}
        return _("Decided, and held until %(when)s. Nobody outside the desk was told.") % when
    if decided.kind == DecisionKind.DECLINE:
        return _("Declined. The letter is on its way.")
    if decided.kind == DecisionKind.WAIT:
        return _("On the waiting list, place %(place)d. The letter is on its way.") % {"place": decided.place}
    if application.status == "offered":
        return _("Offered. The letter is on its way; the applicant answers.")
    words = {"reference": application.award.reference}
    return _("Awarded: %(reference)s. The letter is on its way.") % words


@requires("award.write")
@require_POST
def desk_undo(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back a decision nobody was told yet."""
    found = before_us(request, reference)
    form, decided = UndoForm(request.POST), found.decision
    if form.is_valid() and decided is not None:
        try:
            actions.undo_decision(actor=person(request), decision=decided, **form.cleaned_data)
            messages.success(request, _("Taken back. What was held for it is free again."))
            return redirect("grants:desk_decide", reference)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return decide_page(request, found, form)

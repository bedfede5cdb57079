"""/desk/applications/…: one application before the desk: read, have it reviewed, decide."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.actions import awards as decide_actions
from grants.actions import reviews as actions
from grants.forms.decisions import AssignForm, DecisionForm
from grants.models import Application, Award, Review
from grants.models.reviews import possible_reviewers
from grants.models.timeline import timeline
from mission.access import may, requires
from mission.errors import Refused
from mission.people_of import person


def before_us(request: HttpRequest, reference: str) -> Application:
    rows = Application.objects.visible_to(request.user).before_the_desk()
    return get_object_or_404(
        rows.select_related("call__programme", "organisation__nation"), reference=reference
    )


def whole(request: HttpRequest, found: Application, assign_form: AssignForm | None = None) -> dict[str, Any]:
    """What the desk reads about one application."""
    reviews = Review.objects.visible_to(request.user).filter(application=found).select_related("reviewer")
    version = found.submitted_version()
    criteria = version.pinned["criteria"] if version else []
    return {
        "application": found,
        "call": found.call,
        "version": version,
        "findings": found.findings(),
        "reviews": [(review, review.scored(criteria)) for review in reviews],
        "conflicted": possible_reviewers(found).filter(belongs=True),
        "assign_form": assign_form or AssignForm(found),
        "timeline": timeline(found),
        "decision": found.decision,
        "award": Award.objects.filter(application=found).with_compute().first(),
        "may_assign": found.is_undecided and may(request.user, "review.assign"),
        "may_decide": found.is_undecided and may(request.user, "award.write"),
    }


@requires("desk.open")
def desk_application(request: HttpRequest, reference: str) -> HttpResponse:
    return render(request, "grants/desk/application.html", whole(request, before_us(request, reference)))


@requires("review.assign")
@require_POST
def desk_assign(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    form = AssignForm(found, request.POST)
    if form.is_valid():
        try:
            review = actions.assign_reviewer(actor=person(request), application=found, **form.cleaned_data)
            messages.success(request, _("%(who)s was asked to review.") % {"who": review.reviewer})
            return redirect("grants:desk_application", reference)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {**whole(request, found, form), "form": form}
    return render(request, "grants/desk/application.html", context, status=422)


@requires("review.assign")
@require_POST
def desk_release(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(Review.objects.visible_to(request.user).select_related("application"), pk=pk)
    try:
        actions.release_reviewer(actor=person(request), review=review)
        messages.success(request, _("%(who)s was released.") % {"who": review.reviewer})
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("grants:desk_application", review.application.reference)


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
    context = {**whole(request, found), "form": form}
    return render(request, "grants/desk/decide.html", context, status=422 if form.errors else 200)


def decide(request: HttpRequest, found: Application, form: DecisionForm) -> str:
    """Award or decline, and say what was done."""
    if form.is_award:
        made = decide_actions.award(actor=person(request), application=found, **form.award_values())
        return _("Awarded: %(reference)s. The letter is on its way.") % {"reference": made.reference}
    words = {name: form.cleaned_data[name] for name in ("reason", "feedback")}
    decide_actions.decline(actor=person(request), application=found, **words)
    return _("Declined. The letter is on its way.")

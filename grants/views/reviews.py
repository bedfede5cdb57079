"""/reviews/: what was given to me to judge. First the word on conflicts, then application and scores."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from grants.actions import reviews as actions
from grants.forms.reviews import ConflictForm, ScoresForm
from grants.models import Review, ReviewStatus
from grants.models.reviews import WAITING
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person


def own(request: HttpRequest, pk: int) -> Review:
    """Mine and without conflict; anything else does not exist."""
    rows = Review.objects.visible_to(request.user).filter(reviewer=person(request))
    return get_object_or_404(rows.select_related("application__call", "application__organisation"), pk=pk)


@requires("review.write")
def reviews(request: HttpRequest) -> HttpResponse:
    mine = Review.objects.visible_to(request.user).filter(reviewer=person(request))
    mine = mine.select_related("application__call")
    done = mine.filter(status=ReviewStatus.SUBMITTED).order_by("-submitted_at")
    context = {
        "waiting": mine.filter(status__in=WAITING)[:100],
        "page": Paginator(done, 50).get_page(request.GET.get("page")),
    }
    return render(request, "grants/reviews/list.html", context)


@requires("review.write")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Scores beside the application; before the declaration, nothing but who applies."""
    found = own(request, pk)
    if found.status == ReviewStatus.ASSIGNED:
        return redirect("grants:review_declare", pk)
    criteria = actions.criteria_of(found)
    form = ScoresForm(found, criteria, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        act = actions.submit_review if "submit" in request.POST else actions.save_review
        try:
            done = act(actor=person(request), review=found, **form.values())
            messages.success(request, _("Submitted. Thank you.") if done.submitted_at else _("Saved."))
            return redirect("grants:reviews" if done.submitted_at else done)
        except Refused as refused:
            form.add_refused(refused.field, refused.sentence)
    context = {
        "review": found,
        "application": found.application,
        "version": found.application.submitted_version(),
        "form": form,
        "scored": found.scored(criteria),
    }
    return render(request, "grants/reviews/detail.html", context, status=422 if form.errors else 200)


@requires("review.write")
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(request, pk)
    if found.status != ReviewStatus.ASSIGNED and request.method != "POST":
        return redirect(found)
    form = ConflictForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        free = form.cleaned_data["declaration"] == ConflictForm.NONE
        try:
            if free:
                actions.declare_no_conflict(actor=person(request), review=found)
                return redirect(found)
            reason = form.cleaned_data["reason"]
            actions.declare_conflict(actor=person(request), review=found, reason=reason)
            messages.success(request, _("Thank you. This application will be given to somebody else."))
            return redirect("grants:reviews")
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
    context = {"review": found, "application": found.application, "form": form}
    return render(request, "grants/reviews/declare.html", context, status=422 if form.errors else 200)

"""/desk/applications/<ref>/reviews/: who was asked, who may be asked, and what they scored."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.actions import reviews as actions
from grants.forms.assignment import AssignForm
from grants.models import Application, Review
from grants.models.disagreement import far_apart, is_wide
from grants.models.reviewers import candidates
from grants.views.desk_application import before_us, page_of
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person

NAMED = 15  # candidates named in the table, the best first


def reviews_of(request: HttpRequest, found: Application) -> list[tuple[Review, list[dict[str, Any]]]]:
    """Each review the person may read, with its scores by criterion."""
    rows = Review.objects.visible_to(request.user).filter(application=found).select_related("reviewer")
    version = found.submitted_version()
    criteria = version.pinned["criteria"] if version else []
    return [(review, review.scored(criteria)) for review in rows]


def whole(request: HttpRequest, found: Application, form: AssignForm | None = None) -> dict[str, Any]:
    context = {**page_of(request, found, "reviews"), "reviews": reviews_of(request, found)}
    context |= {
        "is_wide": is_wide(found),
        "far": far_apart(review for review, _scored in context["reviews"]),
    }
    if context["may_assign"]:
        everybody = candidates(found)
        context |= {
            "free": [one for one in everybody if not one.conflicts][:NAMED],
            "conflicted": [one for one in everybody if one.conflicts],
            "assign_form": form or AssignForm(everybody),
        }
    return context


@requires("desk.open")
def desk_reviews(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    return render(request, "grants/desk/application_reviews.html", whole(request, found))


@requires("review.assign")
@require_POST
def desk_assign(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    form = AssignForm(candidates(found), request.POST)
    if form.is_valid():
        try:
            review = actions.assign_reviewer(actor=person(request), application=found, **form.cleaned_data)
            messages.success(request, _("%(who)s was asked to review.") % {"who": review.reviewer})
            return redirect("grants:desk_reviews", reference)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {**whole(request, found, form), "form": form}
    return render(request, "grants/desk/application_reviews.html", context, status=422)


def for_the_desk(request: HttpRequest, pk: int) -> Review:
    rows = Review.objects.visible_to(request.user).select_related("application__call", "reviewer")
    return get_object_or_404(rows, pk=pk)


@requires("review.assign")
@require_POST
def desk_release(request: HttpRequest, pk: int) -> HttpResponse:
    review = for_the_desk(request, pk)
    try:
        actions.release_reviewer(actor=person(request), review=review)
        messages.success(request, _("%(who)s was released.") % {"who": review.reviewer})
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("grants:desk_reviews", review.application.reference)


@requires("review.assign")
def desk_replace(request: HttpRequest, pk: int) -> HttpResponse:
    """Release one and ask another, in one act."""
    review = for_the_desk(request, pk)
    found = before_us(request, review.application.reference)
    form = AssignForm(candidates(found), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.replace_reviewer(actor=person(request), review=review, **form.cleaned_data)
            said = {"was": review.reviewer, "who": made.reviewer}
            messages.success(request, _("%(who)s was asked in place of %(was)s.") % said)
            return redirect("grants:desk_reviews", found.reference)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {**page_of(request, found, "reviews"), "review": review, "form": form}
    status = 422 if form.errors else 200
    return render(request, "grants/desk/application_replace.html", context, status=status)

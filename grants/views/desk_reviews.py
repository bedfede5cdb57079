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
from grants.models.reviews import possible_reviewers
from grants.views.desk_application import before_us, page_of
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person


def reviews_of(request: HttpRequest, found: Application) -> list[tuple[Review, list[dict[str, Any]]]]:
    """Each review the person may read, with its scores by criterion."""
    rows = Review.objects.visible_to(request.user).filter(application=found).select_related("reviewer")
    version = found.submitted_version()
    criteria = version.pinned["criteria"] if version else []
    return [(review, review.scored(criteria)) for review in rows]


def whole(request: HttpRequest, found: Application, form: AssignForm | None = None) -> dict[str, Any]:
    return {
        **page_of(request, found, "reviews"),
        "reviews": reviews_of(request, found),
        "conflicted": possible_reviewers(found).filter(belongs=True),
        "assign_form": form or AssignForm(found),
    }


@requires("desk.open")
def desk_reviews(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    return render(request, "grants/desk/application_reviews.html", whole(request, found))


@requires("review.assign")
@require_POST
def desk_assign(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    form = AssignForm(found, request.POST)
    if form.is_valid():
        try:
            review = actions.assign_reviewer(actor=person(request), application=found, **form.cleaned_data)
            messages.success(request, _("%(who)s was asked to review.") % {"who": review.reviewer})
            return redirect("grants:desk_reviews", reference)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {**whole(request, found, form), "form": form}
    return render(request, "grants/desk/application_reviews.html", context, status=422)


@requires("review.assign")
@require_POST
def desk_release(request: HttpRequest, pk: int) -> HttpResponse:
    review = get_object_or_404(Review.objects.visible_to(request.user).select_related("application"), pk=pk)
    try:
        actions.release_reviewer(actor=person(request), review=review)
        messages.success(request, _("%(who)s was released.") % {"who": review.reviewer})
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect("grants:desk_reviews", review.application.reference)

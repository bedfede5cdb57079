"""/reviews/: what was given to me to judge. First the word on conflicts, then application and scores."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.actions import reviews as actions
from grants.forms.reviews import ConflictForm, DeclineForm, ScoresForm
from grants.models import Review, ReviewStatus
from grants.models.blindness import told_to_reviewer
from grants.models.reviews import WAITING
from grants.models.scores import criteria_of
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person


def own(request: HttpRequest, pk: int) -> Review:
    """Mine and without conflict; anything else does not exist."""
    rows = Review.objects.visible_to(request.user).filter(reviewer=person(request))
    rows = rows.exclude(status__in=[ReviewStatus.CONFLICTED, ReviewStatus.DECLINED, ReviewStatus.RELEASED])
    rows = rows.select_related("application__call", "application__organisation__nation")
    return get_object_or_404(rows, pk=pk)


@requires("review.write")
def reviews(request: HttpRequest) -> HttpResponse:
    mine = Review.objects.visible_to(request.user).filter(reviewer=person(request))
    mine = mine.select_related("application__call")
    done = mine.filter(status=ReviewStatus.SUBMITTED).order_by("-submitted_at")
    context = {
        "waiting": mine.filter(status__in=WAITING).order_by("due_on", "pk")[:100],
        "page": Paginator(done, 50).get_page(request.GET.get("page")),
    }
    return render(request, "grants/reviews/list.html", context)


def whole(found: Review) -> dict[str, Any]:
    """What the reviewer reads: of a blind step nothing that tells who applies."""
    criteria, version = criteria_of(found), found.application.submitted_version()
    answered, hidden = told_to_reviewer(version) if version else ([], [])
    return {
        "review": found,
        "application": found.application,
        "blind": bool(hidden),
        "withheld": hidden,
        "version": version,
        "answered": answered,
        "scored": found.scored(criteria),
        "peers": [row.scored(criteria) for row in Review.objects.peers_of(found)],
    }


@requires("review.write")
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Scores beside the application; before the declaration, nothing but who applies."""
    found = own(request, pk)
    if found.status == ReviewStatus.ASSIGNED:
        return redirect("grants:review_declare", pk)
    data = request.POST if request.method == "POST" else None
    form = ScoresForm(found, criteria_of(found), data, draft="save" in request.POST)
    if request.method == "POST" and form.is_valid():
        act = actions.submit_review if "submit" in request.POST else actions.save_review
        try:
            done = act(actor=person(request), review=found, **form.values())
            messages.success(request, _("Submitted. Thank you.") if done.submitted_at else _("Saved."))
            return redirect("grants:reviews" if done.submitted_at else done)
        except Refused as refused:
            form.add_refused(refused.field, refused.sentence)
    context = {**whole(found), "form": form}
    return render(request, "grants/reviews/detail.html", context, status=422 if form.errors else 200)


@requires("review.write")
@require_POST
def review_save(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page saves by itself: all that will do is kept, and the first that will not is told."""
    found = own(request, pk)
    form = ScoresForm(found, criteria_of(found), request.POST, draft=True)
    sound = form.is_valid()
    try:
        done = actions.save_review(actor=person(request), review=found, **form.values())
    except Refused as refused:
        return JsonResponse(refused.as_json(), status=refused.status)
    if not sound:
        name, errors = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else ""
        wrong = Refused(f"{label}: {errors[0]}", field=name, code="invalid", status=422)
        return JsonResponse(wrong.as_json(), status=422)
    return JsonResponse({"version": 0, "saved_at": done.saved_at})


@requires("review.write")
def declare(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(request, pk)
    if found.status == ReviewStatus.SUBMITTED and request.method != "POST":
        return redirect(found)
    form = ConflictForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if form.cleaned_data["declaration"] == ConflictForm.NONE:
                if found.status != ReviewStatus.ACCEPTED:
                    actions.declare_no_conflict(actor=person(request), review=found)
                return redirect(found)
            reason = form.cleaned_data["reason"]
            actions.declare_conflict(actor=person(request), review=found, reason=reason)
            messages.success(request, _("Thank you. This application will be given to somebody else."))
            return redirect("grants:reviews")
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
    context = {**whole(found), "form": form}
    return render(request, "grants/reviews/declare.html", context, status=422 if form.errors else 200)


@requires("review.write")
def review_decline(request: HttpRequest, pk: int) -> HttpResponse:
    found = own(request, pk)
    form = DeclineForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.decline_review(actor=person(request), review=found, **form.cleaned_data)
            messages.success(request, _("Thank you for saying so. The desk asks somebody else."))
            return redirect("grants:reviews")
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {"review": found, "application": found.application, "form": form}
    return render(request, "grants/reviews/decline.html", context, status=422 if form.errors else 200)

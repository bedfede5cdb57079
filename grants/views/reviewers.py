"""The reviewer pool for the desk, and each reviewer's own page about themselves."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.actions import reviewers as actions
from grants.forms.reviewers import PoolForm, ProfileForm, StandingConflictForm
from grants.models import ConflictDeclaration
from grants.models.reviewers import MOST, is_away, median_days, pool, profile_of
from grants.open_data import as_data, asked_for
from mission.access import may, requires
from mission.errors import Refused
from mission.models import Role, User
from mission.people_of import person


def filtered(rows: "QuerySet[Any]", form: PoolForm) -> "QuerySet[Any]":
    if not form.is_valid():
        return rows
    words, language = form.cleaned_data["q"].strip(), form.cleaned_data["language"]
    if words:
        known = Q(reviewer_profile__expertise__icontains=words)
        rows = rows.filter(Q(name__icontains=words) | Q(email__icontains=words) | known)
    if language is not None:
        rows = rows.filter(reviewer_profile__languages=language)
    if form.cleaned_data["has_room"]:
        away = Q(reviewer_profile__away_until__gte=timezone.localdate())
        most = Coalesce(F("reviewer_profile__most_at_once"), Value(MOST))
        rows = rows.exclude(away).annotate(most=most).filter(load__lt=F("most"))
    return rows


@requires("desk.open")
def desk_reviewers(request: HttpRequest) -> HttpResponse:
    form = PoolForm(request.GET or None)
    rows = filtered(pool(), form)
    if asked_for(request):
        return as_data(
            "reviewers", [as_row(user, days) for user, days in with_days(rows)], asked_for(request)
        )
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(user, profile_of(user), days) for user, days in with_days(page)],
        "may_write": may(request.user, "reviewer.write"),
        "today": timezone.localdate(),
    }
    return render(request, "grants/desk/reviewers.html", context)


def with_days(users: Any) -> list[tuple[Any, float | None]]:
    rows = list(users)
    days = median_days(rows)
    return [(user, days.get(user.pk)) for user in rows]


def as_row(user: Any, days: float | None) -> dict[str, Any]:
    profile = profile_of(user)
    spoken = profile.languages.all() if profile.pk else []
    return {
        "name": user.name,
        "email": user.email,
        "expertise": ", ".join(profile.expertise),
        "languages": ", ".join(language.code for language in spoken),
        "waiting": user.load,
        "most_at_once": profile.most_at_once,
        "away_until": profile.away_until if is_away(profile) else None,
        "done": user.done,
        "median_days": days,
    }


def profile_page(request: HttpRequest, user: User, back: str) -> HttpResponse:
    """The profile of one reviewer, by themselves or by an officer. `back`: where it leads when saved."""
    form = ProfileForm(profile_of(user), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.save_profile(actor=person(request), user=user, **form.values())
            messages.success(request, _("Saved."))
            return redirect(back)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return render_profile(request, user, form, StandingConflictForm())


def render_profile(
    request: HttpRequest, user: User, form: ProfileForm, conflict_form: StandingConflictForm
) -> HttpResponse:
    wrong = form.errors or conflict_form.errors
    context = {
        "reviewer": user,
        "own": user.pk == person(request).pk,
        "profile_form": form,
        "conflict_form": conflict_form,
        "form": form if form.errors else conflict_form,
        "conflicts": ConflictDeclaration.objects.filter(user=user, ended_at=None).select_related(
            "organisation"
        ),
    }
    return render(request, "grants/reviews/profile.html", context, status=422 if wrong else 200)


@requires("reviewer.write")
def review_profile(request: HttpRequest) -> HttpResponse:
    """One's own; an officer who reviews nothing is sent to the pool."""
    if Role.REVIEWER not in person(request).roles:
        return redirect("grants:desk_reviewers")
    return profile_page(request, person(request), "grants:review_profile")


def spoken_for(request: HttpRequest, pk: int) -> User:
    """The reviewer an officer may edit; a reviewer only themselves."""
    rows = pool() if may(request.user, "review.assign") else pool().filter(pk=person(request).pk)
    found: User = get_object_or_404(rows, pk=pk)
    return found


@requires("reviewer.write")
def reviewer(request: HttpRequest, pk: int) -> HttpResponse:
    return profile_page(request, spoken_for(request, pk), request.path)


@requires("reviewer.write")
@require_POST
def reviewer_conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """A standing conflict: added."""
    user = spoken_for(request, pk)
    form = StandingConflictForm(request.POST)
    if form.is_valid():
        try:
            made = actions.declare_standing_conflict(actor=person(request), user=user, **form.cleaned_data)
            said = {"name": made.organisation}
            messages.success(request, _("Applications of %(name)s will not be given to you.") % said)
            return redirect("grants:reviewer", pk)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return render_profile(request, user, ProfileForm(profile_of(user)), form)


@requires("reviewer.write")
@require_POST
def reviewer_conflict_end(request: HttpRequest, pk: int, conflict: int) -> HttpResponse:
    user = spoken_for(request, pk)
    found = get_object_or_404(ConflictDeclaration.objects.filter(user=user), pk=conflict)
    actions.end_standing_conflict(actor=person(request), declaration=found)
    messages.success(request, _("%(name)s: no conflict from today on.") % {"name": found.organisation})
    return redirect("grants:reviewer", pk)

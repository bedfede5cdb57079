"""/apply/<ref>/appeal/: the applicant's word against a decision; and the desk's pages of it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from grants.actions import appeals as actions
from grants.forms.appeals import AppealForm, OutcomeForm
from grants.models import Appeal, AppealStatus, Application
from grants.models.searching import at_the_desk
from grants.views.desk_application import before_us, page_of
from grants.views.offers import of_my_team
from mission.access import may, requires
from mission.errors import Refused
from mission.people_of import person


def closed_because(found: Application) -> str:
    """Why no appeal can be filed; empty where one can."""
    try:
        actions.must_be_appealable(found)
    except Refused as refused:
        return refused.sentence
    return ""


@requires("appeal.file")
def appeal(request: HttpRequest, reference: str) -> HttpResponse:
    found = of_my_team(request, reference)
    decision = found.announced_decision
    filed = Appeal.objects.filter(decision=decision).select_related("filed_by").first() if decision else None
    form = AppealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.file_appeal(actor=person(request), application=found, **form.cleaned_data)
            messages.success(request, _("Your appeal is in. Somebody who did not decide looks at it."))
            return redirect("grants:appeal", reference)
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
    until = decision.appeal_until() if decision else None
    context = {
        "application": found,
        "filed": filed or found.appeals.select_related("filed_by").last(),
        "closed": closed_because(found) if filed is None else "",
        "decision": decision,
        "until": found.call.in_words(until) if until else "",
        "form": form,
    }
    return render(request, "grants/appeals/appeal.html", context, status=422 if form.errors else 200)


@requires("desk.open")
def desk_appeal(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    rows = found.appeals.select_related("filed_by", "decided_by", "decision__decided_by").order_by(
        "-filed_at"
    )
    latest = rows.first()
    form = OutcomeForm(request.POST if request.method == "POST" and may_decide(request, latest) else None)
    if latest is not None and form.is_valid():
        uphold, reason = form.cleaned_data["outcome"] == "uphold", form.cleaned_data["reason"]
        try:
            actions.decide_appeal(actor=person(request), appeal=latest, uphold=uphold, reason=reason)
            messages.success(request, _("The outcome is kept, and the applicant was written to."))
            return redirect("grants:desk_appeal", reference)
        except Refused as refused:
            form.add_error(refused.field, refused.sentence)
    context = {**page_of(request, found, "appeal"), "appeals": rows, "form": form}
    context["may_decide_appeal"] = may_decide(request, latest)
    context["decided_before"] = context["may_decide_appeal"] and decided_by(request, found)
    return render(request, "grants/desk/appeal.html", context, status=422 if form.errors else 200)


def decided_by(request: HttpRequest, found: Application) -> bool:
    """Whoever decided does not decide the appeal: told before they write a reason."""
    return found.decisions.filter(decided_by=person(request)).exists()


def may_decide(request: HttpRequest, latest: Appeal | None) -> bool:
    return latest is not None and latest.status == AppealStatus.OPEN and may(request.user, "appeal.decide")


@requires("desk.open")
def desk_appeals(request: HttpRequest) -> HttpResponse:
    """Open ones first, the oldest on top."""
    rows = Appeal.objects.filter(application__in=at_the_desk(person(request)))
    rows = rows.select_related("application__call", "application__organisation", "filed_by")
    shown = "all" if request.GET.get("show") == "all" else "open"
    if shown == "open":
        rows = rows.filter(status=AppealStatus.OPEN)
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "grants/desk/appeals.html", {"page": page, "shown": shown})

"""/desk/calls/<slug>/amend/ and exceptions/: a published call changed in the open, and rules set aside."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from grants.actions.amendments import amend_call
from grants.actions.overrides import override_rule
from grants.forms.amendments import AmendForm
from grants.forms.overrides import OverrideForm
from grants.models import Application, Call, CallStatus
from grants.models.applications import findings
from grants.models.eligibility import Finding
from mission.access import requires
from mission.errors import Refused
from mission.models import Organisation
from mission.people_of import person


@requires("call.write")
def desk_call_amend(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call, slug=slug, status=CallStatus.PUBLISHED)
    form = AmendForm(request.POST if request.method == "POST" else None, call=call)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            amend_call(
                actor=person(request),
                call=call,
                revision=data["revision"],
                words=data["words"],
                **form.changes(),
            )
            messages.success(request, _("Announced, and told to everybody who is applying."))
            return redirect("grants:desk_call", call.slug)
        except Refused as refused:
            form.add_refused(refused.field, refused.sentence)
    context = {"call": call, "form": form}
    return render(request, "grants/desk/call_amend.html", context, status=422 if form.errors else 200)


@requires("call.write")
def desk_call_exceptions(request: HttpRequest, slug: str) -> HttpResponse:
    """Find the organisation; see each rule judged for it; set one aside."""
    call = get_object_or_404(Call, slug=slug)
    organisation = chosen(request)
    judged = judged_for(call, organisation) if organisation else []
    form = OverrideForm(request.POST if request.method == "POST" else None, findings=judged)
    if request.method == "POST" and organisation and form.is_valid():
        data = form.cleaned_data
        try:
            override_rule(actor=person(request), call=call, organisation=organisation, **data)
            messages.success(request, _("%(name)s may apply.") % {"name": organisation})
            return redirect("grants:desk_call", call.slug)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    context = {"call": call, "form": form, "organisation": organisation, "findings": judged}
    context |= {
        "found": searched(request),
        "overrides": call.overrides.select_related("organisation", "given_by"),
    }
    return render(request, "grants/desk/call_exceptions.html", context, status=422 if form.errors else 200)


def chosen(request: HttpRequest) -> Organisation | None:
    given = request.POST.get("organisation") or request.GET.get("organisation") or ""
    rows = Organisation.objects.select_related("nation")
    return rows.filter(pk=given).first() if given.isdigit() else None


def searched(request: HttpRequest) -> dict[str, Any]:
    """Organisations by their name or registration number; twenty are enough to choose from."""
    words = request.GET.get("q", "").strip()
    rows = Organisation.objects.select_related("nation")
    matching = rows.filter(name__icontains=words) | rows.filter(registry_id__iexact=words)
    return {"words": words, "organisations": list(matching[:20]) if words else []}


def judged_for(call: Call, organisation: Organisation) -> list[Finding]:
    """Of its application where there is one: what it asks for counts, too."""
    rows = Application.objects.filter(call=call, organisation=organisation).exclude(status="withdrawn")
    application = rows.select_related("call", "organisation__nation").first()
    return application.findings() if application else findings(call, organisation)

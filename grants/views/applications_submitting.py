"""/apply/…/check/ and what follows: submit once, the receipt in two forms, versions, withdrawal."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from grants import receipts
from grants.actions import applications as actions
from grants.forms.applications import DeclarationsForm, WithdrawForm
from grants.models import Application, ApplicationVersion
from grants.models.applications_next import next_steps
from grants.models.moments import in_zone
from grants.models.questions import clean_answers, sections
from grants.views.applications import clock, own
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person


@requires("application.write")
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Check your answers; agree; submit. A second click finds it submitted and says so."""
    found = own(request, reference)
    if not found.is_editable:
        messages.info(request, _("This application had been submitted already. Nothing was changed."))
        return redirect("grants:application_receipt", reference)
    form = DeclarationsForm(found, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.submit(actor=person(request), application=found, **form.values())
            return redirect("grants:application_receipt", reference)
        except Refused as refused:
            found.refresh_from_db()
            form.refuse(refused, found)
    return check_page(request, found, form)


def check_page(request: HttpRequest, found: Application, form: DeclarationsForm) -> HttpResponse:
    """All answers, page by page; what will not do stands at its question, with the way there."""
    questions = found.read_questions()
    _clean, problems = clean_answers(questions, found.answers)
    pages = sections(questions, found.answers)
    context = {
        **clock(found),
        "application": found,
        "call": found.call,
        "form": form,
        "pages": [(page, [(q, found.answers.get(q.key)) for q in page.questions]) for page in pages],
        "missing": [
            (page, q, problems[q.key]) for page in pages for q in page.questions if q.key in problems
        ],
        "findings": found.findings(),
    }
    status = 422 if form.errors else 200
    return render(request, "grants/applications/check.html", context, status=status)


@requires("application.write")
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    found = own(request, reference)
    version = found.submitted_version()
    if version is None:
        return redirect(found)
    context: dict[str, Any] = {
        "application": found,
        "call": found.call,
        "version": version,
        "when": in_zone(version.submitted_at, found.call.time_zone),
        "next_steps": next_steps(version.pinned["route"]),
    }
    return render(request, "grants/applications/receipt.html", context)


@requires("application.write")
def receipt_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    """Of the latest version, or of `?version=1`."""
    return as_pdf(request, own(request, reference))


@requires("desk.open")
def desk_receipt_pdf(request: HttpRequest, reference: str) -> HttpResponse:
    rows = Application.objects.at_the_desk(person(request))
    return as_pdf(request, get_object_or_404(rows, reference=reference))


def as_pdf(request: HttpRequest, found: Application) -> HttpResponse:
    """To be kept, not shown: an attachment."""
    asked = request.GET.get("version", "")
    rows = ApplicationVersion.objects.filter(application=found).select_related(
        "application__call", "application__organisation__nation", "submitted_by"
    )
    version = get_object_or_404(rows, number=int(asked)) if asked.isdecimal() else rows.first()
    if version is None:
        return redirect(found)
    answer = HttpResponse(receipts.receipt(version), content_type="application/pdf")
    name = f"{found.reference}-v{version.number}.pdf"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@requires("application.write")
def version(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """What was submitted then, as it was."""
    found = own(request, reference)
    kept = get_object_or_404(found.versions.select_related("submitted_by"), number=number)
    when = in_zone(kept.submitted_at, found.call.time_zone)
    context = {"application": found, "version": kept, "answered": kept.answered(), "when": when}
    return render(request, "grants/applications/version.html", context)


@requires("application.write")
def withdraw(request: HttpRequest, reference: str) -> HttpResponse:
    found = own(request, reference)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.withdraw(actor=person(request), application=found, **form.cleaned_data)
            messages.success(request, _("The application was withdrawn."))
            return redirect("grants:apply")
        except Refused as refused:
            form.add_error(None, refused.sentence)
    context = {"application": found, "call": found.call, "form": form}
    status = 422 if form.errors else 200
    return render(request, "grants/applications/withdraw.html", context, status=status)

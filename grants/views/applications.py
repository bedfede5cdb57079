"""/apply/: my applications, the form that saves itself, check, submit, receipt."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.actions import applications as actions
from grants.forms.applications import AnswersForm, DeclarationsForm, StartForm, WithdrawForm
from grants.models import Application, Award, Call
from grants.models.questions import clean_answers
from grants.views.clashes import show_clash
from mission.access import requires
from mission.errors import Refused
from mission.models import Organisation
from mission.people_of import person


def own(request: HttpRequest, reference: str) -> Application:
    mine = Application.objects.of(request.user)
    return get_object_or_404(
        mine.select_related("call__programme", "organisation", "saved_by"), reference=reference
    )


@requires("application.write")
def apply(request: HttpRequest) -> HttpResponse:
    """What waits for me: drafts first, then what was submitted; and what I could apply to."""
    mine = Application.objects.of(request.user).select_related("call", "organisation")
    organisations = Organisation.objects.of(request.user).select_related("nation")
    context = {
        "drafts": mine.filter(status="draft").order_by("call__closes_at"),
        "submitted": mine.exclude(status="draft").order_by("-submitted_at")[:100],
        "awards": Award.objects.of(request.user).with_compute(),
        "organisations": organisations,
        "open_calls": Call.objects.open().exclude(applications__in=mine.exclude(status="withdrawn"))[:10],
    }
    return render(request, "grants/applications/list.html", context)


@requires("application.write")
@require_POST
def start(request: HttpRequest, slug: str) -> HttpResponse:
    call = get_object_or_404(Call.objects.public(), slug=slug)
    form = StartForm(Organisation.objects.of(request.user), request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose the organisation that applies."))
        return redirect(call)
    try:
        begun = actions.start_application(actor=person(request), call=call, **form.cleaned_data)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(call)
    return redirect(begun)


@requires("application.write")
def application(request: HttpRequest, reference: str) -> HttpResponse:
    """The form while it is a draft; what was submitted and where it stands afterwards."""
    found = own(request, reference)
    if not found.is_draft:
        return render(request, "grants/applications/detail.html", standing(found))
    questions = found.call.read_questions()
    if request.method != "POST":
        initial = {**found.answers, "version": found.draft_version}
        judged = {**found.answers, "version": str(found.draft_version)} if "check" in request.GET else None
        return page(request, found, AnswersForm(questions, judged, initial=initial))
    form = AnswersForm(questions, request.POST)
    try:
        saved = actions.save_draft(
            actor=person(request), application=found, answers=form.typed(), version=form.seen_version()
        )
    except Refused as refused:
        return page(request, found, show_clash(form, refused, found))
    if "check" not in request.POST:
        messages.success(request, _("Saved. You can go on later; it is here."))
        return redirect(saved)
    if form.is_valid():
        return redirect("grants:application_check", reference)
    form.show_version(saved.draft_version)
    return page(request, saved, form)


def page(request: HttpRequest, found: Application, form: AnswersForm) -> HttpResponse:
    status = 422 if request.method == "POST" and form.errors else 200
    context = {"application": found, "call": found.call, "form": form}
    return render(request, "grants/applications/form.html", context, status=status)


def standing(found: Application) -> dict[str, object]:
    award = Award.objects.filter(application=found).with_compute().first()
    return {
        "application": found,
        "call": found.call,
        "version": found.submitted_version(),
        "award": award,
        "deliverables": award.deliverables.all() if award else [],
        "decision": found.announced_decision,
    }


@requires("application.write")
@require_POST
def save(request: HttpRequest, reference: str) -> HttpResponse:
    """Autosave: JSON for static/autosave.js."""
    found = own(request, reference)
    form = AnswersForm(found.call.read_questions(), request.POST)
    try:
        saved = actions.save_draft(
            actor=person(request), application=found, answers=form.typed(), version=form.seen_version()
        )
    except Refused as refused:
        return JsonResponse(refused.as_json(), status=refused.status)
    return JsonResponse({"version": saved.draft_version, "saved_at": saved.saved_at.isoformat()})


@requires("application.write")
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """Check your answers; agree; submit. A second click finds it submitted and says so."""
    found = own(request, reference)
    if found.submitted_at:
        messages.info(request, _("This application had been submitted already. Nothing was changed."))
        return redirect("grants:application_receipt", reference)
    questions = found.call.read_questions()
    _clean, problems = clean_answers(questions, found.answers)
    if problems or not found.is_draft:
        return redirect(f"{found.get_absolute_url()}?check")
    form = DeclarationsForm(found.call.declarations, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            declared = form.cleaned_data.get("declarations", [])
            actions.submit(actor=person(request), application=found, declared=declared)
            return redirect("grants:application_receipt", reference)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
    return check_page(request, found, form)


def check_page(request: HttpRequest, found: Application, form: DeclarationsForm) -> HttpResponse:
    answered = [(q, found.answers.get(q.key, "")) for q in found.call.read_questions()]
    context = {
        "application": found,
        "call": found.call,
        "form": form,
        "answered": answered,
        "findings": found.findings(),
    }
    status = 422 if form.errors else 200
    return render(request, "grants/applications/check.html", context, status=status)


@requires("application.write")
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    found = own(request, reference)
    if not found.submitted_at:
        return redirect(found)
    context = {"application": found, "call": found.call, "version": found.submitted_version()}
    return render(request, "grants/applications/receipt.html", context)


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

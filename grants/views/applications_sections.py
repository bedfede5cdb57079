"""/apply/…/<section>/: one topic a page. It saves by itself, and a clash is shown, never overwritten."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.actions import applications as actions
from grants.forms.answers import AnswersForm
from grants.models import Application
from grants.models.questions import Progress, Section, section_label, sections
from grants.models.questions.sections import slugs
from grants.views.applications import clock, marks, own
from grants.views.clashes import Clash, choose, clash_of
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person


def page_of(application: Application, slug: str) -> tuple[Section, str]:
    """The section of that address, and the address of what follows it. One that another answer hid in the
    meantime has no questions to ask, and still takes what was typed."""
    questions = application.read_questions()
    found = sections(questions, application.answers)
    for place, section in enumerate(found):
        if section.slug == slug:
            return section, found[place + 1].slug if place + 1 < len(found) else ""
    hidden = [q for q in questions if slugs(questions)[q.section] == slug]
    if not hidden:
        raise Http404
    return Section(slug, section_label(hidden[0]), [], hidden, Progress.EMPTY, 0), ""


def asked_no_more(request: HttpRequest, found: Application, here: Section) -> HttpResponse:
    """Another answer hid this page while it was open: what was typed is kept, and counts if it comes back."""
    if request.method == "POST":
        keep(request, found, here, AnswersForm(here.drawn, request.POST, initial=found.answers))
    messages.info(
        request, _("“%(page)s” is not asked any more. What you wrote is kept.") % {"page": here.label}
    )
    return redirect(found)


def section_url(application: Application, slug: str) -> str:
    return reverse("grants:application_section", args=[application.reference, slug])


@requires("application.write")
def section(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    found = own(request, reference)
    if not found.is_editable:
        return redirect(found)
    here, _following = page_of(found, slug)
    if not here.questions:
        return asked_no_more(request, found, here)
    if request.method != "POST":
        known = {**found.answers, "version": str(found.seen_version(slug))}
        judged = known if "check" in request.GET else None
        return page(request, found, here, AnswersForm(here.drawn, judged, initial=known))
    data, unsettled = choose(request.POST, found.answers)
    form = AnswersForm(here.drawn, data, initial=found.answers)
    if unsettled:
        return page(request, found, here, form, clash_of(found, here, form, unsettled))
    try:
        saved = keep(request, found, here, form)
    except Refused as refused:
        return page(request, found, here, form, clash_of(found, here, form, refused.sentence))
    return after_saving(request, saved, here, form)


def keep(request: HttpRequest, found: Application, here: Section, form: AnswersForm) -> Application:
    return actions.save_draft(
        actor=person(request),
        application=found,
        answers=form.typed(),
        version=form.seen_version(),
        section=here.slug,
    )


def after_saving(request: HttpRequest, saved: Application, here: Section, form: AnswersForm) -> HttpResponse:
    """Where the button led: more rows, files, the list, this page again, or on to the next."""
    version, pressed = saved.seen_version(here.slug), request.POST
    if form.wants_rows():
        return page(request, saved, here, form.with_more_rows(version))
    if form.wants_files():
        return redirect("grants:files", saved.reference, form.wants_files())
    if "save-stay" in pressed:
        messages.success(request, _("Saved."))
        return redirect(section_url(saved, here.slug))
    if "save-list" in pressed:
        return redirect(saved)
    if "clash-differs" in pressed and not form.is_valid():
        return redirect(f"{section_url(saved, here.slug)}?check")
    if not form.is_valid():
        form.show_version(version)
        return page(request, saved, here, form)
    _here, following = page_of(saved, here.slug)
    if following:
        return redirect(section_url(saved, following))
    return redirect("grants:application_check", saved.reference)


def page(
    request: HttpRequest, found: Application, here: Section, form: AnswersForm, clash: Clash | None = None
) -> HttpResponse:
    who, when = marks(found).get(here.slug, ("", None))
    context = {
        **clock(found),
        "application": found,
        "call": found.call,
        "section": here,
        "form": form,
        "clash": clash,
        "who": who,
        "when": when,
        "crumbs": crumbs(found, here),
    }
    failed = request.method == "POST" and bool(form.errors)
    return render(request, "grants/applications/section.html", context, status=422 if failed else 200)


def crumbs(found: Application, here: Section) -> list[tuple[str, str]]:
    top = (_("Your applications"), reverse("grants:apply"))
    return [top, (str(found), found.get_absolute_url()), (here.label, "")]


@requires("application.write")
@require_POST
def section_save(request: HttpRequest, reference: str, slug: str) -> HttpResponse:
    """Autosave: JSON for static/autosave.js."""
    found = own(request, reference)
    here, _following = page_of(found, slug)
    try:
        saved = keep(request, found, here, AnswersForm(here.drawn, request.POST, initial=found.answers))
    except Refused as refused:
        return JsonResponse(refused.as_json(), status=refused.status)
    return JsonResponse({"version": saved.seen_version(slug), "saved_at": saved.saved_at.isoformat()})

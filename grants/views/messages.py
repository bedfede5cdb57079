"""/apply/…/messages/ and /desk/applications/…/messages/: applicant and desk write to each other."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages as flash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.actions import messages as actions
from grants.actions.notifications import mark_seen
from grants.forms.messages import MessageForm, NoteForm
from grants.models import Application, Message, Note
from grants.views.desk_application import before_us, page_of
from mission.access import may, requires
from mission.errors import Refused
from mission.people_of import person


def sent(form: forms.Form, act: Callable[..., Any], request: HttpRequest, found: Application) -> bool:
    """Run the action with what was typed; what it refuses stands beside the field."""
    if not form.is_valid():
        return False
    try:
        act(actor=person(request), application=found, **form.cleaned_data)
    except Refused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, refused.sentence)
        return False
    return True


@requires("message.write")
def application_messages(request: HttpRequest, reference: str) -> HttpResponse:
    """The applicant's side. Opening it marks what the desk wrote as read."""
    mine = Application.objects.of(request.user).before_the_desk().select_related("call", "organisation")
    found = get_object_or_404(mine, reference=reference)
    form = MessageForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and sent(form, actions.write_to_desk, request, found):
        flash.success(request, _("Your message is with the desk."))
        return redirect("grants:application_messages", reference)
    thread = list(Message.objects.visible_to(request.user).filter(application=found).select_related("author"))
    if request.method == "GET":
        actions.applicant_has_read(actor=person(request), application=found)
        mark_seen(actor=person(request), path=request.path)
    context = {"application": found, "thread": thread, "form": form}
    return render(request, "grants/applications/messages.html", context, status=422 if form.errors else 200)


def desk_page(
    request: HttpRequest, found: Application, form: MessageForm | None = None, note: NoteForm | None = None
) -> HttpResponse:
    of = {"application": found}
    thread = list(Message.objects.visible_to(request.user).filter(**of).select_related("author"))
    context = {
        **page_of(request, found, "messages"),
        "thread": thread,
        "unread": sum(not m.from_desk and m.read_at is None for m in thread),
        "notes": Note.objects.visible_to(request.user).filter(**of).select_related("author"),
        "form": form or MessageForm(),
        "note_form": note or NoteForm(),
        "may_write": may(request.user, "note.write"),
    }
    return render(request, "grants/desk/messages.html", context, status=422 if form or note else 200)


@requires("desk.open")
def desk_messages(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    mark_seen(actor=person(request), path=request.path)
    return desk_page(request, found)


@requires("note.write")
@require_POST
def desk_message_write(request: HttpRequest, reference: str) -> HttpResponse:
    found, form = before_us(request, reference), MessageForm(request.POST)
    if not sent(form, actions.write_to_applicant, request, found):
        return desk_page(request, found, form=form)
    flash.success(request, _("Sent. The applicant's team is told."))
    return redirect("grants:desk_messages", reference)


@requires("note.write")
@require_POST
def desk_message_read(request: HttpRequest, reference: str) -> HttpResponse:
    found = before_us(request, reference)
    actions.desk_has_read(actor=person(request), application=found)
    flash.success(request, _("Marked as read."))
    return redirect("grants:desk_messages", reference)


@requires("note.write")
@require_POST
def desk_note_write(request: HttpRequest, reference: str) -> HttpResponse:
    found, form = before_us(request, reference), NoteForm(request.POST)
    if not sent(form, actions.write_note, request, found):
        return desk_page(request, found, note=form)
    flash.success(request, _("Noted."))
    return redirect("grants:desk_messages", reference)

"""Files: the applicant's page for one question, and the one door through which bytes leave."""

import uuid
from collections.abc import AsyncIterator, Iterator
from typing import cast

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from grants import file_store
from grants.actions import files as actions
from grants.forms.files import FileForm
from grants.models import Application, Attachment, FileStatus
from grants.models.questions import Question
from grants.models.questions.sections import slugs
from mission.access import requires
from mission.errors import Refused
from mission.people_of import person


class PieceByPiece(FileResponse):
    """Django's own reads all of a file before it sends any, where it runs under ASGI."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces = cast(Iterator[bytes], self.streaming_content)

        def following() -> bytes | None:
            return next(pieces, None)

        while (piece := await sync_to_async(following)()) is not None:
            yield piece


def own(request: HttpRequest, reference: str) -> Application:
    mine = Application.objects.of(request.user).select_related("call", "organisation")
    return get_object_or_404(mine, reference=reference)


def asked(application: Application, key: str) -> Question:
    """The question, if it asks for files."""
    found = next((q for q in application.read_questions() if q.key == key and q.kind == "file"), None)
    if found is None:
        raise Http404
    return found


@requires("application.write")
def files(request: HttpRequest, reference: str, key: str) -> HttpResponse:
    """Add, see and remove the files of one question: a page of its own, so that no typed text hangs on it."""
    found = own(request, reference)
    question = asked(found, key)
    if not found.is_editable:
        messages.info(request, _("This application was submitted. Its files can no longer be changed."))
        return redirect(found)
    form = FileForm(question, *((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        try:
            made = actions.hand_in_file(
                actor=person(request), application=found, question=question, upload=form.cleaned_data["file"]
            )
            messages.success(request, _("“%(name)s” was added.") % {"name": made.name})
            return redirect("grants:files", reference, key)
        except Refused as refused:
            form.add_error("file" if refused.field == "file" else None, refused.sentence)
    return page(request, found, question, form)


def page(request: HttpRequest, found: Application, question: Question, form: FileForm) -> HttpResponse:
    rows = found.files.filter(question=question.key).exclude(status=FileStatus.REMOVED)
    shown = list(rows.select_related("uploaded_by"))
    standing = [row for row in shown if row.status != FileStatus.REFUSED]
    slug = slugs(found.read_questions())[question.section]
    back = reverse("grants:application_section", args=[found.reference, slug])
    context = {
        "application": found,
        "question": question,
        "back": back,
        "crumbs": [
            (_("Your applications"), reverse("grants:apply")),
            (str(found), found.get_absolute_url()),
            (question.label, ""),
        ],
        "files": shown,
        "form": form,
        "is_full": len(standing) >= (question.most or 1),
    }
    status = 422 if form.errors else 200
    return render(request, "grants/files/page.html", context, status=status)


@requires("application.write")
@require_POST
def file_remove(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    rows = Attachment.objects.filter(application__in=Application.objects.of(request.user))
    found = get_object_or_404(rows.select_related("application"), key=key)
    try:
        actions.remove_file(actor=person(request), attachment=found)
        messages.success(request, _("“%(name)s” was removed.") % {"name": found.name})
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(found.application)
    return redirect("grants:files", found.application.reference, found.question)


@requires("file.read")
@require_safe
def file(request: HttpRequest, key: uuid.UUID) -> HttpResponse | FileResponse:
    """The bytes, to be saved and never shown: whatever they hold, it does not run on our pages."""
    found = get_object_or_404(Attachment.objects.visible_to(request.user), key=key)
    try:
        stored = file_store.open_stored(found.key)
    except FileNotFoundError as error:
        raise Http404 from error
    plain = "; charset=utf-8" if found.content_type == "text/plain" else ""
    answer = PieceByPiece(
        stored, as_attachment=True, filename=found.name, content_type=f"{found.content_type}{plain}"
    )
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer

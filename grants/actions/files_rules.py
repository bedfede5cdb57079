"""What must hold before a file is taken."""

from django.conf import settings
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.actions.applications_rules import told_applicant
from grants.file_types import FileType, endings_of
from grants.models.applications import Application
from grants.models.files import Attachment, AttachmentQuerySet
from grants.models.questions import Question
from mission.errors import Refused
from mission.models import User


def lock(application: Application, actor: User) -> Application:
    """So that files are counted, and applications submitted, one after the other."""
    locked = Application.objects.select_for_update().get(pk=application.pk)
    must_be_editable(locked, actor)
    return locked


def standing(application: Application, question: str) -> AttachmentQuerySet:
    """The files that answer a question now."""
    return Attachment.objects.filter(application=application, question=question).standing()


def must_be_editable(application: Application, actor: User) -> None:
    if not application.is_editable:
        raise Refused(told_applicant(application, actor), code="moved_on")


def must_ask_for_files(question: Question) -> None:
    if question.kind != "file":
        raise Refused(_("This question does not ask for a file."), code="no_file_asked")


def must_be_accepted(question: Question, kind: FileType, name: str) -> None:
    """The call may take less than the house does."""
    if question.accepts and kind.kind not in question.accepts:
        words = {"name": name, "kinds": endings_of(question.accepts)}
        raise Refused(
            _("“%(name)s” is not what this question asks for. It takes %(kinds)s.") % words,
            field="file",
            code="file_type",
            status=422,
        )


def must_have_room(application: Application, question: Question, size: int) -> None:
    """Under the lock. Held for the question, and for the application as a whole."""
    most = question.most or 1
    if standing(application, question.key).count() >= most:
        sentence = ngettext(
            "This question takes one file. Remove the one that is there, then send this one.",
            "This question takes %(n)d files. Remove one that is there, then send this one.",
            most,
        )
        raise Refused(sentence % {"n": most}, field="file", code="too_many_files", status=422)
    if application.files.count() >= settings.MOST_FILES:
        raise Refused(_("Files were sent too often for this application. Write to the desk."), field="file")
    held = application.files.standing().aggregate(sum=Sum("size"))["sum"] or 0
    if held + size > settings.LARGEST_FILES:
        words = {"most": filesizeformat(settings.LARGEST_FILES), "held": filesizeformat(held)}
        raise Refused(
            _(
                "The files of one application may have %(most)s together, and yours have %(held)s already. "
                "Remove one, or make this one smaller."
            )
            % words,
            field="file",
            code="too_large",
            status=422,
        )


def too_large() -> Refused:
    sentence = _("A file may have at most %(most)s. Make it smaller, or split it.")
    words = {"most": filesizeformat(settings.LARGEST_FILE)}
    return Refused(sentence % words, field="file", code="too_large", status=422)

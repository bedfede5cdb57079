"""Writing: applicant and desk to each other on an application, and the desk's notes to itself."""

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.notifications import notify_each
from grants.actions.rights import must, must_be_free, must_belong
from grants.models.applications import Application
from grants.models.messages import Message, Note
from grants.models.reviews import Review
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import AuditEntry, Role, RoleGrant, User

LONGEST = 5000


def write_to_desk(*, actor: User, application: Application, body: str) -> Message:
    """From the applicant's team. The officers who took part are told."""
    must_belong(actor, application.organisation)
    must_be_submitted(application)
    body = worded(body)
    with transaction.atomic():
        application.messages.waiting_for_applicant().update(read_at=timezone.now())
        made = write(application, actor=actor, body=body, from_desk=False)
        words = {"organisation": application.organisation.name, "title": str(application)}
        notify_each(
            users=officers_of(application),
            kind="message",
            text=_("%(organisation)s wrote to the desk about “%(title)s”.") % words,
            path=desk_path(application),
            application=application,
        )
    return made


def write_to_applicant(*, actor: User, application: Application, body: str) -> Message:
    """From the desk. All members are told; what they wrote before counts as answered."""
    must(actor, "note.write")
    must_be_free(actor, application)
    must_be_submitted(application)
    body = worded(body)
    with transaction.atomic():
        application.messages.waiting_for_desk().update(read_at=timezone.now())
        made = write(application, actor=actor, body=body, from_desk=True)
        current = application.organisation.memberships.current()
        notify_each(
            users=User.objects.filter(pk__in=current.values("user"), is_active=True),
            kind="message",
            text=_("The desk wrote to you about “%(title)s”.") % {"title": str(application)},
            path=applicant_path(application),
            application=application,
        )
    return made


def write(application: Application, *, actor: User, body: str, from_desk: bool) -> Message:
    """The audit trail says that one was written, not what."""
    made = Message.objects.create(application=application, author=actor, from_desk=from_desk, body=body)
    verb = "message.from_desk" if from_desk else "message.from_applicant"
    record(actor=actor, verb=verb, target=application, message=made.pk)
    return made


def applicant_has_read(*, actor: User, application: Application) -> int:
    """The team opened the page: what the desk wrote is no longer new. How many messages that were."""
    must_belong(actor, application.organisation)
    return application.messages.waiting_for_applicant().update(read_at=timezone.now())


def desk_has_read(*, actor: User, application: Application) -> int:
    """An officer says that no answer is needed. How many messages that were."""
    must(actor, "note.write")
    must_be_free(actor, application)
    return application.messages.waiting_for_desk().update(read_at=timezone.now())


def write_note(*, actor: User, application: Application, body: str) -> Note:
    """For the desk alone; nobody is told."""
    must(actor, "note.write")
    must_be_free(actor, application)
    body = worded(body)
    with transaction.atomic():
        made = Note.objects.create(application=application, author=actor, body=body)
        record(actor=actor, verb="note.written", target=application, note=made.pk)
    return made


def worded(body: str) -> str:
    body = body.strip()
    if not body:
        raise Refused(_("Write something first."), field="body", code="invalid", status=422)
    if len(body) > LONGEST:
        raise Refused(
            _("This has %(length)d signs. Shorten it to %(longest)d.")
            % {"length": len(body), "longest": LONGEST},
            field="body",
            code="invalid",
            status=422,
        )
    return body


def must_be_submitted(application: Application) -> None:
    if application.submitted_at is None:
        raise Refused(_("Submit the application first: the desk does not see drafts."), code="is_draft")


def officers_of(application: Application) -> QuerySet[User]:
    """The officers who had a hand in it; before anyone had, those who made the call. Never the conflicted."""
    holds = RoleGrant.objects.current().filter(role=Role.OFFICER).values("user")
    past = application.organisation.memberships.values("user")
    officers = User.objects.filter(pk__in=holds, is_active=True).exclude(pk__in=past)
    acted = AuditEntry.objects.about(application).exclude(actor=None).order_by().values("actor")
    asked = Review.objects.filter(application=application).order_by().values("assigned_by")
    hands = officers.filter(Q(pk__in=acted) | Q(pk__in=asked))
    if hands.exists():
        return hands
    made = AuditEntry.objects.about(application.call).exclude(actor=None).order_by().values("actor")
    return officers.filter(pk__in=made)


def desk_path(application: Application) -> str:
    return reverse("grants:desk_messages", args=[application.reference])


def applicant_path(application: Application) -> str:
    return reverse("grants:application_messages", args=[application.reference])

"""The people of an applicant: who they are, who may bind it, and how they are told."""

from typing import Any

from django.utils.translation import gettext as _

from grants.actions.letters import write_letter
from grants.actions.notifications import notify
from grants.models.applications import Application
from mission.errors import Refused
from mission.models import Organisation, User


def members_of(application: Application) -> list[User]:
    return list(
        User.objects.filter(
            memberships__organisation=application.organisation_id, memberships__until=None, is_active=True
        ).distinct()
    )


def owners_of(organisation: Organisation) -> list[User]:
    """Who may bind the applicant: its owners; an individual is their own."""
    return list(
        User.objects.filter(
            memberships__organisation=organisation, memberships__until=None, memberships__is_owner=True
        )
        .filter(is_active=True)
        .distinct()
    )


def may_bind(user: User, organisation: Organisation) -> bool:
    return organisation.memberships.current().filter(user=user, is_owner=True).exists()


def must_bind(actor: User, organisation: Organisation) -> None:
    """Only who may speak for the applicant; the others are told who that is."""
    if may_bind(actor, organisation):
        return
    owners = ", ".join(str(owner) for owner in owners_of(organisation))
    raise Refused(
        _("Only an owner of %(name)s may answer an offer: %(owners)s.")
        % {"name": organisation.name, "owners": owners or _("it has none at the moment")},
        code="forbidden",
        status=403,
    )


def tell_team(application: Application, *, kind: str, text: str, path: str = "", **context: Any) -> None:
    """A letter and a line in the page to each of the team, inside the transaction of the act."""
    where = path or application.get_absolute_url()
    for member in members_of(application):
        write_letter(kind=kind, to=member, application=application, **context)
        notify(user=member, kind=kind, text=text, path=where, application=application, letter=True)

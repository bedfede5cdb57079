"""What a person must be to act: refusals with a sentence, shared by the actions of this package."""

from django.utils.translation import gettext as _

from grants.models.applications import Application
from grants.models.reviews import conflict_of
from mission.access import may
from mission.errors import Refused
from mission.models import Organisation, User


def must(actor: User, verb: str) -> None:
    """The access table lets this person do that."""
    if not may(actor, verb):
        raise Refused(_("Your account may not do this."), code="forbidden", status=403)


def must_belong(actor: User, organisation: Organisation) -> None:
    if not organisation.memberships.current().filter(user=actor).exists():
        raise Refused(
            _("Only members of %(name)s may do this.") % {"name": organisation.name},
            code="forbidden",
            status=403,
        )


def must_be_free(user: User, application: Application) -> None:
    """No bond, now or once, to the organisation that applies."""
    conflict = conflict_of(user, application)
    if conflict:
        raise Refused(
            _("%(person)s %(conflict)s, and cannot judge this application.")
            % {"person": user, "conflict": conflict},
            code="conflict",
        )

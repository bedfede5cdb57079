"""Creating organisations and joining them."""

import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from mission.actions.audit import record
from mission.errors import Refused
from mission.models import Membership, Nation, Organisation, User


def create_organisation(
    *,
    actor: User,
    name: str,
    type: str,
    nation: Nation,
    registry_id: str = "",
    ror_id: str = "",
    website: str = "",
    founded_on: datetime.date | None = None,
) -> Organisation:
    """Create an organisation; whoever creates it owns it."""
    organisation = Organisation(
        name=name.strip(),
        type=type,
        nation=nation,
        registry_id=registry_id.strip(),
        ror_id=ror_id.strip(),
        website=website,
        founded_on=founded_on,
    )
    try:
        organisation.full_clean()
        with transaction.atomic():
            organisation.save()
            Membership.objects.create(user=actor, organisation=organisation, is_owner=True)
            record(actor=actor, verb="organisation.created", target=organisation, name=organisation.name)
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise Refused(messages[0], field=None if field == "__all__" else field, status=422) from error
    except IntegrityError as error:
        raise Refused(_("An organisation with this registration number is already here.")) from error
    return organisation


def add_member(*, actor: User, organisation: Organisation, user: User) -> Membership:
    """An owner brings a colleague in. Adding somebody who is in changes nothing."""
    owners = organisation.memberships.current().filter(user=actor, is_owner=True)
    if not owners.exists():
        raise Refused(_("Only an owner of %(name)s may add members.") % {"name": organisation.name}, status=403)
    with transaction.atomic():
        membership, fresh = Membership.objects.get_or_create(user=user, organisation=organisation, until=None)
        if fresh:
            record(actor=actor, verb="organisation.member_added", target=organisation, user=user.pk)
    return membership

"""Creating organisations and joining them."""

import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mission.actions.audit import record
from mission.actions.people import grant_role
from mission.emails import send_invitation
from mission.errors import Refused
from mission.models import Invitation, Membership, Nation, Organisation, Role, RoleGrant, User
from mission.models.organisations import OrganisationType


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


def register_organisation(
    *,
    actor: User | None,
    name: str,
    type: str,
    nation: Nation,
    source_url: str,
    registry_id: str = "",
    ror_id: str = "",
    website: str = "",
) -> Organisation:
    """An organisation as a register has it. It has no members until somebody is made one."""
    organisation = Organisation(
        name=name, type=type, nation=nation, registry_id=registry_id, ror_id=ror_id, website=website
    )
    with transaction.atomic():
        _save(organisation)
        record(actor=actor, verb="organisation.registered", target=organisation, name=name, source=source_url)
    return organisation


def bring_up_to_date(
    *,
    actor: User | None,
    organisation: Organisation,
    source_url: str,
    name: str,
    website: str = "",
    registry_id: str = "",
    ror_id: str = "",
) -> bool:
    """To what a register says now; what it does not say stays. True where anything changed.

    A number that is here already is never replaced: another number is another organisation.
    """
    said = {"name": name, "website": website, "registry_id": registry_id, "ror_id": ror_id}
    before = {key: getattr(organisation, key) for key, value in said.items() if value}
    changed = {key: said[key] for key, old in before.items() if old != said[key]}
    for key in ("registry_id", "ror_id"):
        if key in changed and before[key]:
            facts = {"name": organisation, "ours": before[key], "theirs": changed[key]}
            raise Refused(_("%(name)s has the number %(ours)s here, not %(theirs)s.") % facts, field=key)
    if not changed:
        return False
    for key, value in changed.items():
        setattr(organisation, key, value)
    with transaction.atomic():
        _save(organisation)
        record(
            actor=actor, verb="organisation.brought_up_to_date", target=organisation, source=source_url,
            before={key: before[key] for key in changed}, after=changed,
        )  # fmt: skip
    return True


def _save(organisation: Organisation) -> None:
    """Raises Refused where the facts do not hold together."""
    try:
        organisation.full_clean()
        organisation.save()
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        sentence = messages[0] if field == "__all__" else f"{field}: {messages[0]}"
        raise Refused(sentence, field=None if field == "__all__" else field, status=422) from error


def stand_alone(*, actor: User, nation: Nation) -> Organisation:
    """The person as an applicant of their own: an organisation of one, which nobody else can join."""
    there = Organisation.objects.of(actor).filter(type=OrganisationType.INDIVIDUAL).first()
    if there is not None:
        return there
    return create_organisation(actor=actor, name=str(actor), type=OrganisationType.INDIVIDUAL, nation=nation)


def invite(*, actor: User, organisation: Organisation, email: str) -> Invitation:
    """An owner asks a colleague to join; the colleague answers after signing in with that address."""
    address = email.strip().lower()
    members = organisation.memberships.current()
    if organisation.type == OrganisationType.INDIVIDUAL:
        raise Refused(_("Nobody can join an individual. Create an organisation and apply as that."))
    if not members.filter(user=actor, is_owner=True).exists():
        raise Refused(_("Only an owner of %(name)s may invite.") % {"name": organisation.name}, status=403)
    if members.filter(user__email__iexact=address).exists():
        raise Refused(_("%(email)s is a member already.") % {"email": address}, field="email")
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(organisation=organisation, email=address, invited_by=actor)
            record(actor=actor, verb="organisation.invited", target=organisation, email=address)
            transaction.on_commit(lambda: send_invitation(invitation), robust=True)
    except IntegrityError as error:
        sentence = _("%(email)s has been invited already. The invitation waits for an answer.")
        raise Refused(sentence % {"email": address}, field="email") from error
    return invitation


def answer_invitation(*, actor: User, invitation: Invitation, accept: bool) -> Invitation:
    """Say yes or no, once. Who joins an organisation that holds awards may use its sandbox, too."""
    if invitation.email.lower() != actor.email.lower():
        raise Refused(_("This invitation was sent to somebody else."), status=403)
    with transaction.atomic():
        answered = Invitation.objects.open().filter(pk=invitation.pk)
        if not answered.update(answered_at=timezone.now(), accepted=accept):
            raise Refused(_("This invitation has been answered already."))
        organisation = invitation.organisation
        verb = "organisation.joined" if accept else "organisation.invitation_declined"
        record(actor=actor, verb=verb, target=organisation)
        if accept:
            colleagues = organisation.members.filter(memberships__until=None)
            holds_awards = RoleGrant.objects.current().filter(user__in=colleagues, role=Role.GRANTEE)
            if holds_awards.exists():
                grant_role(actor=None, user=actor, role=Role.GRANTEE)
            Membership.objects.get_or_create(user=actor, organisation=organisation, until=None)
    invitation.refresh_from_db()
    return invitation

"""Small worlds for tests, built by the same actions the pages call."""

from mission.actions.nations import ensure_nation
from mission.actions.organisations import answer_invitation, create_organisation, invite
from mission.actions.people import grant_role, register_person
from mission.models import Nation, Organisation, Role, User

PASSWORD = "correct horse battery staple"


def nation(code: str = "IN") -> Nation:
    return ensure_nation(code=code)


def person(email: str, *roles: Role) -> User:
    """A person who can sign in with `PASSWORD`. `asha` becomes asha@example.org."""
    address = email if "@" in email else f"{email}@example.org"
    user = register_person(email=address, name=address.split("@")[0].title(), password=PASSWORD)
    for role in roles:
        grant_role(actor=None, user=user, role=role)
    return User.objects.get(pk=user.pk)


def organisation(owner: User, name: str = "Kaveri Labs", code: str = "IN", *members: User) -> Organisation:
    made = create_organisation(
        actor=owner, name=name, type="startup", nation=nation(code), registry_id=f"{code}-{name}"
    )
    for member in members:
        invitation = invite(actor=owner, organisation=made, email=member.email)
        answer_invitation(actor=member, invitation=invitation, accept=True)
    return made

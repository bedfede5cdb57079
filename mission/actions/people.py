"""Giving and taking roles, and making the accounts of a demo world."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mission.actions.audit import record
from mission.errors import Refused
from mission.models import Role, RoleGrant, User


def register_person(*, email: str, name: str, password: str | None, actor: User | None = None) -> User:
    """A person with a verified address: for the demo world and for invited staff. Signing up is allauth's."""
    from allauth.account.models import EmailAddress

    if User.objects.filter(email__iexact=email).exists():
        raise Refused(_("Somebody already uses the address %(email)s.") % {"email": email}, field="email")
    with transaction.atomic():
        user = User.objects.create_user(email=email, password=password, name=name)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        record(actor=actor, verb="person.registered", target=user)
    return user


def grant_role(*, actor: User | None, user: User, role: Role) -> RoleGrant:
    """Give a role. Giving one that is held changes nothing."""
    with transaction.atomic():
        grant, fresh = RoleGrant.objects.get_or_create(
            user=user, role=role, ended_at=None, defaults={"granted_by": actor}
        )
        if fresh:
            record(actor=actor, verb="role.granted", target=user, role=role)
    user.__dict__.pop("roles", None)
    return grant


def end_role(*, actor: User, user: User, role: Role) -> None:
    """Take a role back. The grant stays, with the time it ended."""
    with transaction.atomic():
        ended = RoleGrant.objects.current().filter(user=user, role=role).update(ended_at=timezone.now())
        if not ended:
            raise Refused(_("%(user)s does not hold that role.") % {"user": user})
        record(actor=actor, verb="role.ended", target=user, role=role)
    user.__dict__.pop("roles", None)

"""Reviewers say what they know, how much they can take on, and whom they may not judge."""

import datetime
from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.actions.rights import must
from grants.models.reviews import ConflictDeclaration, ReviewerProfile
from mission.access import Scope, scopes
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import Language, Organisation, Role, User

WORDS_AT_MOST, LONGEST_WORD = 30, 60


def save_profile(
    *,
    actor: User,
    user: User,
    expertise: Sequence[str],
    languages: Iterable[Language],
    most_at_once: int,
    away_until: datetime.date | None = None,
) -> ReviewerProfile:
    """What a reviewer knows and can take on; their own, or by an officer."""
    must_speak_for(actor, user)
    words = list(dict.fromkeys(word.strip()[:LONGEST_WORD] for word in expertise if word.strip()))
    if len(words) > WORDS_AT_MOST:
        raise Refused(
            _("At most %(n)d words: name what you know best.") % {"n": WORDS_AT_MOST},
            field="expertise",
            status=422,
        )
    values = {
        "expertise": words,
        "most_at_once": most_at_once,
        "away_until": away_until,
        "updated_at": timezone.now(),
    }
    with transaction.atomic():
        profile, _fresh = ReviewerProfile.objects.update_or_create(user=user, defaults=values)
        profile.languages.set(languages)
        facts = {"most_at_once": most_at_once, "expertise": words}
        record(actor=actor, verb="reviewer.described", target=user, **facts)
    return profile


def declare_standing_conflict(
    *, actor: User, user: User, organisation: Organisation, reason: str
) -> ConflictDeclaration:
    """The reviewer's own word: this organisation I may not judge. Saying it again changes nothing."""
    must_speak_for(actor, user)
    if not reason.strip():
        raise Refused(_("Say what the conflict is."), field="reason", status=422)
    there = ConflictDeclaration.objects.filter(user=user, organisation=organisation, ended_at=None)
    try:
        with transaction.atomic():
            made = ConflictDeclaration.objects.create(
                user=user, organisation=organisation, reason=reason.strip()
            )
            facts = {"organisation": organisation.pk, "reason": made.reason}
            record(actor=actor, verb="conflict.declared", target=user, **facts)
    except IntegrityError:
        return there.get()
    return made


def end_standing_conflict(*, actor: User, declaration: ConflictDeclaration) -> ConflictDeclaration:
    """It binds no longer. The row stays, with both dates."""
    must_speak_for(actor, declaration.user)
    with transaction.atomic():
        now = timezone.now()
        standing = ConflictDeclaration.objects.filter(pk=declaration.pk, ended_at=None)
        if standing.update(ended_at=now):
            facts = {"organisation": declaration.organisation_id}
            record(actor=actor, verb="conflict.ended", target=declaration.user, **facts)
    declaration.refresh_from_db()
    return declaration


def must_speak_for(actor: User, user: User) -> None:
    """A reviewer for themselves; an officer for any reviewer."""
    must(actor, "reviewer.write")
    if Role.REVIEWER not in user.roles:
        raise Refused(_("%(person)s is not a reviewer.") % {"person": user})
    if actor.pk != user.pk and Scope.ALL not in scopes(actor, "reviewer.write"):
        raise Refused(_("This is somebody else's."), code="forbidden", status=403)

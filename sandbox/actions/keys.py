"""Making keys and revoking them."""

import logging

import redis
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.models import Award
from mission.actions.audit import record
from mission.errors import Refused
from mission.models import Organisation, User
from sandbox import balance
from sandbox.keys import new_key
from sandbox.models import ApiKey, KeyKind

logger = logging.getLogger(__name__)

MOST_KEYS = 50


def make_key(*, actor: User, award: Award, label: str) -> tuple[ApiKey, str]:
    """A new key to an award's lots, and its secret, which nobody can ever see again."""
    label = label.strip()
    must_belong(actor, award)
    if not label or len(label) > 80:
        raise Refused(_("Give the key a label of up to 80 characters."), field="label", status=422)
    if not award.lots.exists():
        raise Refused(_("This award has no GPU time yet, so a key would open nothing."))
    if ApiKey.objects.live().filter(award=award, kind=KeyKind.API).count() >= MOST_KEYS:
        raise Refused(_("This award has %(most)s keys. Revoke one first.") % {"most": MOST_KEYS})
    prefix, secret, digest = new_key()
    with transaction.atomic():
        key = ApiKey.objects.create(award=award, label=label, prefix=prefix, digest=digest, created_by=actor)
        record(actor=actor, verb="key.made", target=key, prefix=prefix, award=award.pk)
    return key, secret


def playground_key(*, actor: User, award: Award) -> ApiKey:
    """The key a person's playground draws on an award with: one each, without a secret."""
    must_belong(actor, award)
    with transaction.atomic():
        key, fresh = ApiKey.objects.get_or_create(
            award=award,
            created_by=actor,
            kind=KeyKind.PLAYGROUND,
            revoked_at=None,
            defaults={"label": str(KeyKind.PLAYGROUND.label), "prefix": new_key().prefix},
        )
        if fresh:
            record(actor=actor, verb="key.made", target=key, prefix=key.prefix, award=award.pk)
    return key


def revoke_key(*, actor: User, key: ApiKey) -> ApiKey:
    """A revoked key opens nothing from this moment on."""
    must_belong(actor, key.award)
    with transaction.atomic():
        now = timezone.now()
        if not ApiKey.objects.live().filter(pk=key.pk).update(revoked_at=now):
            raise Refused(_("The key %(prefix)s… is revoked already.") % {"prefix": key.prefix})
        record(actor=actor, verb="key.revoked", target=key, prefix=key.prefix)
        transaction.on_commit(lambda: shut(key.pk))
    key.refresh_from_db()
    return key


def must_belong(actor: User, award: Award) -> None:
    if not Organisation.objects.of(actor).filter(pk=award.organisation_id).exists():
        sentence = _("Only members of %(name)s may use its GPU time.")
        raise Refused(sentence % {"name": award.organisation.name}, status=403)


def shut(key_id: int) -> None:
    """Tell every gateway at once. Should Redis be away, the cached key runs out within a minute."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            client.set(f"{balance.SHUT}{key_id}", 1, ex=balance.KEY_SECONDS * 3)
    except redis.RedisError:
        logger.exception("could not tell the gateways that a key is revoked", extra={"key": key_id})

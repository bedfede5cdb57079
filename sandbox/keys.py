"""API keys and playground passes: how they look, and how one is told from another without keeping it."""

import hmac
import json
import secrets
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from sandbox import balance
from sandbox.models import ApiKey, KeyKind

BEGINS = "osai_"
PASS_BEGINS = "osai-pass_"  # noqa: S105
PASS_SECONDS = 600
_SALT = "sandbox.ApiKey"
_PLAYGROUND = "sandbox.playground"


class NewKey(NamedTuple):
    prefix: str
    secret: str
    digest: str


class OpenKey(NamedTuple):
    """What a valid key opens."""

    key: int
    award: int


def new_key() -> NewKey:
    """`osai_` and eight signs to know it by, then 256 bits that only the holder knows."""
    prefix = BEGINS + secrets.token_hex(4)
    secret = f"{prefix}_{secrets.token_urlsafe(32)}"
    return NewKey(prefix, secret, digest(secret))


def digest(secret: str, pepper: str | None = None) -> str:
    """HMAC-SHA256 under a pepper derived from SECRET_KEY, so the table alone tells nobody a key."""
    return salted_hmac(_SALT, secret, secret=pepper, algorithm="sha256").hexdigest()


def prefix_of(secret: str) -> str | None:
    """The part to look a key up by; None for what cannot be one of our keys."""
    body = secret.removeprefix(BEGINS)
    if body == secret or len(secret) > 80 or not secret.isascii() or len(body) < 40 or body[8] != "_":
        return None
    return secret[: len(BEGINS) + 8]


def find_key(secret: str) -> ApiKey | None:
    """The live key for a secret. Keys made before SECRET_KEY changed still open, while it is a fallback."""
    prefix = prefix_of(secret)
    key = ApiKey.objects.live().filter(prefix=prefix).exclude(digest="").first() if prefix else None
    if key is None:
        return None
    peppers = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return key if any(hmac.compare_digest(key.digest, digest(secret, pepper)) for pepper in peppers) else None


def new_pass(key: ApiKey) -> str:
    """A signed pass to a playground key, good for ten minutes: for the page's own script."""
    return PASS_BEGINS + signing.dumps(key.pk, salt=_PLAYGROUND)


def read_pass(secret: str) -> int | None:
    """The playground key a pass is for, or None when it is not ours or has run out."""
    if not secret.startswith(PASS_BEGINS) or len(secret) > 200:
        return None
    try:
        return int(signing.loads(secret.removeprefix(PASS_BEGINS), salt=_PLAYGROUND, max_age=PASS_SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def look_up(secret: str) -> OpenKey | None:
    """What a secret or a pass opens, asked of the database."""
    passed = read_pass(secret)
    if passed is None:
        key = find_key(secret)
    else:
        key = ApiKey.objects.live().filter(pk=passed, kind=KeyKind.PLAYGROUND).first()
    return OpenKey(key.pk, key.award_id) if key else None


async def open_key(redis: Any, in_database: Callable[..., Awaitable[Any]], secret: str) -> OpenKey | None:
    """What a secret opens, asked of the cache first; a revoked key opens nothing, whatever is cached."""
    passed = read_pass(secret)
    if passed is None and prefix_of(secret) is None:
        return None
    name = digest(secret) if passed is None else f"pass:{passed}"
    cached = await balance.open_key(redis, name)
    if cached is None:
        opened: OpenKey | None = await in_database(look_up, secret=secret)
        told = json.dumps(opened._asdict()) if opened else ""
        await redis.set(f"{balance.KEY}{name}", told, ex=balance.KEY_SECONDS if opened else 10)
        return opened
    return OpenKey(**json.loads(cached)) if cached else None

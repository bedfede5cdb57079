"""How often one address may file a correction: counted in Valkey, for an hour, under a keyed digest of it."""

import datetime
import logging

from django.core.cache import cache
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from mission.errors import Refused

logger = logging.getLogger(__name__)
A_WINDOW = 5
WINDOW = datetime.timedelta(hours=1)


def count_filing(address: str) -> None:
    """One more from there. Raises Refused where it is one too many; without Valkey nothing is counted."""
    key = f"filing:{salted_hmac('contributions.filing_limit', address).hexdigest()[:24]}"
    until = timezone.now() + WINDOW
    try:
        if cache.add(key, 1, WINDOW.seconds):
            cache.set(f"{key}:until", until, WINDOW.seconds)
            return
        filed, since = cache.incr(key), cache.get(f"{key}:until")
    except (RedisError, ValueError):  # ValueError: the hour ended between the two
        logger.warning("filings are not counted")
        return
    if filed > A_WINDOW:
        raise Refused(
            _(
                "%(count)s corrections came from your address within an hour. Send this one after %(when)s "
                "UTC; what you wrote stays in the form."
            )
            % {"count": A_WINDOW, "when": f"{since or until:%H:%M}"},
            code="too_many",
            status=429,
        )

"""What can go wrong with an outside system, as types: each says in a sentence what stands in the way."""

import datetime

from django.utils.translation import gettext as _


class OutsideTrouble(Exception):
    """Something stood in the way; try again later."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class RateLimited(OutsideTrouble):
    """Not before `until`. Nothing is wrong: the source simply becomes due again then."""

    def __init__(self, until: datetime.datetime) -> None:
        super().__init__(_("Asked to wait until %(until)s UTC.") % {"until": f"{until:%Y-%m-%d %H:%M:%S}"})
        self.until = until


class Unreachable(OutsideTrouble):
    """No answer, an answer cut off in the middle, or a failure on their side."""


class Missing(OutsideTrouble):
    """Deleted, made private, or never there: the platform does not tell which."""


class TakenDown(OutsideTrouble):
    """Blocked by the platform, or taken down for legal reasons."""


class Denied(OutsideTrouble):
    """Our credential may not, or is not accepted."""

"""When a figure is next counted anew: from the schedule that does it, or from who publishes it."""

from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.charts import words


class Updates(StrEnum):
    """What makes the numbers of a source new."""

    AT_ONCE = "at once"  # the page reads the rows themselves
    ROLLUPS = "recompute-stale"
    EXCHANGE = "recompute-exchange"
    LEDGER = "recompute-recent-ledger"
    SYNC = "sync-due"
    RELEASE = "release"  # somebody else's

    @property
    def in_words(self) -> str:
        if self is Updates.AT_ONCE:
            return _("At once: the page reads the register itself.")
        if self is Updates.RELEASE:
            return _("With the publisher's next release.")
        seconds = int(float(str(settings.CELERY_BEAT_SCHEDULE[self.value]["schedule"])))
        if self is Updates.SYNC:
            return _("Sources that are due are looked at again within %(time)s.") % {"time": lasting(seconds)}
        return _("Within %(time)s of a change of its rows.") % {"time": lasting(seconds)}


def lasting(seconds: int) -> str:
    """Seconds below two minutes, then minutes."""
    if seconds < 120:
        told = ngettext("%(count)s second", "%(count)s seconds", seconds)
        return told % {"count": words.number(seconds)}
    minutes = seconds // 60
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": words.number(minutes)}

"""Working days of the home nation: what a call's service level is counted in."""

import datetime
import functools
import zoneinfo

import holidays
from django.conf import settings
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from mission.models import Nation

SOON = 3  # working days before a promise is broken in which the desk is warned


@functools.cache
def calendar_of(nation: str) -> holidays.HolidayBase:
    """Weekends and public holidays; Saturday and Sunday alone where the nation's holidays are not known."""
    if nation in holidays.list_supported_countries(include_aliases=False):
        return holidays.country_holidays(nation)
    return holidays.HolidayBase()


def after(day: datetime.date, working_days: int) -> datetime.date:
    """The day that many working days later. The day itself does not count, whatever the hour."""
    return calendar_of(settings.HOME_NATION).get_nth_working_day(day, working_days) if working_days else day


def due_on(
    submitted_at: datetime.datetime, service_days: int | None, time_zone: str = ""
) -> datetime.date | None:
    """By when the decision is promised; None where the call promises nothing."""
    if not service_days:
        return None
    zone = zoneinfo.ZoneInfo(time_zone) if time_zone else None
    return after(timezone.localdate(submitted_at, zone), service_days)


def soon() -> datetime.date:
    """What is due up to this day is about to be late."""
    return after(timezone.localdate(), SOON)


def calendar_in_words() -> str:
    """Which days do not count, and whose: said wherever a service level is."""
    calendar = calendar_of(settings.HOME_NATION)
    weekend = [str(WEEKDAYS[day]) for day in sorted(calendar.weekend)]
    words = {"days": weekend[0]}
    if weekend[1:]:
        words["days"] = _("%(first)s and %(last)s") % {
            "first": _(", ").join(weekend[:-1]),
            "last": weekend[-1],
        }
    if not getattr(calendar, "country", None):
        return _("Working days are all days but %(days)s.") % words
    nation = Nation.objects.filter(pk=settings.HOME_NATION).first() or settings.HOME_NATION
    words["nation"] = str(nation)
    return _("Working days are all days but %(days)s and the public holidays of %(nation)s.") % words

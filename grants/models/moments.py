"""Moments in words, always with the time zone they are told in."""

import datetime
import zoneinfo

from django.conf import settings
from django.utils.translation import get_language_bidi

from mission import numerals

LEFT_TO_RIGHT, END = "\N{LEFT-TO-RIGHT ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"


def in_zone(moment: datetime.datetime, time_zone: str | None = None) -> str:
    """“23 November 2026, 17:00 (Asia/Kolkata, UTC+05:30)”; the house's own zone unless one is named."""
    zone = time_zone or settings.TIME_ZONE
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    shown = numerals.date(local, "DATETIME_FORMAT")
    if zone == "UTC":
        return f"{shown} (UTC)"
    offset = local.strftime("%z")
    told = f"({zone}, UTC{offset[:3]}:{offset[3:]})"
    # Among Arabic words its brackets would go astray: kept together, from left to right.
    if not get_language_bidi():
        return f"{shown} {told}"
    return f"{shown} {LEFT_TO_RIGHT}{told}{END}"


def day_in(moment: datetime.datetime, time_zone: str) -> str:
    """“23 November 2026”: which day it is there."""
    return numerals.date(moment.astimezone(zoneinfo.ZoneInfo(time_zone)), "DATE_FORMAT")


def end_of_day(moment: datetime.datetime, time_zone: str) -> datetime.datetime:
    """The last second of that day there: what “until 14 December” means to a reader."""
    day = moment.astimezone(zoneinfo.ZoneInfo(time_zone))
    return day.replace(hour=23, minute=59, second=59, microsecond=0)


def start_of(day: datetime.date, time_zone: str) -> datetime.datetime:
    """The first moment of a day there."""
    return datetime.datetime.combine(day, datetime.time(), zoneinfo.ZoneInfo(time_zone))

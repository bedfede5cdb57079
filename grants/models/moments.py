"""Moments in words, always with the time zone they are told in."""

import datetime
import zoneinfo

from django.conf import settings
from django.utils import formats


def in_zone(moment: datetime.datetime, time_zone: str | None = None) -> str:
    """“23 November 2026, 17:00 (Asia/Kolkata, UTC+05:30)”; the house's own zone unless one is named."""
    zone = time_zone or settings.TIME_ZONE
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    shown = formats.date_format(local, "j F Y, H:i")
    if zone == "UTC":
        return f"{shown} (UTC)"
    offset = local.strftime("%z")
    return f"{shown} ({zone}, UTC{offset[:3]}:{offset[3:]})"

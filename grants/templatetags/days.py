"""`{{ call.closes_at|day_in:call.time_zone }}`: the day a moment falls on there, in words."""

import datetime

from django import template

from grants.models import moments

register = template.Library()


@register.filter
def day_in(moment: datetime.datetime, time_zone: str) -> str:
    return moments.day_in(moment, time_zone)

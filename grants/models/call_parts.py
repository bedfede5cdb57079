"""What stands in the JSON columns of a call: criteria with their anchors, deliverables, and its time zone."""

import zoneinfo
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

HIGHEST_POINTS = 5


def validate_criteria(value: Any) -> None:
    """For the JSON column: criteria with distinct keys, labels, and weights above 0."""
    keys = [item.get("key") for item in value] if isinstance(value, list) else []
    if not isinstance(value, list) or len(set(keys)) != len(keys) or not all(keys):
        raise ValidationError(_("Each criterion needs a key of its own."))
    for item in value:
        weight = item.get("weight")
        if not item.get("label") or not isinstance(weight, int) or isinstance(weight, bool) or weight <= 0:
            raise ValidationError(_("Each criterion needs a label and a weight, a whole number above 0."))
        anchors = item.get("anchors", {})
        points = {str(n) for n in range(HIGHEST_POINTS + 1)}
        sound = isinstance(anchors, dict) and all(isinstance(words, str) for words in anchors.values())
        if not sound or not set(anchors) <= points:
            sentence = _("The anchors of “%(label)s” say in words what points from 0 to %(highest)d mean.")
            raise ValidationError(sentence % {"label": item["label"], "highest": HIGHEST_POINTS})
        if not isinstance(item.get("help", ""), str):
            raise ValidationError(_("The help of “%(label)s” is no text.") % {"label": item["label"]})


def validate_deliverables(value: Any) -> None:
    """For the JSON column: what every award of the call asks for, and after how many days."""
    for item in value if isinstance(value, list) else [None]:
        if not isinstance(item, dict) or not item.get("title") or not isinstance(item.get("due_days"), int):
            raise ValidationError(_("Each deliverable needs a title and after how many days it is due."))


def validate_time_zone(value: str) -> None:
    if value not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(zone)s” is not a time zone, such as Asia/Kolkata.") % {"zone": value})

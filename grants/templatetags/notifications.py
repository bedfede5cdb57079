"""How many things a signed-in person was told and has not read; asked for in rooms only."""

from typing import Any

from django import template

from grants.models import Notification

register = template.Library()


@register.inclusion_tag("grants/notifications/link.html", takes_context=True)
def notifications_link(context: dict[str, Any]) -> dict[str, Any]:
    """One query of an index that holds nothing but unread rows."""
    user = context.get("user")
    if user is None or not user.is_authenticated:
        return {"shown": False}
    unread = Notification.objects.filter(user=user, read_at=None).count()
    return {"shown": True, "unread": unread, "current": context["request"].path == "/notifications/"}

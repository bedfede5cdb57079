"""What is known of the handles in an application: `{% handles application %}`."""

from typing import Any

from django import template

from grants.models import Application, Handle

register = template.Library()


@register.inclusion_tag("grants/applications/handles.html")
def handles(application: Application, as_heading: bool = False) -> dict[str, Any]:
    """`as_heading`: with a heading of its own, which goes where no handle was given."""
    return {"handles": Handle.objects.given_in(application), "heading": as_heading}

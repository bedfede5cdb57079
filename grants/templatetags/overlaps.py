"""Applications that are alike, for officers: `{% overlaps application %}` on a page of the desk."""

from collections.abc import Mapping
from typing import Any

from django import template

from grants.models import Application
from grants.models.overlaps import overlaps as overlaps_of

register = template.Library()


@register.inclusion_tag("grants/desk/overlaps.html", takes_context=True)
def overlaps(context: Mapping[str, Any], application: Application) -> dict[str, Any]:
    return {"overlaps": overlaps_of(application, seen_by=context["request"].user)}

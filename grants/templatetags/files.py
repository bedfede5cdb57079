"""The files of an application, as the visitor may see them: `{% files application %}` at the desk."""

from collections.abc import Mapping
from typing import Any

from django import template

from grants import scanner
from grants.models import Application, Attachment, FileStatus
from mission.access import may

register = template.Library()


@register.inclusion_tag("grants/files/list.html", takes_context=True)
def files(context: Mapping[str, Any], application: Application) -> dict[str, Any]:
    """Those of the submitted versions, with what the scanner said. Two queries."""
    user = context["request"].user
    rows = Attachment.objects.filter(application=application).handed_in()
    open_to = Attachment.objects.visible_to(user).filter(application=application)
    readable = set(open_to.values_list("pk", flat=True))
    staff = may(user, "desk.open")
    shown = [row for row in rows if row.status != FileStatus.REMOVED or row.pk in readable]
    return {
        "files": [(row, row.pk in readable) for row in shown],
        "staff": staff,
        "unscanned": staff and not scanner.is_configured(),
    }

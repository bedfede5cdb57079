"""The files that answer a question, as the visitor may see them: `{% files application question.key %}`."""

from collections.abc import Mapping
from typing import Any

from django import template

from grants import scanner
from grants.models import Application, Attachment
from grants.models.files import STANDING, FileStatus
from mission.access import may
from mission.models import User

register = template.Library()


@register.inclusion_tag("grants/files/list.html", takes_context=True)
def files(context: Mapping[str, Any], application: Application, question: str = "") -> dict[str, Any]:
    """Those of one question, or of the whole application. Two queries."""
    user = context["request"].user
    rows = Attachment.objects.filter(application=application, status__in=[*STANDING, FileStatus.REFUSED])
    if question:
        rows = rows.filter(question=question)
    open_to = Attachment.objects.visible_to(user).filter(application=application)
    readable = set(open_to.values_list("pk", flat=True))
    staff = isinstance(user, User) and may(user, "desk.open")
    shown = rows if application.is_editable and not staff else rows.handed_in()
    return {
        "files": [(row, row.pk in readable) for row in shown],
        "staff": staff,
        "unscanned": staff and not scanner.is_configured(),
    }

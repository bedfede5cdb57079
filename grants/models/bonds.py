"""What binds a person to an organisation beyond all doubt: membership, now or once, and their own word.

Nobody may judge past these, and no officer can lift them. The softer ones are in `conflicts`.
"""

from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Q

from mission.models import Membership

if TYPE_CHECKING:
    from mission.models import User


def bound(user: "User", path: str = "organisation") -> Q:
    """Rows whose organisation, at `path`, the person may not judge. Each part is one small subquery."""
    declared = apps.get_model("grants", "ConflictDeclaration").objects.filter(user=user, ended_at=None)
    stepped_back = apps.get_model("grants", "Review").objects.filter(reviewer=user, status="conflicted")
    return (
        Q(**{f"{path}__in": Membership.objects.filter(user=user).values("organisation")})
        | Q(**{f"{path}__in": declared.values("organisation")})
        | Q(**{f"{path}__in": stepped_back.values("application__organisation")})
    )

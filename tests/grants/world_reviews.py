"""Calls with every step, and reviewers who know something."""

from typing import Any

from grants.actions.checks import pass_check, pass_technical
from grants.actions.reviewers import save_profile
from grants.models import Application, Call
from mission.models import Language, Role, User
from tests.grants.world import officer, open_call, startup, submitted
from tests.world import person

CHECK, TECHNICAL, PANEL = {"step": "check"}, {"step": "technical"}, {"step": "panel"}
DECISION = {"step": "decision"}


def expert(reviews: int = 2, *, blind: bool = False, **more: Any) -> dict[str, Any]:
    return {"step": "review", "reviews": reviews, "blind": blind, **more}


def routed(*steps: dict[str, Any], actor: User, **more: Any) -> Call:
    """A call with one route for every size."""
    route = {
        "route": "review",
        "up_to_gpu_hours": None,
        "up_to_money": None,
        "service_days": None,
        "steps": [*steps, DECISION],
    }
    return open_call(actor, routes=[route], **more)


def handed_in(*steps: dict[str, Any], **answers: Any) -> tuple[User, Application]:
    """An officer, and one application of Kaveri Labs (Asha's) on a route of these steps."""
    meera, (asha, kaveri) = officer(), startup()
    return meera, submitted(asha, routed(*steps, actor=meera), kaveri, **answers)


def checked(actor: User, application: Application) -> Application:
    """Through the desk's own steps."""
    pass_check(actor=actor, application=application)
    application.refresh_from_db()
    if application.status == "assessment":
        pass_technical(actor=actor, application=application, note="Fits on 8 GPUs.")
    application.refresh_from_db()
    return application


def reviewer(
    name: str, *expertise: str, most: int = 10, languages: tuple[str, ...] = (), **more: Any
) -> User:
    user = person(name, Role.REVIEWER)
    spoken = [Language.objects.get_or_create(code=code, defaults={"name": code})[0] for code in languages]
    save_profile(actor=user, user=user, expertise=expertise, languages=spoken, most_at_once=most, **more)
    return User.objects.get(pk=user.pk)

"""Which way an application goes: routes by size, each a list of steps, pinned when it is submitted.

A route is `{"route", "up_to_gpu_hours", "up_to_money", "service_days", "steps"}`; the first route an
application fits is its own, and the last one takes every size (its limits are None). `service_days` are
working days from submission to decision, or None where the call promises none. A step is `{"step", …}`:
`review` has `reviews` (how many) and `blind`, `answer` has `days`.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from grants.models.amounts import money_in_words
from grants.models.gpu_time import gpu_ms
from mission import numerals


class RouteName(models.TextChoices):
    DESK = "desk", gettext_lazy("Desk (small)")
    REVIEW = "review", gettext_lazy("Review (medium)")
    PANEL = "panel", gettext_lazy("Panel (large)")


class Step(models.TextChoices):
    """In the order in which an application takes them; a route leaves out what it does not need."""

    CHECK = "check", gettext_lazy("Administrative check")
    TECHNICAL = "technical", gettext_lazy("Technical assessment")
    REVIEW = "review", gettext_lazy("Expert review")
    PANEL = "panel", gettext_lazy("Panel")
    DECISION = "decision", gettext_lazy("Decision")
    ANSWER = "answer", gettext_lazy("Answer to the award")


IN_ORDER = [str(step) for step in Step]
DEFAULT_ANSWER_DAYS = 21


def plain_route(reviews: int) -> dict[str, Any]:
    """What a call without routes does: reviews, then the decision, and the award stands at once."""
    steps: list[dict[str, Any]] = [{"step": "review", "reviews": reviews, "blind": False}] if reviews else []
    return {
        "route": str(RouteName.REVIEW if reviews else RouteName.DESK),
        "up_to_gpu_hours": None,
        "up_to_money": None,
        "service_days": None,
        "steps": [*steps, {"step": "decision"}],
    }


def route_for(routes: Sequence[Mapping[str, Any]], gpu_ms_asked: int, money_asked: Decimal) -> dict[str, Any]:
    """The first route that takes this size."""
    return dict(next((r for r in routes[:-1] if fits(r, gpu_ms_asked, money_asked)), routes[-1]))


def fits(route: Mapping[str, Any], gpu_ms_asked: int, money_asked: Decimal) -> bool:
    hours, money = route.get("up_to_gpu_hours"), route.get("up_to_money")
    if hours is not None and gpu_ms_asked > gpu_ms(str(hours)):
        return False
    return money is None or money_asked <= Decimal(str(money))


def step_of(route: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """The step of this name, if the route has it."""
    return next((step for step in route.get("steps", ()) if step["step"] == name), None)


def step_after(route: Mapping[str, Any], name: str | None) -> str | None:
    """What follows a step; the first step after None."""
    names = [step["step"] for step in route.get("steps", ())]
    place = 0 if name is None else names.index(name) + 1
    return names[place] if place < len(names) else None


def validate_routes(value: Any) -> None:
    """For the JSON column: known routes and steps, in order, with a decision, growing in size."""
    if not isinstance(value, list) or not all(isinstance(route, dict) for route in value):
        raise ValidationError(_("Routes are a list."))
    for number, route in enumerate(value):
        if route.get("route") not in RouteName.values:
            raise ValidationError(_("There is no route called “%(name)s”.") % {"name": route.get("route")})
        limited = route.get("up_to_gpu_hours") is not None or route.get("up_to_money") is not None
        if number == len(value) - 1 and limited:
            raise ValidationError(_("The last route takes every size: leave its limits empty."))
        if number < len(value) - 1 and not limited:
            raise ValidationError(
                _("Only the last route takes every size. Say up to which size this one goes.")
            )
        validate_steps(route.get("steps"))


def validate_steps(steps: Any) -> None:
    names = [step.get("step") for step in steps] if isinstance(steps, list) else []
    if "decision" not in names:
        raise ValidationError(_("Each route needs a decision."))
    if any(name not in IN_ORDER for name in names) or names != sorted(set(names), key=IN_ORDER.index):
        raise ValidationError(_("The steps of a route come in their own order, each once."))
    for step in steps:
        reviews = step.get("reviews")
        if step["step"] == Step.REVIEW and (not isinstance(reviews, int) or not 1 <= reviews <= 9):
            raise ValidationError(_("Say how many reviews are needed, from 1 to 9."))


def in_words(routes: Sequence[Mapping[str, Any]], currency: str = "") -> list[dict[str, Any]]:
    """For people: {"label", "size", "steps", "days", "answer_days"} of each route, smallest first."""
    return [
        {
            "label": str(RouteName(route["route"]).label),
            "size": size_in_words(route, currency, alone=len(routes) == 1),
            "steps": [step_in_words(step) for step in route["steps"]],
            "days": route.get("service_days"),
            "answer_days": (step_of(route, "answer") or {}).get("days"),
        }
        for route in routes
    ]


def size_in_words(route: Mapping[str, Any], currency: str, *, alone: bool) -> str:
    hours, money = route.get("up_to_gpu_hours"), route.get("up_to_money")
    limits = [_("%(n)s GPU-hours") % {"n": numerals.number(Decimal(str(hours)))}] if hours is not None else []
    limits += [money_in_words(Decimal(str(money)), currency)] if money is not None else []
    if limits:
        return _("Up to %(limits)s") % {"limits": _(" and ").join(limits)}
    return _("Every size") if alone else _("Everything larger")


def step_in_words(step: Mapping[str, Any]) -> str:
    label = str(Step(step["step"]).label)
    if step["step"] != Step.REVIEW:
        return label
    reviews = step["reviews"]
    count = ngettext("by %(n)s expert", "by %(n)s experts", reviews) % {"n": numerals.number(reviews)}
    blind = _(", who do not see who applies") if step.get("blind") else ""
    return numerals.native(f"{label} {count}{blind}")

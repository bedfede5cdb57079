"""The three ways an application may go, by its size: each a part of the officer's form for a call."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.gpu_time import LARGEST_HOURS
from grants.models.routes import DEFAULT_ANSWER_DAYS, RouteName

HINTS = {
    RouteName.DESK: gettext_lazy("For small requests: decided by officers, without reviewers."),
    RouteName.REVIEW: gettext_lazy("For medium requests: experts score, officers decide."),
    RouteName.PANEL: gettext_lazy("For large requests: experts score, a panel compares, officers decide."),
}


class RouteForm(forms.Form):
    used = forms.BooleanField(label=gettext_lazy("Use this route"), required=False)
    up_to_gpu_hours = forms.DecimalField(
        label=gettext_lazy("Up to, GPU-hours"),
        help_text=gettext_lazy("Leave both limits empty on the last route: it takes every size."),
        required=False,
        min_value=0,
        max_value=LARGEST_HOURS,
    )
    up_to_money = forms.DecimalField(label=gettext_lazy("Up to, money"), required=False, min_value=0)
    service_days = forms.IntegerField(
        label=gettext_lazy("Decided within, working days"),
        help_text=gettext_lazy("Published with the call. Leave empty to promise nothing."),
        required=False,
        min_value=1,
        max_value=500,
    )
    check_first = forms.BooleanField(label=gettext_lazy("Administrative check"), required=False)
    technical = forms.BooleanField(label=gettext_lazy("Technical assessment"), required=False)
    reviews = forms.IntegerField(
        label=gettext_lazy("Expert reviews"), required=False, min_value=0, max_value=9
    )
    blind = forms.BooleanField(label=gettext_lazy("Reviewers do not see who applies"), required=False)
    panel = forms.BooleanField(label=gettext_lazy("Panel"), required=False)
    answer_days = forms.IntegerField(
        label=gettext_lazy("Days to answer an offered award"),
        help_text=gettext_lazy("Leave empty, and an award stands at once."),
        required=False,
        min_value=1,
        max_value=365,
    )

    @property
    def name(self) -> str:
        return str(self.prefix).removeprefix("route-")

    @property
    def label(self) -> str:
        return str(RouteName(self.name).label)

    @property
    def hint(self) -> str:
        return str(HINTS[RouteName(self.name)])

    @property
    def is_used(self) -> bool:
        return bool(self["used"].value())

    def in_short(self) -> str:
        """What the closed part shows: for which sizes, how fast."""
        if not self.is_used:
            return _("not used")
        hours, money, days = (
            self[name].value() for name in ("up_to_gpu_hours", "up_to_money", "service_days")
        )
        limits = [_("%(n)s GPU-hours") % {"n": hours}] if hours else []
        limits += [str(money)] if money else []
        size = _("up to %(limits)s") % {"limits": ", ".join(limits)} if limits else _("every size")
        return f"{size}, {_('%(n)s working days') % {'n': days}}" if days else size

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("used") and data.get("blind") and not data.get("reviews"):
            self.add_error("reviews", _("Say how many reviews are needed, from 1 to 9."))
        return data

    def as_data(self) -> dict[str, Any] | None:
        """As the call keeps it; None where it is not used."""
        data = self.cleaned_data
        if not data["used"]:
            return None
        steps: list[dict[str, Any]] = []
        steps += [{"step": "check"}] if data["check_first"] else []
        steps += [{"step": "technical"}] if data["technical"] else []
        if data["reviews"]:
            steps.append({"step": "review", "reviews": data["reviews"], "blind": data["blind"]})
        steps += [{"step": "panel"}] if data["panel"] else []
        steps.append({"step": "decision"})
        steps += [{"step": "answer", "days": data["answer_days"]}] if data["answer_days"] else []
        return {
            "route": self.name,
            "up_to_gpu_hours": number(data["up_to_gpu_hours"]),
            "up_to_money": number(data["up_to_money"]),
            "service_days": data["service_days"],
            "steps": steps,
        }


def number(limit: Decimal | None) -> int | str | None:
    """A whole number where it is one; JSON knows no decimals."""
    if limit is None:
        return None
    return int(limit) if limit == int(limit) else format(limit, "f")


def route_forms(data: Mapping[str, Any] | None, routes: Sequence[Mapping[str, Any]]) -> list[RouteForm]:
    """One for each route there may be, filled from a call's."""
    by_name = {route["route"]: route for route in routes}
    return [
        RouteForm(data, prefix=f"route-{name}", initial=initial_of(by_name.get(name)))
        for name in RouteName.values
    ]


def initial_of(route: Mapping[str, Any] | None) -> dict[str, Any]:
    if route is None:
        return {"answer_days": DEFAULT_ANSWER_DAYS, "check_first": True}
    steps = {step["step"]: step for step in route["steps"]}
    return {
        "used": True,
        "up_to_gpu_hours": route.get("up_to_gpu_hours"),
        "up_to_money": route.get("up_to_money"),
        "service_days": route.get("service_days"),
        "check_first": "check" in steps,
        "technical": "technical" in steps,
        "reviews": steps.get("review", {}).get("reviews"),
        "blind": steps.get("review", {}).get("blind", False),
        "panel": "panel" in steps,
        "answer_days": steps["answer"].get("days", DEFAULT_ANSWER_DAYS) if "answer" in steps else None,
    }

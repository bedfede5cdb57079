"""What may still be changed in a published call, and why the rest may not: people rely on it."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from grants.models.calls import Call

# In the words of the public page.
NAMES: Mapping[str, Any] = {
    "closes_at": gettext_lazy("Closing date"),
    "results_at": gettext_lazy("Date of the results"),
    "summary": gettext_lazy("Summary"),
    "description": gettext_lazy("Description"),
    "budget_gpu_ms": gettext_lazy("Budget in GPU time"),
    "budget_money": gettext_lazy("Budget in money"),
    "grace_minutes": gettext_lazy("Grace after closing"),
    "routes": gettext_lazy("Routes and service levels"),
    "questions": gettext_lazy("Questions"),
    "criteria": gettext_lazy("Criteria"),
    "deliverables": gettext_lazy("Deliverables"),
    "declarations": gettext_lazy("Declarations"),
    "eligibility": gettext_lazy("Who may apply"),
    "terms": gettext_lazy("Terms of the award"),
    "appeal_days": gettext_lazy("Days to appeal"),
}
Judge = Callable[[Call, Any], str | None]


def refusal(call: Call, name: str, value: Any, *, submitted: bool) -> str | None:
    """Why this change cannot be made now; None where it can. `submitted`: somebody has applied."""
    if name not in NAMES:
        return _("This stands as published. Open another call for something else.")
    if name in ALWAYS:
        return ALWAYS[name](call, value)
    if name == "questions" and only_help_differs(call.questions, value):
        return None
    if name == "routes" and only_days_differ(call.routes, value):
        return None
    if submitted:
        sentence = _("%(what)s: somebody has applied under what was published, so it stands for everybody.")
        return sentence % {"what": NAMES[name]}
    return None


def closes_later(call: Call, value: Any) -> str | None:
    if call.last_moment <= timezone.now():
        return _("This call has closed. Opening it again would be unfair to who kept the date.")
    if value < call.closes_at:
        return _("A closing date can only move to later: somebody may count on it.")
    return None


def results_later(call: Call, value: Any) -> str | None:
    if value is None or (call.results_at and value < call.results_at) or value < timezone.now():
        return _("The results can only be announced later than was said.")
    return None


def grows(call: Call, value: Any, *, name: str) -> str | None:
    if value < getattr(call, name):
        return _("A budget can only grow: somebody may have asked for all of it.")
    if not getattr(call, name):
        return _("This call was published without such a budget, and did not ask for an amount.")
    return None


def more_grace(call: Call, value: Any) -> str | None:
    return _("Grace can only grow.") if value < call.grace_minutes else None


ALWAYS: Mapping[str, Judge] = {
    "closes_at": closes_later,
    "results_at": results_later,
    "summary": lambda call, value: None,
    "description": lambda call, value: None,
    "budget_gpu_ms": lambda call, value: grows(call, value, name="budget_gpu_ms"),
    "budget_money": lambda call, value: grows(call, value, name="budget_money"),
    "grace_minutes": more_grace,
}


def only_help_differs(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> bool:
    return without("help", before) == without("help", after)


def only_days_differ(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> bool:
    return without("service_days", before) == without("service_days", after)


def without(name: str, items: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{key: value for key, value in item.items() if key != name} for item in items]


def plain(value: Any) -> Any:
    """As JSON keeps it."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value

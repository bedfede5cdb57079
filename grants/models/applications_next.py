"""What happens to a submitted application, in sentences for who submitted it: by its own route."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grants.models.routes import DEFAULT_ANSWER_DAYS

Words = Callable[[Mapping[str, Any]], str]


def of_review(step: Mapping[str, Any]) -> str:
    n = step["reviews"]
    return ngettext(
        "%(n)d reviewer without conflicts scores it by the published criteria.",
        "%(n)d reviewers without conflicts score it by the published criteria.",
        n,
    ) % {"n": n}


def of_answer(step: Mapping[str, Any]) -> str:
    days = step.get("days") or DEFAULT_ANSWER_DAYS
    return ngettext(
        "If an award is offered, you have %(n)d day to accept it.",
        "If an award is offered, you have %(n)d days to accept it.",
        days,
    ) % {"n": days}


WORDS: Mapping[str, Words] = {
    "check": lambda step: _("The desk checks that nothing is missing. If so, it comes back to you once."),
    "technical": lambda step: _("A specialist looks at what you ask for."),
    "review": of_review,
    "panel": lambda step: _("A panel compares it with the others."),
    "decision": lambda step: _("An officer decides, with a reason that is kept. We write to you."),
    "answer": of_answer,
}


def next_steps(route: Mapping[str, Any]) -> list[str]:
    return [WORDS[step["step"]](step) for step in route.get("steps", ())]

"""The plainest call: a few questions, two reviews, one decision."""

from typing import Any

from django.utils.translation import gettext as _


def starter() -> dict[str, Any]:
    """Questions, criteria, deliverables and declarations for a compute call; each can be changed."""
    return {
        "questions": [
            {
                "key": "problem",
                "kind": "long_text",
                "label": _("What problem do you solve, and for whom?"),
                "max_words": 200,
            },
            {
                "key": "plan",
                "kind": "long_text",
                "label": _("What will you do, step by step?"),
                "help": _("Name what can stop you, and how you will notice."),
                "max_words": 300,
            },
            {
                "key": "compute",
                "kind": "long_text",
                "label": _("How did you work out the GPU-hours?"),
                "help": _("By work item: parameters, tokens, hardware, runs."),
                "max_words": 200,
            },
            {
                "key": "licence",
                "kind": "choice",
                "label": _("Under which licence will you publish?"),
                "choices": ["Apache-2.0", "MIT", "BSD-3-Clause", "CC-BY-4.0"],
            },
            {
                "key": "earlier_work",
                "kind": "url",
                "label": _("A link to something you published"),
                "required": False,
            },
        ],
        "criteria": [
            {"key": "commons", "label": _("Value to the commons and openness"), "weight": 35},
            {"key": "feasibility", "label": _("Feasibility"), "weight": 25},
            {"key": "compute", "label": _("Compute justified"), "weight": 25},
            {"key": "team", "label": _("Team and track record"), "weight": 15},
        ],
        "deliverables": [
            {"title": _("The model, published under the licence promised"), "kind": "model", "due_days": 270},
            {"title": _("Final report, at most three pages"), "kind": "report", "due_days": 365},
        ],
        "declarations": [
            _("What we say is true, and we may speak for our organisation."),
            _("The work is for civilian use only."),
            _("Title, summary and amount may be published if we receive an award."),
        ],
    }

"""What every application answers first: the register needs the first two, the budgets the others."""

from typing import Any

from django.utils.translation import gettext as _

from grants.models.questions.kinds import QuestionKind
from grants.models.questions.sections import BASICS


def standing_questions(*, asks_gpu_hours: bool, currency: str = "") -> list[dict[str, Any]]:
    asked: list[dict[str, Any]] = [
        {
            "key": "title",
            "kind": str(QuestionKind.SHORT_TEXT),
            "label": _("Title of the project"),
            "help": _("Public, if you receive an award."),
            "section": BASICS,
            "max_words": 20,
        },
        {
            "key": "summary",
            "kind": str(QuestionKind.LONG_TEXT),
            "label": _("Public summary"),
            "help": _("What will exist at the end, and who can use it. Public, if you receive an award."),
            "section": BASICS,
            "max_words": 150,
        },
    ]
    if asks_gpu_hours:
        asked.append(
            {
                "key": "gpu_hours",
                "kind": str(QuestionKind.GPU_HOURS),
                "label": _("GPU-hours you ask for"),
                "help": _("One GPU for one hour is one GPU-hour."),
                "section": BASICS,
            }
        )
    if currency:
        asked.append(
            {
                "key": "money",
                "kind": str(QuestionKind.MONEY),
                "label": _("Money you ask for, in %(currency)s") % {"currency": currency},
                "help": _("In total, for the whole project."),
                "section": BASICS,
                "currency": currency,
            }
        )
    return asked

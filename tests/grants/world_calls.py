"""Calls made from starters, and answers that any of their questions takes."""

import datetime
import uuid
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from grants.actions.calls import create_call, ensure_programme, publish_call
from grants.models import Call, ProgrammeKind
from grants.models.questions import Question
from grants.models.starters import starter
from mission.models import Language, User


def started(actor: User, kind: str, **more: Any) -> Call:
    """A published call of the kind, as its starter has it."""
    now = timezone.now()
    fields: dict[str, Any] = {
        "title": f"A {ProgrammeKind(kind).label.lower()}",
        "opens_at": now - datetime.timedelta(days=1),
        "closes_at": now + datetime.timedelta(days=30),
        **starter(kind),
        **more,
    }
    call = create_call(actor=actor, programme=ensure_programme(actor=actor, kind=kind), **fields)
    return publish_call(actor=actor, call=call)


def sensible_answers(questions: Sequence[Question]) -> dict[str, Any]:
    """An answer to each question; of a choice the first, so that some others are not shown."""
    return {question.key: answer_to(question) for question in questions}


def answer_to(question: Question) -> Any:
    words = {
        "short_text": "An answer",
        "long_text": "We collect, train, measure and publish.",
        "number": "2",
        "gpu_hours": "400",
        "money": "400",
        "date": (timezone.localdate() + datetime.timedelta(days=60)).isoformat(),
        "url": "https://example.org/work",
        "email": "asha@example.org",
        "orcid": "0000-0002-1825-0097",
        "github": "octocat",
        "huggingface": "ai4bharat",
        "licence": "Apache-2.0",
    }
    match question.kind:
        case "choice":
            return question.choices[0]
        case "several":
            return list(question.choices[: question.least or 1])
        case "languages":
            Language.objects.get_or_create(code="mar", defaults={"alpha2": "mr", "name": "Marathi"})
            return ["mar"]
        case "file":
            return [str(uuid.uuid4())]
        case "team":
            return [{"name": "Asha Rao", "role": "Lead"}]
        case "milestones":
            row = {"what": "Data", "by": words["date"], "proof": "A link"}
            return [{**row, "what": f"Step {n}"} for n in range(question.least or 1)]
        case "gpu_table":
            return [{"work": "Training", "hardware": "H100 80 GB", "hours": "400"}]
    return words[question.kind]

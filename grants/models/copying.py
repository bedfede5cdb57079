"""Starting from an earlier application: whose answers fit a call, and which."""

from collections.abc import Sequence
from typing import Any

from grants.models.applications import Application
from grants.models.calls import Call
from grants.models.questions import Question
from mission.models import Organisation

STAYS = "file"  # a file belongs to the application it was handed in with


def copied(earlier: Application, questions: Sequence[Question]) -> dict[str, Any]:
    """The answers to questions that are asked again: of the same key and the same kind."""
    version = next(iter(earlier.versions.all()), None)  # the newest; prefetched where there are many
    asked = version.questions() if version else earlier.call.read_questions()
    kinds = {question.key: question.kind for question in asked}
    return {
        question.key: earlier.answers[question.key]
        for question in questions
        if earlier.answers.get(question.key)
        and kinds.get(question.key) == question.kind
        and question.kind != STAYS
    }


def to_copy_from(call: Call, organisation: Organisation) -> list[tuple[Application, int]]:
    """The latest five of this applicant, with how many answers each would bring."""
    questions = call.read_questions()
    earlier = (
        Application.objects.filter(organisation=organisation)
        .exclude(call=call, status__in=["draft", "returned"])
        .select_related("call")
        .prefetch_related("versions")
        .order_by("-saved_at")[:5]
    )
    counted = [(application, len(copied(application, questions))) for application in earlier]
    return [(application, count) for application, count in counted if count]

"""What a reviewer is not told where the review step is blind: who applies, by name, handle or file."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from grants.models.applications import Application, ApplicationVersion
from grants.models.routes import step_of

HIDDEN_KINDS = frozenset({"team", "email", "orcid", "github", "huggingface", "url", "file"})
BLIND = {"route": {"steps": [{"step": "review", "blind": True}]}}  # as `pinned` holds it, in JSON
Answered = list[tuple[Any, Any]]


def is_blind(pinned: Mapping[str, Any]) -> bool:
    step = step_of(pinned.get("route", {}), "review")
    return bool(step and step.get("blind"))


def told_to_reviewer(version: ApplicationVersion) -> tuple[Answered, list[str]]:
    """(what the reviewer reads, the labels of what they are not shown)."""
    answered: Answered = list(version.answered())
    if not is_blind(version.pinned):
        return answered, []
    shown = [(question, answer) for question, answer in answered if question.kind not in HIDDEN_KINDS]
    hidden = [question.label for question, _answer in answered if question.kind in HIDDEN_KINDS]
    return shown, [_("the name of the applicant"), *hidden]


def blind_among(applications: Iterable[Application]) -> set[int]:
    """Of these applications, by primary key, those whose reviewers are not told who applies. One query."""
    versions = ApplicationVersion.objects.filter(application__in=[row.pk for row in applications])
    return set(versions.filter(pinned__contains=BLIND).order_by().values_list("application", flat=True))

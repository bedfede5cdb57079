"""Handles on GitHub and Hugging Face that applicants gave: looked up in the background."""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from contributions.models import AccountKind
from grants.models.applications import Application
from grants.models.questions import Question, QuestionKind
from grants.models.questions.tables import columns_of

ASKED = (QuestionKind.GITHUB, QuestionKind.HUGGINGFACE)
Named = tuple[str, str]  # platform, name in small letters: both platforms take any case


class HandleStatus(models.TextChoices):
    WAITING = "waiting", _("Being looked up")
    FOUND = "found", _("Found")
    MISSING = "missing", _("Not found")
    UNKNOWN = "unknown", _("Could not be looked up")


class HandleQuerySet(models.QuerySet["Handle"]):
    def due(self) -> "HandleQuerySet":
        return self.filter(next_look_at__lte=timezone.now())

    def named(self, names: Iterable[Named]) -> "HandleQuerySet":
        wanted = Q(pk__in=[])
        for platform, name in names:
            wanted |= Q(platform=platform, name=name)
        return self.filter(wanted)

    def given_in(self, application: Application) -> "HandleQuerySet":
        """Those in the answers as they are now: the draft's, or once submitted the newest version's."""
        version = None if application.is_editable else application.submitted_version()
        answers = version.answers if version else application.answers
        return self.named(handles_in(application.read_questions(), answers)).order_by("platform", "name")


class Handle(models.Model):
    """One name on one platform, looked up again when `next_look_at` has come."""

    platform = models.CharField(
        max_length=12, choices=[("github", "GitHub"), ("huggingface", "Hugging Face")]
    )
    name = models.CharField(max_length=100)
    status = models.CharField(max_length=8, choices=HandleStatus, default=HandleStatus.WAITING)
    facts: "models.JSONField[Any, Any]" = models.JSONField(
        default=dict, help_text=_("name, kind, url, public repositories, models, since: as the platform says")
    )
    looked_at = models.DateTimeField(null=True, blank=True)
    next_look_at = models.DateTimeField(default=timezone.now, help_text=_("the lease of whoever looks"))

    objects = HandleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "name"], name="handle_once")]
        indexes = [models.Index(fields=["next_look_at"], name="handle_due")]

    def __str__(self) -> str:
        return f"{self.platform}:{self.name}"

    @property
    def login(self) -> str:
        """As the platform writes it, once it is known."""
        return str(self.facts.get("login") or self.name)

    @property
    def since(self) -> datetime.date | None:
        return parse_date(self.facts.get("since") or "")

    @property
    def kind_in_words(self) -> str:
        return str(dict(AccountKind.choices).get(self.facts.get("kind"), ""))


def handles_in(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[Named]:
    """The handles in answers, each once, in the order given. What could be no handle is left out."""
    found = [named for question in questions for named in _in_answer(question, answers.get(question.key))]
    return list(dict.fromkeys(found))


def _in_answer(question: Question, answer: Any) -> Iterator[Named]:
    if question.kind in ASKED and isinstance(answer, str) and answer.strip():
        try:
            yield str(question.kind), str(question.clean(answer)).lower()
        except ValidationError:
            return
    elif question.kind == QuestionKind.TEAM and isinstance(answer, list):
        for row in answer:
            if isinstance(row, Mapping):
                for column in columns_of(question.kind):
                    yield from _in_answer(column, row.get(column.key))

"""The reviewer pool: who may be asked, what they know, what they have waiting, how fast they are."""

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Aggregate, Count, DurationField, Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from grants.models.applications import Application, ApplicationVersion
from grants.models.conflicts import Conflict, conflicts_between
from grants.models.reviews import WAITING, Review, ReviewerProfile, ReviewStatus
from mission.models import Role, RoleGrant, User

MOST = 10  # at once, where a reviewer says nothing
EXPERTISE, LANGUAGE = 3, 2  # what a shared word and a shared language count


class Median(Aggregate):
    """PostgreSQL's percentile_cont: half took no longer."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def pool() -> "QuerySet[Any]":
    """Everybody who holds the role and may sign in, with `load` (waiting) and `done`."""
    holds = RoleGrant.objects.current().filter(user=OuterRef("pk"), role=Role.REVIEWER)
    return (
        User.objects.filter(Exists(holds), is_active=True)
        .select_related("reviewer_profile")
        .prefetch_related("reviewer_profile__languages")
        .annotate(load=how_many(*WAITING), done=how_many(ReviewStatus.SUBMITTED))
        .order_by("name", "pk")
    )


def how_many(*statuses: str) -> Any:
    """Reviews of each reviewer in these states: read from the index, without grouping the pool."""
    rows = Review.objects.filter(reviewer=OuterRef("pk"), status__in=statuses).order_by()
    counted = rows.values("reviewer").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def median_days(users: Iterable[User]) -> dict[int, float]:
    """From being asked to handing in; by reviewer. One query."""
    done = Review.objects.submitted().filter(reviewer__in=[user.pk for user in users])
    took = done.order_by().values("reviewer").annotate(took=Median(F("submitted_at") - F("assigned_at")))
    return {row["reviewer"]: round(row["took"] / datetime.timedelta(days=1), 1) for row in took}


def profile_of(user: User) -> ReviewerProfile:
    """What they wrote of themselves; an empty one, not saved, where they wrote nothing."""
    found: ReviewerProfile | None = getattr(user, "reviewer_profile", None)
    return found or ReviewerProfile(user=user, most_at_once=MOST)


@dataclass
class Candidate:
    """One reviewer seen from one application."""

    user: Any
    load: int
    most: int
    away_until: datetime.date | None
    words: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    @property
    def is_barred(self) -> bool:
        return any(conflict.is_absolute for conflict in self.conflicts)

    @property
    def is_full(self) -> bool:
        return self.load >= self.most

    @property
    def fit(self) -> int:
        return EXPERTISE * len(self.words) + LANGUAGE * len(self.languages)


def is_away(profile: ReviewerProfile) -> bool:
    return profile.away_until is not None and profile.away_until >= timezone.localdate()


def candidates(application: Application) -> list[Candidate]:
    """Everybody who could be asked and was not, the best first; those in conflict last."""
    asked = Review.objects.filter(application=application).exclude(status=ReviewStatus.RELEASED)
    users = list(pool().exclude(pk__in=asked.values("reviewer")))
    subject = subject_of(application.submitted_version())
    conflicts = conflicts_between([application], users)
    found = [
        candidate(user, subject, conflicts.get((application.organisation_id, user.pk), [])) for user in users
    ]
    away = datetime.date.min
    return sorted(found, key=lambda c: (bool(c.conflicts), (c.away_until or away), c.is_full, -c.fit, c.load))


def candidate(user: Any, subject: "Subject", conflicts: list[Conflict]) -> Candidate:
    profile = profile_of(user)
    words, languages = shared(subject, profile)
    away = profile.away_until if is_away(profile) else None
    return Candidate(user, user.load, profile.most_at_once, away, words, languages, conflicts)


@dataclass(frozen=True)
class Subject:
    """What an application is about, as far as a machine can tell: its words and its languages."""

    text: str
    languages: frozenset[str]


def subject_of(version: ApplicationVersion | None) -> Subject:
    if version is None:
        return Subject("", frozenset())
    asked = version.pinned["questions"]
    text = [str(v) for v in version.answers.values() if isinstance(v, str)]
    codes = [
        code
        for question in asked
        if question["kind"] == "languages"
        for code in version.answers.get(question["key"]) or []
        if isinstance(code, str)
    ]
    return Subject(" ".join([version.title, *text]).casefold(), frozenset(codes))


def shared(subject: Subject, profile: ReviewerProfile) -> tuple[list[str], list[str]]:
    """(words of the reviewer's expertise that the application uses, languages both name)."""
    words = [word for word in profile.expertise if names(subject.text, str(word))]
    if profile.pk is None or not subject.languages:
        return words, []
    return words, [
        language.name for language in profile.languages.all() if language.code in subject.languages
    ]


def names(text: str, word: str) -> bool:
    """The text uses the word, or one that begins with it: “speech” finds “speeches”."""
    word = word.strip().casefold()
    return bool(word) and word in text and re.search(rf"\b{re.escape(word)}", text) is not None


def newest_versions(applications: Iterable[Application]) -> Mapping[int, ApplicationVersion]:
    """By application. One query."""
    rows = ApplicationVersion.objects.filter(application__in=[row.pk for row in applications])
    newest = rows.order_by("application_id", "-number").distinct("application_id")
    return {row.application_id: row for row in newest}

"""Conflicts of interest, found in one place: what binds reviewers to those who apply.

Membership and the reviewer's own word are absolute (`bonds`). Having worked together elsewhere, or on
the same artefact, within three years is softer: lists leave such reviewers out, and an officer may ask
them all the same, for a reason that is kept.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from grants.models.applications import Application
from grants.models.reviews import ConflictDeclaration, Review, ReviewStatus
from grants.models.shared_work import shared_artifacts
from mission.models import Membership, User

YEARS = 3


class Kind(StrEnum):
    MEMBER = "member"
    DECLARED = "declared"
    COLLEAGUES = "colleagues"
    CONTRIBUTIONS = "contributions"


@dataclass(frozen=True)
class Conflict:
    kind: Kind
    words: str

    @property
    def is_absolute(self) -> bool:
        return self.kind in {Kind.MEMBER, Kind.DECLARED}


Pair = tuple[int, int]  # (organisation, person), by primary key
Conflicts = dict[Pair, list[Conflict]]
Team = Mapping[int, set[int]]  # person → organisations


def since() -> datetime.date:
    """The first day that still counts."""
    today = timezone.localdate()
    return today.replace(year=today.year - YEARS, day=min(today.day, 28))


def conflicts_between(applications: Iterable[Application], reviewers: Iterable[User]) -> Conflicts:
    """By (organisation, reviewer). A dozen queries at most, however many of either there are."""
    organisations = {application.organisation_id for application in applications}
    people = {user.pk for user in reviewers}
    found: Conflicts = defaultdict(list)
    team = team_of(organisations)
    for pair, conflict in chain(
        memberships(organisations, people),
        declarations(organisations, people),
        colleagues(team, people),
        contributions(organisations, people, team),
    ):
        found[pair].append(conflict)
    return dict(found)


def conflicts_of(user: User, application: Application) -> list[Conflict]:
    """The same for one reviewer and one application."""
    found = conflicts_between([application], [user])
    return found.get((application.organisation_id, user.pk), [])


def memberships(organisations: set[int], people: set[int]) -> Iterable[tuple[Pair, Conflict]]:
    rows = Membership.objects.filter(organisation__in=organisations, user__in=people)
    for row in rows.select_related("organisation").order_by("since"):
        name = row.organisation.name
        words = (
            _("was a member of %(name)s until %(until)s") % {"name": name, "until": row.until}
            if row.until
            else _("is a member of %(name)s") % {"name": name}
        )
        yield (row.organisation_id, row.user_id), Conflict(Kind.MEMBER, words)


def declarations(organisations: set[int], people: set[int]) -> Iterable[tuple[Pair, Conflict]]:
    """A standing word of the reviewer, or one given on an earlier application of the same organisation."""
    standing = ConflictDeclaration.objects.filter(
        user__in=people, organisation__in=organisations, ended_at=None
    )
    for row in standing:
        yield (row.organisation_id, row.user_id), Conflict(Kind.DECLARED, _("declared a conflict"))
    earlier = Review.objects.filter(
        reviewer__in=people, application__organisation__in=organisations, status=ReviewStatus.CONFLICTED
    )
    for reference, organisation, person in earlier.values_list(
        "application__reference", "application__organisation", "reviewer"
    ):
        words = _("declared a conflict on %(reference)s") % {"reference": reference}
        yield (organisation, person), Conflict(Kind.DECLARED, words)


@dataclass(frozen=True)
class Stay:
    """One person's time in one organisation."""

    person: int
    organisation: int
    name: str
    begins: datetime.date
    ends: datetime.date


def stays(rows: Q) -> list[Stay]:
    """Those that reach into the years that count."""
    recent = Membership.objects.filter(rows).filter(Q(until=None) | Q(until__gte=since()))
    values = recent.values_list("user", "organisation", "organisation__name", "since", "until")
    return [Stay(*row[:4], row[4] or datetime.date.max) for row in values]


def colleagues(team: Team, people: set[int]) -> Iterable[tuple[Pair, Conflict]]:
    """Somebody of the applicant and the reviewer were in a third organisation at the same time."""
    theirs = by_organisation(stays(Q(user__in=team)))
    for mine in stays(Q(user__in=people)):
        told: set[int] = set()
        for other in theirs.get(mine.organisation, ()):
            if other.person == mine.person or not overlap(mine, other):
                continue
            for applicant in team[other.person] - {mine.organisation} - told:
                told.add(applicant)
                words = _("worked with their people at %(name)s") % {"name": mine.name}
                yield (applicant, mine.person), Conflict(Kind.COLLEAGUES, words)


def team_of(organisations: set[int]) -> Team:
    """Who belongs, or belonged within the years that count, to which of these organisations."""
    team: dict[int, set[int]] = defaultdict(set)
    for stay in stays(Q(organisation__in=organisations)):
        team[stay.person].add(stay.organisation)
    return team


def by_organisation(rows: Sequence[Stay]) -> Mapping[int, list[Stay]]:
    found: dict[int, list[Stay]] = defaultdict(list)
    for row in rows:
        found[row.organisation].append(row)
    return found


def overlap(one: Stay, other: Stay) -> bool:
    """They were there together, and that within the years that count."""
    begins, ends = max(one.begins, other.begins), min(one.ends, other.ends)
    return begins <= ends and ends >= since()


def contributions(organisations: set[int], people: set[int], team: Team) -> Iterable[tuple[Pair, Conflict]]:
    """Both sides contributed to the same artefact."""
    for pair, name in shared_artifacts(organisations, people, team, since()):
        yield pair, Conflict(Kind.CONTRIBUTIONS, _("contributed to %(name)s, as they did") % {"name": name})

"""What an officer should know beside an application: others of the same applicant, with the same words, or
with the same people. Never for applicants or reviewers, and never about whom the officer is bound to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from grants.models.applications import Application, ApplicationVersion
from grants.models.bonds import bound
from grants.models.likeness import marks_of, name_hashes, sharing, text_hashes, texts_of
from grants.models.shingles import share, shingles
from mission.access import may
from mission.models import Membership, User

ALIKE = 0.2  # of the shorter text; below that, it is how people write
MOST = 10  # shown
COMPARED = 15  # word by word, of each sort


@dataclass
class Overlap:
    """Another application, why it is pointed out, and how much of the shorter text both have, 0 to 1."""

    other: Application
    reasons: list[str] = field(default_factory=list)
    share: float = 0.0

    @property
    def percent(self) -> int:
        return round(100 * self.share)


def overlaps(application: Application, *, seen_by: User) -> list[Overlap]:
    """Other applications before the desk that are alike, the most telling first, ten at most."""
    version = application.submitted_version()
    if version is None or not may(seen_by, "desk.open"):
        return []
    open_to = Application.objects.before_the_desk().exclude(pk=application.pk).exclude(bound(seen_by))
    people = _in_both(application)
    wanted = {
        *sharing(text_hashes(version), apart_from=application, most=COMPARED),
        *sharing(name_hashes(version), apart_from=application, most=COMPARED),
    }
    near = [open_to.filter(organisation=application.organisation_id), open_to.filter(organisation__in=people)]
    for rows in near:
        wanted.update(rows.order_by("-submitted_at").values_list("pk", flat=True)[:COMPARED])
    others = open_to.filter(pk__in=wanted).select_related("call", "organisation").order_by("-submitted_at")
    versions, mine = _newest_versions(wanted), Compared(application, version)
    found = [mine.to(Compared(other, versions[other.pk]), people) for other in others if other.pk in versions]
    told = [overlap for overlap in found if overlap.reasons]
    return sorted(told, key=lambda each: (-each.share, -len(each.reasons)))[:MOST]


def _newest_versions(applications: Iterable[int]) -> Mapping[int, ApplicationVersion]:
    rows = ApplicationVersion.objects.filter(application__in=applications).order_by("number")
    return {row.application_id: row for row in rows}


def _in_both(application: Application) -> Mapping[int, list[str]]:
    """Other organisations of the applicant's people of today, with their names."""
    today = Membership.objects.current()
    team = today.filter(organisation=application.organisation_id).values("user")
    rows = today.filter(user__in=team).exclude(organisation=application.organisation_id)
    found: dict[int, list[str]] = {}
    for row in rows.select_related("user").order_by("pk")[:200]:
        found.setdefault(row.organisation_id, []).append(str(row.user))
    return found


class Compared:
    """One application, read once and held beside others."""

    def __init__(self, application: Application, version: ApplicationVersion) -> None:
        self.application = application
        questions = version.questions()
        self.text = shingles(texts_of(questions, version.answers))
        self.names = marks_of(questions, version.answers)

    def to(self, other: "Compared", people: Mapping[int, list[str]]) -> Overlap:
        overlap = Overlap(other.application, share=share(self.text, other.text))
        same_applicant = other.application.organisation_id == self.application.organisation_id
        if same_applicant and other.application.call_id == self.application.call_id:
            overlap.reasons.append(_("The same applicant, in the same call."))
        elif same_applicant:
            words = {"call": other.application.call.title}
            overlap.reasons.append(_("The same applicant, in “%(call)s”.") % words)
        if overlap.share >= ALIKE:
            words = {"percent": str(overlap.percent)}
            overlap.reasons.append(_("%(percent)s %% of the shorter text stands in both.") % words)
        if (named := self.names & other.names) and not same_applicant:
            words = {"names": ", ".join(sorted(named)[:5])}
            overlap.reasons.append(_("Both name %(names)s.") % words)
        if both := people.get(other.application.organisation_id):
            words = {"names": ", ".join(both[:5])}
            overlap.reasons.append(_("%(names)s: a member of both applicants.") % words)
        return overlap

"""The public register: every award, what was granted, and what has been used."""

import datetime
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Max, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.updates import Updates
from grants.addresses import award_address
from grants.models import Award, Deliverable
from grants.models.awards import AwardQuerySet, AwardStatus
from grants.models.deliverables import DeliverableKind, DeliverableStatus
from grants.models.gpu_time import GPU_MS_PER_HOUR
from mission import local_names
from mission.models.organisations import OrganisationType, public_name
from mission.remembered import Subject, remembered_while
from mission.written import written_once

# Of each award, in the order of `Told`: an application holds long texts besides, and a call longer ones.
COLUMNS = (
    "reference", "title", "status", "awarded_at", "money", "currency", "organisation__name",
    "organisation__type", "nation", "nation__name", "application__call__programme__name", "granted_gpu_ms",
    "used_gpu_ms",
)  # fmt: skip


class Told(NamedTuple):
    """What a row tells of an award."""

    reference: str
    title: str
    status: str
    awarded_at: datetime.datetime
    money: Decimal
    currency: str
    organisation: str
    recipient: str  # an OrganisationType
    nation: str
    nation_name: str
    programme: str
    granted_gpu_ms: int
    used_gpu_ms: int

    @property
    def public_name(self) -> str:
        return public_name(self.organisation, self.recipient)

    @property
    def nation_in_words(self) -> str:
        return local_names.nation(self.nation, self.nation_name)


class Asked(NamedTuple):
    """What an award asks for in return. `kind`, `status`: as deliverables have them."""

    pk: int
    title: str
    kind: str
    due_on: datetime.date
    status: str
    evidence_url: str


class Whole(NamedTuple):
    """All that an award's page tells of it. `organisation`: its key; `call`: its slug."""

    told: Told
    deliverables: list[Asked]
    pk: int
    summary: str
    organisation: int
    call: str
    call_title: str


def hours(gpu_ms: int) -> float:
    """GPU-hours, for people, without decimals where they are whole; the ledger counts in milliseconds."""
    whole, rest = divmod(gpu_ms, GPU_MS_PER_HOUR)
    return gpu_ms / GPU_MS_PER_HOUR if rest else whole


@remembered_while(Subject.GRANTS)
def years() -> range:
    """From the first award to the last. One query over two ends."""
    ends = Award.objects.aggregate(first=Min("awarded_at"), last=Max("awarded_at"))
    return range(ends["last"].year, ends["first"].year - 1, -1) if ends["last"] else range(0)


def register(
    *,
    q: str = "",
    nation: str = "",
    programme: str = "",
    year: str = "",
    status: str = "",
    recipient: str = "",
) -> AwardQuerySet:
    """Newest first. `q` is looked for in reference, title, summary, and the names of organisations: nobody
    is found by the name of a person."""
    found = Award.objects.public().with_compute().order_by("-awarded_at", "-pk")
    asked = {
        "nation": nation,
        "application__call__programme__kind": programme,
        "awarded_at__year": year,
        "status": status,
        "organisation__type": recipient,
    }
    found = found.filter(**{column: value for column, value in asked.items() if value})
    for word in q.split():
        found = found.filter(
            Q(reference__icontains=word)
            | Q(title__icontains=word)
            | Q(summary__icontains=word)
            | Q(organisation__name__icontains=word) & ~Q(organisation__type=OrganisationType.INDIVIDUAL)
        )
    return found


def one_award(reference: str) -> Whole | None:
    """Two queries, and one where there is none."""
    for pk, summary, organisation, call, title, *row in _one(reference):
        deliverables = [Asked._make(one) for one in _deliverables(pk)]
        return Whole(Told._make(row), deliverables, pk, summary, organisation, call, title)
    return None


@written_once
def _one(reference: str) -> "QuerySet[Award, tuple[Any, ...]]":
    call = ("application__call__slug", "application__call__title")
    rows = Award.objects.public().with_compute().filter(reference=reference).order_by()
    return rows.values_list("pk", "summary", "organisation_id", *call, *COLUMNS)


@written_once
def _deliverables(award: int) -> "QuerySet[Deliverable, tuple[Any, ...]]":
    return Deliverable.objects.filter(award=award).values_list(*Asked._fields)


def told(awards: AwardQuerySet) -> list[Told]:
    """One query."""
    return [Told._make(one) for one in awards.values_list(*COLUMNS)]


def newest(nation: str) -> list[Told]:
    """The first ten of a nation's `register`. One query."""
    return [Told._make(one) for one in _newest(nation)]


@written_once
def _newest(nation: str) -> "QuerySet[Award, tuple[Any, ...]]":
    return register(nation=nation).values_list(*COLUMNS)[:10]


def register_figure(
    awards: Sequence[Told],
    title: str,
    *,
    slug: str = "awards",
    sentence: str = "",
    empty: Empty | None = None,
) -> Figure:
    """No query. Money has its columns in the table where some is given."""
    money = any(award.money for award in awards)
    return Figure(
        slug=slug,
        title=title,
        sentence=sentence,
        columns=(
            Column("reference", _("Reference"), in_table=False),
            Column("title", _("Award"), names=True),
            Column("organisation", _("Organisation")),
            Column("nation", _("Nation")),
            Column("nation_code", _("ISO 3166-1 code"), in_table=False),
            Column("programme", _("Programme")),
            Column("awarded", _("Awarded"), on_one_line=True),
            Column("status", _("State")),
            Column("currency", _("Currency"), in_table=money),
            Column("money", _("Money"), number=True, decimals=2, in_table=money),
            Column("gpu_hours_granted", _("GPU-hours granted"), number=True, decimals=2),
            Column("gpu_hours_used", _("GPU-hours used"), number=True, decimals=2),
        ),
        rows=tuple(award_row(award) for award in awards),
        source=Source(
            _("The Mission's register"), retrieved=timezone.now() if awards else None, updates=Updates.AT_ONCE
        ),
        unit=_("GPU-hours"),
        open_table=True,
        empty=empty
        or Empty(
            _("No award matches"),
            _("Choose fewer filters, or look at the calls that are open now."),
            reverse("grants:calls"),
            _("See the calls"),
        ),
    )


def award_row(award: Told) -> Row:
    return Row(
        award.reference,
        {
            "reference": award.reference,
            "title": award.title,
            "organisation": award.public_name,
            "nation": award.nation_in_words,
            "nation_code": award.nation,
            "programme": award.programme,
            "awarded": award.awarded_at.date(),
            "status": str(AwardStatus(award.status).label),
            "gpu_hours_granted": Reading.of(hours(award.granted_gpu_ms)),
            "gpu_hours_used": Reading.of(hours(award.used_gpu_ms)),
            "money": Reading.of(float(award.money)),
            "currency": award.currency,
        },
        url=award_address(award.reference),
    )


def deliverables_figure(deliverables: Sequence[Asked]) -> Figure:
    """No query: what an award asks for in return, and how far it is."""
    return Figure(
        slug="deliverables",
        title=_("What it gives back"),
        sentence="",
        columns=(
            Column("title", _("Deliverable"), names=True),
            Column("kind", _("Kind")),
            Column("due", _("Due on"), on_one_line=True),
            Column("status", _("State")),
            Column("evidence", _("Evidence"), in_table=False),
        ),
        rows=tuple(
            Row(
                str(one.pk),
                {
                    "title": one.title,
                    "kind": str(DeliverableKind(one.kind).label),
                    "due": one.due_on,
                    "status": str(DeliverableStatus(one.status).label),
                    "evidence": one.evidence_url,
                },
                url=one.evidence_url,
            )
            for one in deliverables
        ),
        source=Source(_("The Mission's register"), updates=Updates.AT_ONCE),
        open_table=True,
        empty=Empty(_("This award asks for no deliverable")),
    )

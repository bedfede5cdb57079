"""What a nation adds to the commons: contributions by kind and month, from rollups, never from the events."""

import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contributions.models import METRICS, ContributionKind, Rollup
from dashboards.charts import words
from dashboards.charts.bars import Bars
from dashboards.charts.figure import SUPPRESSED, Column, Empty, Figure, Known, Reading, Row, Source
from dashboards.figures.places import Place, number_address
from dashboards.updates import Updates
from mission import numerals
from mission.written import written_once

KINDS = tuple(slug for slug in ContributionKind.values if slug in METRICS)  # no act is in two of them
MONTHS = 24


def months_up_to(last: datetime.date, count: int = MONTHS) -> list[datetime.date]:
    """First days of months, oldest first."""
    index = last.year * 12 + last.month - 1
    return [datetime.date(i // 12, i % 12 + 1, 1) for i in range(index - count + 1, index + 1)]


def reading_of(lower: Decimal | None, upper: Decimal | None, suppressed: bool) -> Reading:
    """A stored cell as a reading: between bounds, up to one where the lower would tell, or suppressed."""
    if suppressed or upper is None:
        return SUPPRESSED
    return Reading(lower, upper, Known.KNOWN if lower is not None else Known.AT_MOST)


def added_figure(place: Place, *, slug: str = "added") -> Figure:
    """Two queries. The last 24 months with rollups; a month without a row had none."""
    months = [month for last in _newest(place.code) for month in months_up_to(last)]
    cells: dict[tuple[datetime.date, str], Reading] = {}
    shares: list[Decimal] = []
    computed: list[datetime.datetime] = []
    if months:
        for month, metric, lower, upper, suppressed, unknown, at in _since(place.code, months[0]):
            cells[month, metric] = reading_of(lower, upper, suppressed)
            shares += [unknown] if unknown is not None else []
            computed.append(at)
    return Figure(
        slug=slug,
        title=takeaway(place, cells),
        sentence=in_full(cells, months),
        columns=(
            Column("month", _("Month"), names=True, by_name=True),
            *(
                Column(kind, str(METRICS[kind].label), number=True, decimals=1, bounded=True)
                for kind in KINDS
            ),
        ),
        rows=tuple(month_row(place, month, cells) for month in months),
        source=Source(
            _("GitHub and Hugging Face, attributed by the Mission"),
            retrieved=max(computed, default=None),
            updates=Updates.ROLLUPS,
        ),
        unit=_("contributions"),
        note=note(shares, any(cell.status == Known.SUPPRESSED for cell in cells.values())),
        chart=Bars(KINDS),
        empty=Empty(
            _("Nothing is attributed to %(nation)s yet") % {"nation": place.name},
            _("Contributions appear here once accounts on GitHub or Hugging Face are tied to it."),
        ),
    )


@written_once
def _newest(code: str) -> "QuerySet[Rollup, datetime.date]":
    rows = Rollup.objects.fresh().filter(nation=code, metric__in=KINDS)
    return rows.order_by("-month").values_list("month", flat=True)[:1]


@written_once
def _since(code: str, first: datetime.date) -> "QuerySet[Rollup, tuple[Any, ...]]":
    rows = Rollup.objects.fresh().filter(nation=code, metric__in=KINDS, month__gte=first).order_by()
    columns = ("month", "metric", "lower", "upper", "suppressed", "unknown_share", "computed_at")
    return rows.values_list(*columns)


def month_row(place: Place, month: datetime.date, cells: dict[tuple[datetime.date, str], Reading]) -> Row:
    readings = {kind: cells.get((month, kind), Reading.of(0)) for kind in KINDS}
    tick = (
        numerals.date(month, "Y")
        if month.month == 1
        else numerals.date(month, "M")
        if month.month % 3 == 1
        else ""
    )
    links = {kind: number_address(kind, place.code, month) for kind in KINDS if (month, kind) in cells}
    return Row(numerals.date(month, "F Y"), {"month": f"{month:%Y-%m}", **readings}, tick=tick, links=links)


def totals(cells: dict[tuple[datetime.date, str], Reading]) -> dict[str, tuple[Decimal, Decimal]]:
    """Lower and upper sum by kind, largest first."""
    sums: dict[str, tuple[Decimal, Decimal]] = {}
    for (_month, kind), reading in cells.items():
        lower, upper = sums.get(kind, (Decimal(0), Decimal(0)))
        sums[kind] = lower + Decimal(reading.lower or 0), upper + Decimal(reading.upper or 0)
    return dict(sorted(sums.items(), key=lambda item: item[1][1], reverse=True))


def takeaway(place: Place, cells: dict[tuple[datetime.date, str], Reading]) -> str:
    most = next(iter(totals(cells).items()), None)
    if not most or not most[1][1]:
        return _("What %(nation)s adds") % {"nation": place.name}
    return _("What %(nation)s adds is above all %(kind)s") % {
        "nation": place.name,
        "kind": str(METRICS[most[0]].label).lower(),
    }


def in_full(cells: dict[tuple[datetime.date, str], Reading], months: list[datetime.date]) -> str:
    told = []
    for kind, (lower, upper) in totals(cells).items():
        if upper:
            facts = {"amount": words.between(lower, upper), "unit": METRICS[kind].unit}
            told.append(_("%(amount)s %(unit)s") % facts)
    if not told:
        return ""
    since = numerals.date(months[0], "F Y")
    return _("Since %(since)s: %(list)s.") % {"since": since, "list": _(", ").join(told)}


def note(shares: list[Decimal], suppressed: bool) -> str:
    """How far the bounds are apart and why, and how much nobody can place."""
    told = _(
        "Lower bound: evidence of grades A and B (declared, or in a register). Upper bound: all evidence. "
        "Each contribution is shared among its authors' affiliations, so there are fractions."
    )
    if suppressed:
        told += " " + _("Suppressed months are in no sum. Suppressed is not zero.")
    if known := [share for share in shares if share]:  # empty where it would tell of fewer than ten people
        most = words.share(max(known), 1)
        told += " " + _("Up to %(share)s of a month's contributions in the world are of unknown origin.") % {
            "share": most
        }
    return told

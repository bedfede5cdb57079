"""Compute: what machines there are, what of their time was promised and used, and what is asked for."""

import calendar
import datetime
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Count, Max, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.measures import PEOPLE_FLOOR
from contributions.models import Rollup
from dashboards.charts import words
from dashboards.charts.bars import Bars
from dashboards.charts.figure import SUPPRESSED, Column, Empty, Figure, Reading, Row, Source
from dashboards.figures.added import months_up_to
from dashboards.figures.register import hours
from dashboards.updates import Updates
from grants.models import Application, Call, Resource
from grants.models.applications_states import INSIDE, ApplicationStatus
from mission import numerals

MONTHS = 24
LEDGER = ("gpu_hours_granted", "gpu_hours_used", "gpu_hours_with_artifact")
# Nobody outside the desk was told anything of these yet: what is decided and held is still asked for here.
WAITING = (ApplicationStatus.SUBMITTED, ApplicationStatus.RETURNED, *INSIDE)
DIGITS = 2  # of a sum that is told: a single application does not show in it


def resources_figure() -> Figure:
    """One query: each resource with the sums of its lots."""
    now = timezone.now()
    open_now = Q(lots__opens_at__lte=now, lots__expires_at__gt=now)
    rows = Resource.objects.order_by("name").annotate(
        granted=Sum("lots__granted_ms"),
        used=Sum("lots__used_ms"),
        open_granted=Sum("lots__granted_ms", filter=open_now),
        open_used=Sum("lots__used_ms", filter=open_now),
        awards=Count("lots__award", distinct=True),
    )
    found = list(rows)
    return Figure(
        slug="resources",
        title=_takeaway(found),
        sentence=_("A GPU that never stands still gives 24 GPU-hours a day.") if found else "",
        columns=(
            Column("resource", _("Machine"), names=True),
            Column("provider", _("Provider")),
            Column("gpu_type", _("GPU")),
            Column("gpus", _("GPUs"), number=True),
            Column("hours_a_month", _("GPU-hours a month"), number=True),
            Column("awards", _("Awards"), number=True),
            Column("granted", _("GPU-hours granted"), number=True, decimals=1),
            Column("used", _("GPU-hours used"), number=True, decimals=1),
            Column("left", _("Still open to use"), number=True, decimals=1),
        ),
        rows=tuple(_resource_row(one, now) for one in found),
        source=Source(
            _("The Mission's compute ledger"), retrieved=now if found else None, updates=Updates.AT_ONCE
        ),
        unit=_("GPU-hours"),
        note=_(
            "Granted counts every promise ever entered. Still open to use is what promises that have begun "
            "and have not lapsed have left. Capacity is today's, for a month of this length."
        ),
        open_table=True,
        empty=Empty(
            _("No machine has been entered yet"),
            _("Machines stand here once the desk enters them. Until then, see what calls there are."),
        ),
    )


def _takeaway(found: Sequence[Resource]) -> str:
    granted, used = (sum(int(getattr(one, name) or 0) for one in found) for name in ("granted", "used"))
    if not granted:
        return _("Compute that the Mission can give")
    told = {"used": words.rounded(hours(used)), "granted": words.rounded(hours(granted))}
    return _("%(used)s of %(granted)s GPU-hours granted have been used") % told


def month_hours(capacity: int, today: datetime.date) -> int:
    """GPU-hours of a month of this length, if no GPU ever stands still."""
    return capacity * 24 * calendar.monthrange(today.year, today.month)[1]


def _resource_row(one: Resource, now: datetime.datetime) -> Row:
    told = {name: int(getattr(one, name) or 0) for name in ("granted", "used", "open_granted", "open_used")}
    return Row(
        str(one.pk),
        {
            "resource": one.name,
            "provider": one.provider,
            "gpu_type": one.gpu_type,
            "gpus": Reading.of(one.capacity),
            "hours_a_month": Reading.of(month_hours(one.capacity, now.date())),
            "awards": Reading.of(int(getattr(one, "awards", 0))),
            "granted": Reading.of(hours(told["granted"])),
            "used": Reading.of(hours(told["used"])),
            "left": Reading.of(hours(told["open_granted"] - told["open_used"])),
        },
    )


def months_figure() -> Figure:
    """Two queries, of rollups: no draw is read. Awards are of organisations, so no cell is suppressed."""
    rows = Rollup.objects.shown().filter(metric__in=LEDGER)
    last = rows.aggregate(last=Max("month"))["last"]
    months = months_up_to(last, MONTHS) if last else []
    sums: dict[tuple[datetime.date, str], Decimal] = {}
    computed: list[datetime.datetime] = []
    if months:
        recent = rows.filter(month__gte=months[0]).order_by().values_list("month", "metric")
        for month, metric, total, at in recent.annotate(total=Sum("upper"), at=Max("computed_at")):
            sums[month, metric] = total or Decimal(0)
            computed.append(at)
    return Figure(
        slug="months",
        title=_("GPU-hours used, month by month"),
        sentence=_month_sentence(months, sums),
        columns=(
            Column("month", _("Month"), names=True, by_name=True),
            Column("gpu_hours_granted", _("Granted"), number=True, decimals=1),
            Column("gpu_hours_used", _("Used"), number=True, decimals=1),
            Column(
                "gpu_hours_with_artifact", _("Used, with something public to show"), number=True, decimals=1
            ),
        ),
        rows=tuple(_month_row(month, sums) for month in months),
        source=Source(
            _("The Mission's compute ledger"), retrieved=max(computed, default=None), updates=Updates.LEDGER
        ),
        unit=_("GPU-hours"),
        note=_("Granted in the month a promise was entered, used in the month of the day it was drawn on."),
        chart=Bars(("gpu_hours_used",)),
        metric="gpu_hours_used",
        empty=Empty(_("Nothing has been drawn yet"), _("Months appear once a grantee uses the first hour.")),
    )


def _month_row(month: datetime.date, sums: dict[tuple[datetime.date, str], Decimal]) -> Row:
    tick = numerals.date(month, "Y") if month.month == 1 else ""
    tick = tick or (numerals.date(month, "M") if month.month % 3 == 1 else "")
    cells = {slug: Reading.of(sums.get((month, slug), Decimal(0))) for slug in LEDGER}
    return Row(numerals.date(month, "F Y"), {"month": f"{month:%Y-%m}", **cells}, tick=tick)


def _month_sentence(months: list[datetime.date], sums: dict[tuple[datetime.date, str], Decimal]) -> str:
    if not months:
        return ""
    used, shown = (sum(sums.get((month, slug), Decimal(0)) for month in months) for slug in LEDGER[1:])
    if not used:
        return ""
    told = {"used": words.rounded(used), "share": words.share(shown, used)}
    return _("%(used)s in these months; %(share)s of them by awards with something public to show.") % told


def rounded(value: float) -> float:
    """To two digits: 12,840 is told as 13,000."""
    return float(f"{value:.{DIGITS}g}")


def queue_figure() -> Figure:
    """Two queries. What is asked for and not decided: one sum over all calls, never of fewer than ten
    applications, and rounded, so that yesterday's figure and today's do not tell of the one that came."""
    asked = Application.objects.filter(status__in=WAITING, requested_gpu_ms__gt=0).order_by()
    told = asked.aggregate(count=Count("pk"), sum=Sum("requested_gpu_ms"))
    open_calls = Call.objects.public().open()
    budget = sum(call.budget_gpu_ms for call in open_calls.only("budget_gpu_ms"))
    few = 0 < told["count"] < PEOPLE_FLOOR
    count = SUPPRESSED if few else Reading.of(told["count"] // 10 * 10)
    hours_asked = SUPPRESSED if few else Reading.of(rounded(hours(told["sum"] or 0)))
    return Figure(
        slug="queue",
        title=_("What is asked for and not decided yet"),
        sentence="",
        columns=(
            Column("what", _("What"), names=True),
            Column("amount", _("Amount"), number=True),
        ),
        rows=(
            Row("applications", {"what": _("Applications, in full tens"), "amount": count}),
            Row("asked", {"what": _("GPU-hours they ask for, rounded"), "amount": hours_asked}),
            Row(
                "offered",
                {"what": _("GPU-hours that open calls have to give"), "amount": Reading.of(hours(budget))},
            ),
        ),
        source=Source(_("The Mission's desk"), retrieved=timezone.now(), updates=Updates.AT_ONCE),
        note=_(
            "One sum over all calls: nothing is told of a call, an applicant or fewer than ten applications. "
            "Until a decision is announced an application counts as not decided."
        ),
        open_table=True,
    )

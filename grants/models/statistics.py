"""Officers' statistics: numbers and amounts by state, region, type and call, and the time in each state.

Each table is one query. A median says little of few and nothing of one: below `FEW` finished passages
none is given, and the 90th percentile wants `ENOUGH`.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Aggregate, Count, Exists, F, FloatField, OuterRef, Sum
from django.db.models.functions import Coalesce, Extract
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from grants.models.applications import ApplicationQuerySet, ApplicationStatus, Passage
from grants.models.gpu_time import gpu_hours
from grants.models.programmes import ProgrammeKind
from mission.models.organisations import OrganisationType

FEW, ENOUGH = 5, 10
A_DAY = 86_400  # seconds


class Percentile(Aggregate):
    """PostgreSQL's percentile_cont: between two values where none is at the place."""

    function = "percentile_cont"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()
    allow_distinct = False

    def __init__(self, expression: Any, share: float) -> None:
        super().__init__(expression, share=share)


class Line(NamedTuple):
    """What a group asked for and received. Money by currency: amounts of different ones are never added."""

    name: str
    total: int
    asked_gpu_ms: int
    awards: int
    awarded_gpu_ms: int
    asked_money: Mapping[str, Decimal]
    awarded_money: Mapping[str, Decimal]

    @property
    def asked_hours(self) -> Decimal:
        return gpu_hours(self.asked_gpu_ms)

    @property
    def awarded_hours(self) -> Decimal:
        return gpu_hours(self.awarded_gpu_ms)


class Table(NamedTuple):
    key: str
    title: Any
    lines: list[Line]


class Time(NamedTuple):
    """Days in a state, over the times that are over; None where there are too few to say."""

    status: str
    name: str
    finished: int
    median: float | None
    ninetieth: float | None
    now: int


GROUPS: Mapping[str, tuple[Any, str]] = {
    "status": (_("By state"), "status"),
    "region": (_("By region"), "organisation__nation__region"),
    "type": (_("By type of organisation"), "organisation__type"),
    "kind": (_("By programme"), "call__programme__kind"),
    "call": (_("By call"), "call__title"),
}
WORDS: Mapping[str, Mapping[str, Any]] = {
    "status": dict(ApplicationStatus.choices),
    "type": dict(OrganisationType.choices),
    "kind": dict(ProgrammeKind.choices),
}


def tables(rows: ApplicationQuerySet) -> list[Table]:
    return [Table(key, title, lines(rows, key, column)) for key, (title, column) in GROUPS.items()]


def lines(rows: ApplicationQuerySet, key: str, column: str) -> list[Line]:
    """States in their order, everything else the most numerous first."""
    cells = (
        rows.order_by()
        .values(group=F(column), currency=F("call__currency"))
        .annotate(
            count=Count("pk"),
            awards=Count("award"),
            asked_gpu_ms=Coalesce(Sum("requested_gpu_ms"), 0),
            awarded_gpu_ms=Coalesce(Sum("award__gpu_ms"), 0),
            asked_money=Coalesce(Sum("requested_money"), Decimal(0)),
            awarded_money=Coalesce(Sum("award__money"), Decimal(0)),
        )
    )
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for cell in cells:
        groups.setdefault(cell["group"], []).append(cell)
    made = {group: line(key, group, of) for group, of in groups.items()}
    if key == "status":
        return [made[status] for status in ApplicationStatus.values if status in made]
    return sorted(made.values(), key=lambda one: (-one.total, one.name))


def line(key: str, group: str, cells: list[Mapping[str, Any]]) -> Line:
    def summed(name: str) -> int:
        return sum(int(cell[name]) for cell in cells)

    name = str(WORDS.get(key, {}).get(group, group)) or gettext("Not known")
    return Line(
        name,
        summed("count"),
        summed("asked_gpu_ms"),
        summed("awards"),
        summed("awarded_gpu_ms"),
        money(cells, "asked_money"),
        money(cells, "awarded_money"),
    )


def money(cells: Iterable[Mapping[str, Any]], name: str) -> dict[str, Decimal]:
    return {cell["currency"]: cell[name] for cell in cells if cell["currency"] and cell[name]}


def times(rows: ApplicationQuerySet) -> list[Time]:
    """From the passages: how long applications were in each state, and how many are in it now."""
    days = Extract(F("left_at") - F("entered_at"), "epoch") / float(A_DAY)
    mine = Passage.objects.filter(Exists(rows.filter(pk=OuterRef("application")).order_by()))
    found = (
        mine.exclude(status=ApplicationStatus.DRAFT)
        .order_by()
        .values("status")
        .annotate(
            finished=Count("left_at"),
            all=Count("pk"),
            median=Percentile(days, 0.5),
            ninetieth=Percentile(days, 0.9),
        )
    )
    by_status = {row["status"]: row for row in found}
    return [time(status, by_status[status]) for status in ApplicationStatus.values if status in by_status]


def time(status: str, row: Mapping[str, Any]) -> Time:
    finished = row["finished"]
    median = round(row["median"], 1) if finished >= FEW else None
    ninetieth = round(row["ninetieth"], 1) if finished >= ENOUGH else None
    label = str(ApplicationStatus(status).label)
    return Time(status, label, finished, median, ninetieth, row["all"] - finished)


def flat(made: Iterable[Table], passed: Iterable[Time]) -> list[dict[str, Any]]:
    """The same numbers as rows: one for each group and currency, and one for each state's time."""
    rows: list[dict[str, Any]] = []
    for table in made:
        for of in table.lines:
            for currency in sorted({*of.asked_money, *of.awarded_money}) or [""]:
                rows.append(number_row(table.key, of, currency))
    for one in passed:
        row: dict[str, Any] = dict.fromkeys(number_row("", EMPTY, ""), "")
        row |= {"by": "time", "group": one.name, "applications": one.now, "finished": one.finished}
        rows.append(row | {"median_days": one.median, "ninetieth_percentile_days": one.ninetieth})
    return rows


EMPTY = Line("", 0, 0, 0, 0, {}, {})


def number_row(by: str, of: Line, currency: str) -> dict[str, Any]:
    return {
        "by": by,
        "group": of.name,
        "applications": of.total,
        "awards": of.awards,
        "gpu_hours_asked": float(gpu_hours(of.asked_gpu_ms)),
        "gpu_hours_awarded": float(gpu_hours(of.awarded_gpu_ms)),
        "currency": currency,
        "money_asked": str(of.asked_money.get(currency, "")),
        "money_awarded": str(of.awarded_money.get(currency, "")),
        "finished": "",
        "median_days": "",
        "ninetieth_percentile_days": "",
    }

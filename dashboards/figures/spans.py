"""The time a ranking is about: one month or quarter, or a year of them where they may be added up."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from contributions.measures.metric import later, month_of
from contributions.models import Rollup
from dashboards.figures.baseline import Quarter, latest_quarter, quarters_up_to
from dashboards.figures.indicators import Indicator
from mission import numerals
from mission.models import Nation
from mission.remembered import Subject, remembered_while
from mission.written import written_once

YEAR = 12
OFFERED = 24


@dataclass(frozen=True, slots=True)
class Span:
    """First days of months, oldest first; for the baseline, quarters, newest first. `key` as in addresses:
    2026-03, or to-2026-03 for the year up to it; 2025-Q3, or to-2025-Q3."""

    key: str
    months: tuple[datetime.date, ...] = ()
    quarters: tuple[Quarter, ...] = ()

    @property
    def is_year(self) -> bool:
        return self.key.startswith("to-")

    @property
    def slug(self) -> str:
        """For file names: the last month or quarter."""
        return self.quarters[0].key.lower() if self.quarters else f"{self.months[-1]:%Y-%m}"

    def __str__(self) -> str:
        last = str(self.quarters[0]) if self.quarters else numerals.date(self.months[-1], "F Y")
        if not self.is_year:
            return last
        if self.quarters:
            return _("the four quarters to %(last)s") % {"last": last}
        return _("the 12 months to %(last)s") % {"last": last}


@dataclass(frozen=True, slots=True)
class Looked:
    """Nations of which anything was ever counted, and the last month that is over with anything in it: of
    all, and of each (of one with none that is over, the present month)."""

    nations: frozenset[str]
    last: datetime.date
    months: Mapping[str, datetime.date] = field(default_factory=dict, compare=False)


@remembered_while(Subject.FIGURES)
def looked() -> Looked:
    """One query: a look into the index on nation and month for each nation."""
    present = month_of(timezone.now())
    months = {code: month for code, month in _newest(present) if month}
    over_by_all = max((month for month in months.values() if month < present), default=later(present, -1))
    return Looked(frozenset(months), over_by_all, months)


@written_once
def _newest(present: datetime.date) -> "QuerySet[Nation, tuple[str, datetime.date | None]]":
    """The last month that is over, else the present one."""
    rows = Rollup.objects.fresh().filter(nation=OuterRef("pk")).order_by("-month").values("month")
    over, now = rows.filter(month__lt=present)[:1], rows.filter(month=present)[:1]
    return Nation.objects.order_by().values_list("code", Coalesce(Subquery(over), Subquery(now)))


def month_span(last: datetime.date, count: int = 1) -> tuple[datetime.date, ...]:
    return tuple(later(last, back) for back in range(1 - count, 1))


def usual_span(indicator: Indicator, last: datetime.date) -> Span:
    """The last year where it may be added up, else the last month: for the Mission's own metrics."""
    if indicator.adds_up:
        return Span(f"to-{last:%Y-%m}", month_span(last, YEAR))
    return Span(f"{last:%Y-%m}", month_span(last))


def offered(indicator: Indicator, last: datetime.date) -> list[Span]:
    """What can be chosen, the usual first. One query for the baseline."""
    if indicator.is_own:
        months = [Span(f"{month:%Y-%m}", (month,)) for month in reversed(month_span(last, OFFERED))]
        return [*([usual_span(indicator, last)] if indicator.adds_up else []), *months]
    latest = latest_quarter(indicator.slug) or Quarter(2020, 1)
    quarters = quarters_up_to(latest)
    single = [Span(quarter.key, quarters=(quarter,)) for quarter in quarters]
    if indicator.adds_up:
        single.insert(1, Span(f"to-{latest.key}", quarters=tuple(quarters[:4])))
    return single


def chosen_span(spans: Sequence[Span], key: str) -> Span:
    """Of those offered; the year up to the latest where a year is asked for; else the usual one."""
    wanted = next((span.key for span in spans if span.is_year), "") if key == "year" else key
    return next((span for span in spans if span.key == wanted), spans[0])


def earlier(indicator: Indicator, key: str, last: datetime.date) -> Span | None:
    """A month, or a year up to one, that is not offered any more: addresses that were kept stay good."""
    found = re.fullmatch(r"(to-)?(20\d\d)-(0[1-9]|1[0-2])", key, re.ASCII)
    if not found or not indicator.is_own or (found[1] and not indicator.adds_up):
        return None
    month = datetime.date(int(found[2]), int(found[3]), 1)
    if month > last:
        return None
    return Span(key, month_span(month, YEAR if found[1] else 1))


def why_not(indicator: Indicator, key: str) -> str:
    """A sentence for a period that is not offered."""
    if key.startswith(("year", "to-")) and not indicator.adds_up:
        return _(
            "%(metric)s is never added up over months: it is a state, a share or a number of people. "
            "Choose one month or quarter."
        ) % {"metric": indicator.label}
    facts: dict[str, Any] = {
        "asked": re.sub(r"[^\w-]", "", key)[:20],
        "metric": indicator.label,
        "form": "2026-03" if indicator.is_own else "2025-Q3",
    }
    return _("“%(asked)s” is no period of %(metric)s. Choose one from the list, such as %(form)s.") % facts

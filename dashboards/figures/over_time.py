"""One indicator over time, for a few nations side by side: by month, or by quarter for the baseline."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contributions.models import Baseline, Rollup
from dashboards.charts import words
from dashboards.charts.figure import SUPPRESSED, UNKNOWN, Column, Figure, Reading, Row, Source, in_words
from dashboards.charts.lines import Lines
from dashboards.figures.added import reading_of
from dashboards.figures.baseline import Quarter, latest_quarter, nothing_yet, quarters_up_to, source, withheld
from dashboards.figures.indicators import INDICATORS, Indicator
from dashboards.figures.measured import NONE, own_source
from dashboards.figures.places import Place
from dashboards.figures.ranking import nothing_counted
from dashboards.figures.relative import TOTAL, Denominator, set_against
from dashboards.figures.spans import OFFERED, Looked, looked, month_span
from mission import numerals
from mission.remembered import Subject, remembered_while
from mission.written import any_of, array, written_once


class Moment(NamedTuple):
    """A row: as data write it, as people read it, and its label on the axis, if any."""

    key: str
    name: str
    tick: str


@dataclass(frozen=True)
class History:
    """Of some nations: a reading for each moment, oldest first."""

    moments: list[Moment]
    lines: dict[str, list[Reading]]
    source: Source


def history(indicator: Indicator, shown: Sequence[Place], known: Looked) -> History:
    """One query; three for the baseline."""
    return _own(indicator, shown, known) if indicator.is_own else _baseline(indicator, shown)


def _own(indicator: Indicator, shown: Sequence[Place], known: Looked) -> History:
    months = month_span(known.last, OFFERED)
    codes = array(place.code for place in shown)
    cells: dict[tuple[str, datetime.date], Reading] = {}
    computed: list[datetime.datetime] = []
    for nation, month, lower, upper, suppressed, at in _cells(indicator.slug, codes, months[0], months[-1]):
        cells[nation, month] = reading_of(lower, upper, suppressed)
        computed.append(at)
    absent = {p.code: NONE if indicator.has_zero and p.code in known.nations else UNKNOWN for p in shown}
    lines = {
        code: [cells.get((code, month), nothing) for month in months] for code, nothing in absent.items()
    }
    moments = [Moment(f"{month:%Y-%m}", numerals.date(month, "F Y"), month_tick(month)) for month in months]
    return History(moments, lines, own_source(max(computed, default=None)))


@written_once
def _cells(
    metric: str, codes: str, first: datetime.date, last: datetime.date
) -> "QuerySet[Rollup, tuple[Any, ...]]":
    rows = Rollup.objects.fresh().filter(any_of("nation", codes), metric=metric, month__range=(first, last))
    columns = ("nation_id", "month", "lower", "upper", "suppressed", "computed_at")
    return rows.order_by().values_list(*columns)


def month_tick(month: datetime.date) -> str:
    if month.month == 1:
        return numerals.date(month, "Y")
    return numerals.date(month, "M") if month.month % 3 == 1 else ""


def _baseline(indicator: Indicator, shown: Sequence[Place]) -> History:
    latest = latest_quarter(indicator.slug)
    quarters = list(reversed(quarters_up_to(latest))) if latest else []
    codes = array(place.code for place in shown)
    found = {
        (economy, Quarter(year, number)): value
        for economy, year, number, value in _counted(indicator.slug, codes)
    }
    lines = {
        place.code: [
            Reading.of(found[place.code, quarter]) if (place.code, quarter) in found else SUPPRESSED
            for quarter in quarters
        ]
        for place in shown
    }
    moments = [Moment(q.key, str(q), numerals.native(str(q.year)) if q.number == 1 else "") for q in quarters]
    return History(moments, lines, source())


@written_once
def _counted(metric: str, codes: str) -> "QuerySet[Baseline, tuple[str, int, int, int]]":
    rows = Baseline.objects.nations().of(metric).filter(any_of("economy", codes)).order_by()
    return rows.values_list("economy", "year", "quarter", "value")


def over_time_figure(
    indicator: Indicator,
    shown: Sequence[Place],
    known: Looked,
    per: Denominator | None = None,
    *,
    slug: str = "over-time",
) -> Figure:
    """As many queries as `history`. The first of `shown` is in focus and gives the takeaway."""
    told = history(indicator, shown, known)
    lines = told.lines
    if per:
        lines = {code: [per.divide(code, one) for one in line] for code, line in lines.items()}
    noun = _(", ").join([str(indicator.noun), per.label] if per else [str(indicator.noun)])
    decimals = 2 if per else indicator.decimals if indicator.is_own else 0
    time = Column("month" if indicator.is_own else "quarter", _("Time"), names=True, by_name=True)
    some = any(one.lower is not None or one.upper for line in lines.values() for one in line)
    return Figure(
        slug=slug,
        title=takeaway(indicator, shown, told.moments, lines),
        sentence=in_full(noun, shown, told.moments, lines, decimals),
        columns=(
            time,
            *(
                Column(place.code, place.name, number=True, decimals=decimals, bounded=indicator.is_own)
                for place in shown
            ),
        ),
        rows=tuple(
            Row(
                moment.name,
                {time.key: moment.key, **{code: line[index] for code, line in lines.items()}},
                tick=moment.tick,
            )
            for index, moment in enumerate(told.moments)
        )
        if some
        else (),
        source=told.source,
        unit=noun,
        metric=indicator.slug,
        note=note(indicator, lines, per),
        chart=Lines(tuple(place.code for place in shown)),
        empty=nothing_counted() if indicator.is_own else withheld() if told.moments else nothing_yet(),
    )


@remembered_while(Subject.FIGURES)
def lines_figure(
    metric: str, shown: tuple[Place, ...], per: str = TOTAL, *, slug: str = "over-time"
) -> Figure:
    """The same by the names of its choices, drawn once."""
    return over_time_figure(INDICATORS[metric], shown, looked(), set_against(per), slug=slug)


def takeaway(
    indicator: Indicator, shown: Sequence[Place], moments: list[Moment], lines: dict[str, list[Reading]]
) -> str:
    """How the first one changed between its first and its last exact number, where that says something."""
    facts = {"nation": shown[0].name, "metric": indicator.label}
    line = lines[shown[0].code]
    known = [(at, float(one.lower)) for at, one in enumerate(line) if one.lower and not one.is_range]
    if len(known) < 2 or indicator.is_own:  # single months of acts jump up and down
        others = [place.name for place in shown[1:]]
        if not others:
            return _("%(metric)s: %(nation)s over time") % facts
        facts["others"] = words.listed(others)
        return _("%(metric)s: %(nation)s beside %(others)s") % facts
    (start, before), (end, now) = known[0], known[-1]
    facts |= {
        "first": moments[start].name,
        "last": moments[end].name,
        "noun": indicator.noun,
        "change": words.change(now, before),
    }
    if now >= 2 * before:
        facts["times"] = words.number(now / before, 1)
        return _("%(nation)s: %(times)s times as many %(noun)s in %(last)s as in %(first)s") % facts
    return _("%(nation)s: %(change)s %(noun)s from %(first)s to %(last)s") % facts


def in_full(
    noun: str,
    shown: Sequence[Place],
    moments: list[Moment],
    lines: dict[str, list[Reading]],
    decimals: int,
) -> str:
    """What each has in the last row."""
    if not moments:
        return ""
    told = [
        _("%(nation)s %(value)s") % {"nation": place.name, "value": in_words(lines[place.code][-1], decimals)}
        for place in shown
    ]
    facts = {"when": moments[-1].name, "list": _("; ").join(told), "noun": noun}
    return _("In %(when)s: %(list)s (%(noun)s).") % facts


def note(indicator: Indicator, lines: dict[str, list[Reading]], per: Denominator | None) -> str:
    told = []
    if any(one == SUPPRESSED for line in lines.values() for one in line):
        told.append(_("A line breaks where a number is suppressed. Suppressed is not zero."))
    if any(one == UNKNOWN for line in lines.values() for one in line):
        told.append(_("Unknown: nobody of the nation is in our sources, or there was nothing to divide by."))
    if indicator.is_own:
        told.append(_("The band lies between the bounds: good evidence alone, and all evidence."))
    if per:
        told.append(per.note)
        told.append(_("The whole line is divided by the same, latest number."))
    return " ".join(told)

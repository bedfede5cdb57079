"""One metric over the quarters, for a few nations side by side."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from contributions.models import Baseline
from dashboards.charts import words
from dashboards.charts.figure import SUPPRESSED, Column, Figure, Reading, Row
from dashboards.charts.lines import Lines
from dashboards.figures.baseline import (
    COUNTED,
    Quarter,
    nothing_yet,
    quarters_up_to,
    source,
    suppression_note,
)
from dashboards.figures.places import Place


def trend_figure(
    metric: str, focus: Place, others: Sequence[Place], latest: Quarter | None, *, slug: str = "trend"
) -> Figure:
    """Two queries. `focus` comes first and gives the takeaway."""
    counted, shown = COUNTED[metric], [focus, *others]
    values: dict[tuple[str, int, int], int] = {}
    if latest:
        rows = Baseline.objects.nations().of(metric).filter(economy__in=[place.code for place in shown])
        for economy, year, number, value in rows.order_by().values_list(
            "economy", "year", "quarter", "value"
        ):
            values[economy, year, number] = value
    quarters = list(reversed(quarters_up_to(latest))) if latest and values else []
    series = {
        place.code: [values.get((place.code, quarter.year, quarter.number)) for quarter in quarters]
        for place in shown
    }
    return Figure(
        slug=slug,
        title=takeaway(str(counted.noun), focus.name, quarters, series[focus.code]),
        sentence=in_full(str(counted.noun), shown, quarters, series),
        columns=(
            Column("quarter", _("Quarter"), names=True),
            *(Column(place.code, place.name, number=True) for place in shown),
        ),
        rows=tuple(quarter_row(quarter, i, series) for i, quarter in enumerate(quarters)),
        source=source(),
        unit=str(counted.noun),
        note=suppression_note() if any(None in values for values in series.values()) else "",
        chart=Lines(tuple(place.code for place in shown)),
        metric=metric,
        empty=nothing_yet(),
    )


def quarter_row(quarter: Quarter, index: int, series: dict[str, list[int | None]]) -> Row:
    cells = {
        code: Reading.of(value) if (value := values[index]) is not None else SUPPRESSED
        for code, values in series.items()
    }
    return Row(
        str(quarter), {"quarter": quarter.key, **cells}, tick=str(quarter.year) if quarter.number == 1 else ""
    )


def ends(
    quarters: Sequence[Quarter], values: Sequence[int | None]
) -> tuple[Quarter, int, Quarter, int] | None:
    """The first and the last quarter with a number."""
    known = [(quarter, value) for quarter, value in zip(quarters, values, strict=True) if value]
    return (*known[0], *known[-1]) if len(known) > 1 else None


def takeaway(noun: str, name: str, quarters: Sequence[Quarter], values: Sequence[int | None]) -> str:
    found = ends(quarters, values)
    if not found:
        return _("%(nation)s: %(noun)s by quarter") % {"nation": name, "noun": noun}
    first, before, last, now = found
    facts = {"nation": name, "noun": noun, "first": first, "last": last, "change": words.change(now, before)}
    if now >= 2 * before:
        facts["times"] = words.number(Decimal(now) / before, 1)
        return _("%(nation)s: %(times)s times as many %(noun)s in %(last)s as in %(first)s") % facts
    return _("%(nation)s: %(change)s %(noun)s from %(first)s to %(last)s") % facts


def in_full(
    noun: str, shown: Sequence[Place], quarters: Sequence[Quarter], series: dict[str, list[int | None]]
) -> str:
    told = []
    for place in shown:
        if found := ends(quarters, series[place.code]):
            told.append(
                _("%(nation)s from %(before)s to %(now)s")
                % {"nation": place.name, "before": words.number(found[1]), "now": words.number(found[3])}
            )
    return _("%(list)s %(noun)s.") % {"list": "; ".join(told), "noun": noun} if told else ""

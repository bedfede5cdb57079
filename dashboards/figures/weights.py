"""The composite of /weights/ as figures: the order it makes, what it is made of, and how shaky it is."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from dashboards.charts import words
from dashboards.charts.dots import Dots
from dashboards.charts.figure import Cell, Column, Empty, Figure, Reading, Row, Source
from dashboards.figures.composite import Composite, Part, Score, Shift, composite
from dashboards.figures.indicators import INDICATORS, LESS_IS_BETTER, Indicator
from dashboards.figures.measured import Measured, filled, measure, sums
from dashboards.figures.places import Place
from dashboards.figures.relative import Denominator
from dashboards.figures.spans import Looked, offered

DRAWN = 40  # more rows than that are a table


@dataclass(frozen=True)
class Weighing:
    """Metrics with somebody's weights, over all nations."""

    measured: dict[str, Measured]
    parts: list[Part]
    per: Denominator | None

    @cached_property
    def result(self) -> Composite:
        return composite(self.parts)

    def order(self) -> list[tuple[str, Score]]:
        """By rank; those without one, which lack a value, last, by what they have."""
        return sorted(
            self.result.scores.items(),
            key=lambda item: (
                item[1].rank is None,
                (item[1].rank.best, item[1].rank.worst) if item[1].rank else (0, 0),
                -item[1].low,
                item[0],
            ),
        )


def weigh(
    chosen: Sequence[tuple[Indicator, int]],
    places: Mapping[str, Place],
    known: Looked,
    per: Denominator | None,
) -> Weighing:
    """One query for all own metrics together, and one for each of the baseline."""
    spans = {one.slug: offered(one, known.last)[0] for one, _weight in chosen}
    own = [one for one, _weight in chosen if one.is_own]
    found, computed = sums({one.slug: spans[one.slug] for one in own}) if own else ({}, None)
    measured = {
        one.slug: Measured(one, spans[one.slug], filled(one, found[one.slug], places, known), computed)
        if one.is_own
        else measure(one, spans[one.slug], places, known)
        for one, _weight in chosen
    }
    parts = [
        Part(one.slug, weight, _set_against(one, measured[one.slug], per), one.slug in LESS_IS_BETTER)
        for one, weight in chosen
    ]
    return Weighing(measured, parts, per)


def _set_against(one: Indicator, measured: Measured, per: Denominator | None) -> Mapping[str, Reading]:
    """A share stays as it is."""
    if per is None or not one.scales:
        return measured.cells
    return {code: per.divide(code, reading) for code, reading in measured.cells.items()}


def composite_figure(weighing: Weighing, places: Mapping[str, Place]) -> Figure:
    order = weighing.order()
    return Figure(
        slug="composite",
        title=takeaway(order, places),
        sentence=in_full(weighing, order, places),
        columns=(
            Column("rank", _("Rank")),
            Column("rank_best", _("Best rank"), in_table=False),
            Column("rank_worst", _("Worst rank"), in_table=False),
            Column("nation", _("Nation"), names=True),
            Column("code", _("ISO 3166-1 code"), in_table=False),
            Column("missing_metrics", _("Missing, by name in data"), in_table=False),
            Column("over_weights", _("Ranks over random weights")),
            Column("missing", _("Missing")),
            Column("score", _("Score"), number=True, decimals=1, bounded=True),
        ),
        rows=tuple(_row(code, score, places) for code, score in order),
        source=Source(_("This site, from the metrics below"), retrieved=_newest(weighing)),
        unit=_("points of 100"),
        chart=Dots("score") if len(order) <= DRAWN else None,
        note=_(
            "A score with something missing is a range, from what it would be with the lowest value there "
            "to what it would be with the highest, and has no rank. Missing is never counted as zero."
        ),
        open_table=True,
        dense=True,
        empty=Empty(
            _("No nation has a figure for any of these"),
            _("Choose other metrics, or count in total."),
        ),
    )


def _newest(weighing: Weighing) -> datetime.datetime | None:
    return max((one.computed for one in weighing.measured.values() if one.computed), default=None)


def _row(code: str, score: Score, places: Mapping[str, Place]) -> Row:
    low, high = (round(Decimal(end), 4) for end in (score.low, score.high))
    best, worst = score.over_weights or (0, 0)
    cells: dict[str, Cell] = {
        "rank": str(score.rank) if score.rank else None,
        "nation": places[code].name,
        "code": code,
        "rank_best": score.rank.best if score.rank else None,
        "rank_worst": score.rank.worst if score.rank else None,
        "missing_metrics": " ".join(score.missing),
        "over_weights": _ranks(best, worst) if score.over_weights else None,
        "missing": _(", ").join(str(INDICATORS[slug].label) for slug in score.missing),
        "score": Reading(low, high),
    }
    return Row(code, cells, url=places[code].url)


def _ranks(best: int, worst: int) -> str:
    if best == worst:
        return words.number(best)
    return _("%(best)s to %(worst)s") % {"best": words.number(best), "worst": words.number(worst)}


def takeaway(order: Sequence[tuple[str, Score]], places: Mapping[str, Place]) -> str:
    complete = [(code, score) for code, score in order if score.rank]
    if not complete:
        return _("No nation has a figure for each of these metrics")
    always = [places[code].name for code, score in complete if score.over_weights == (1, 1)]
    if len(always) == 1:
        return _("%(nation)s is first by any weights that were tried") % {"nation": always[0]}
    maybe = [code for code, score in complete if score.over_weights and score.over_weights[0] == 1]
    facts = {"nation": places[complete[0][0]].name, "count": words.number(len(maybe))}
    return _("%(nation)s is first by your weights; by other weights %(count)s nations are") % facts


def in_full(weighing: Weighing, order: Sequence[tuple[str, Score]], places: Mapping[str, Place]) -> str:
    ranked = sum(1 for _code, score in order if score.rank)
    facts = {
        "ranked": words.number(ranked),
        "partly": words.number(len(order) - ranked),
        "none": words.number(len(places) - len(order)),
    }
    return (
        _(
            "%(ranked)s nations have every figure; %(partly)s lack some and have no rank; %(none)s lack more "
            "than half of the weight and are left out."
        )
        % facts
    )


def formula(weighing: Weighing) -> str:
    """Written out, with the numbers it divides by."""
    terms = []
    for part in weighing.parts:
        facts = {
            "weight": words.number(part.weight),
            "metric": INDICATORS[part.slug].label,
            "top": words.brief(part.top) if part.top >= 10 else words.number(part.top, 4),
        }
        if not part.top:
            terms.append(_("%(weight)s × 0 (%(metric)s: nobody has any)") % facts)
            continue
        term = _("%(weight)s × %(metric)s ÷ %(top)s") % facts
        terms.append(_("%(weight)s × (1 − %(metric)s ÷ %(top)s)") % facts if part.less_is_better else term)
    whole = words.number(sum(part.weight for part in weighing.parts))
    return _("score = 100 × (%(terms)s) ÷ %(whole)s") % {"terms": " + ".join(terms), "whole": whole}


def parts_figure(weighing: Weighing, places: Mapping[str, Place]) -> Figure:
    """What goes in: how much each weighs, and by what it is divided."""
    whole = sum(part.weight for part in weighing.parts)
    return Figure(
        slug="parts",
        title=_("What goes into it"),
        sentence=_("Each figure is divided by the highest upper bound there is, so it lies between 0 and 1."),
        columns=(
            Column("metric", _("Metric"), names=True),
            Column("slug", _("Name in data"), in_table=False),
            Column("counted", _("Counted")),
            Column("time", _("Time")),
            Column("highest", _("Divided by the highest, of")),
            Column("weight", _("Weight"), number=True),
            Column("share", _("Of all weight"), number=True, decimals=1, unit="%"),
            Column("top", _("The highest"), number=True, decimals=2),
            Column("lacking", _("Nations without"), number=True),
        ),
        rows=tuple(_part_row(part, weighing, places, whole) for part in weighing.parts),
        source=Source(_("This site")),
        open_table=True,
    )


def _part_row(part: Part, weighing: Weighing, places: Mapping[str, Place], whole: float) -> Row:
    one = weighing.measured[part.slug]
    top = part.top
    holders = [
        places[code].name for code, reading in part.readings.items() if top and reading.upper is not None
        and float(reading.upper) == top
    ]  # fmt: skip
    cells: dict[str, Cell] = {
        "metric": str(one.indicator.label),
        "slug": part.slug,
        "counted": weighing.per.label if weighing.per and one.indicator.scales else _("as it is"),
        "time": str(one.span),
        "highest": words.listed(holders[:3]),
        "weight": Reading.of(part.weight),
        "share": Reading.of(100 * part.weight / whole),
        "top": Reading.of(top),
        "lacking": Reading.of(len(part.missing)),
    }
    return Row(part.slug, cells, url=one.indicator.url)


def sensitivity_figure(weighing: Weighing, places: Mapping[str, Place]) -> Figure:
    """How far ranks move when one weight is a tenth less, a tenth more, or nothing."""
    shifts = weighing.result.shifts
    return Figure(
        slug="sensitivity",
        title=_shaky(shifts),
        sentence=_(
            "What becomes of the ranks when one weight is a tenth less, a tenth more, or left out, and the "
            "others stay. Ranks are those of the middles between bounds."
        ),
        columns=(
            Column("metric", _("Metric"), names=True),
            Column("slug", _("Name in data"), in_table=False),
            Column("who_out", _("Who moves most when it is left out")),
            *(
                Column(key, label, number=True)
                for key, label in (
                    ("moved_less", _("A tenth less: nations that move")),
                    ("most_less", _("A tenth less: ranks at most")),
                    ("moved_more", _("A tenth more: nations that move")),
                    ("most_more", _("A tenth more: ranks at most")),
                    ("moved_out", _("Left out: nations that move")),
                    ("most_out", _("Left out: ranks at most")),
                )
            ),
        ),
        rows=tuple(_shift_row(slug, found, places) for slug, found in shifts.items()),
        source=Source(_("This site")),
        open_table=True,
    )


def _shaky(shifts: Mapping[str, tuple[Shift, Shift, Shift]]) -> str:
    most = max((shift.most for found in shifts.values() for shift in found[:2]), default=0)
    if not most:
        return _("No rank moves when a weight is changed by a tenth")
    return _("A weight changed by a tenth moves a rank by up to %(most)s") % {"most": words.number(most)}


def _shift_row(slug: str, found: tuple[Shift, Shift, Shift], places: Mapping[str, Place]) -> Row:
    less, more, out = found
    return Row(
        slug,
        {
            "metric": str(INDICATORS[slug].label),
            "slug": slug,
            "who_out": places[out.who].name if out.who else "",
            "moved_less": Reading.of(less.moved),
            "most_less": Reading.of(less.most),
            "moved_more": Reading.of(more.moved),
            "most_more": Reading.of(more.most),
            "moved_out": Reading.of(out.moved),
            "most_out": Reading.of(out.most),
        },
    )

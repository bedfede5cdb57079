"""Every nation by one indicator: map and ranking are the same rows, and no rank is surer than its number."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.charts import words
from dashboards.charts.figure import SUPPRESSED, UNKNOWN, Cell, Column, Empty, Figure, Known, Reading, Row
from dashboards.charts.maps import Choropleth
from dashboards.figures.baseline import nothing_yet, suppression_note
from dashboards.figures.indicators import Indicator
from dashboards.figures.measured import Measured
from dashboards.figures.places import Place
from dashboards.figures.ranks import Rank, rank_ranges
from dashboards.figures.relative import Denominator, per_people, ranked


class Standing(NamedTuple):
    """One nation. `value` in total, `relative` by the denominator; `rank` is by what was asked for."""

    place: Place
    value: Reading
    relative: Reading
    change: Reading
    rank: Rank | None = None


@dataclass(frozen=True, slots=True)
class Ranking:
    """All nations, best first, those without a rank last. `per` is what was asked for; None: in total.
    `changes`: the baseline's change in a year stands beside it."""

    measured: Measured
    per: Denominator | None
    beside: Denominator
    standings: list[Standing]
    changes: bool = True

    @property
    def indicator(self) -> Indicator:
        return self.measured.indicator

    @property
    def ranked(self) -> list[Standing]:
        return [standing for standing in self.standings if standing.rank]

    @property
    def told(self) -> list[Standing]:
        """Of whom some number may be told, by name."""
        known = (one for one in self.standings if one.rank or one.value.lower)
        return sorted(known, key=lambda one: one.place.name)

    @property
    def column(self) -> str:
        return f"per_{self.beside.key}" if self.per else self.indicator.slug

    def of(self, code: str) -> Standing | None:
        return next((standing for standing in self.standings if standing.place.code == code), None)

    def first(self, count: int) -> list[Place]:
        return [standing.place for standing in self.ranked[:count]]


def shown_by(per: Denominator | None) -> Callable[[Standing], Reading]:
    return lambda standing: standing.relative if per else standing.value


def ends(reading: Reading) -> tuple[float, float]:
    return float(reading.lower or 0), float(reading.upper or 0)


def rank(
    measured: Measured,
    places: Mapping[str, Place],
    per: Denominator | None = None,
    *,
    changes: bool = True,
) -> Ranking:
    """No query. Whoever is suppressed, unknown or only “at least” so much has no rank."""
    beside = per or per_people(places)
    before = measured.before
    rows = [
        (place, value, beside.divide(code, value), change(value, before.get(code, UNKNOWN)))
        for code, place in places.items()
        for value in (measured.cells[code],)
    ]
    asked = {place.code: relative if per else value for place, value, relative, _change in rows}
    ranks = rank_ranges({code: ends(one) for code, one in asked.items() if ranked(one)})
    told = [Standing(*row, ranks.get(row[0].code)) for row in rows]
    told.sort(key=lambda one: _order(one, asked[one.place.code]))
    return Ranking(measured, per, beside, told, changes)


def _order(one: Standing, reading: Reading) -> tuple[int, int, int, float, str]:
    if one.rank:
        return 0, one.rank.best, one.rank.worst, 0, one.place.name
    group = {Known.AT_LEAST: 1, Known.SUPPRESSED: 2}.get(reading.status, 3)
    return group, 0, 0, -float(reading.lower or 0), one.place.name


def change(now: Reading, before: Reading) -> Reading:
    """In percent, only between exact numbers."""
    if now.lower is None or now.is_range or before.is_range or not before.lower:
        return SUPPRESSED if Known.SUPPRESSED in {now.status, before.status} else UNKNOWN
    return Reading.of(100 * (float(now.lower) - float(before.lower)) / float(before.lower))


def columns(ranking: Ranking) -> tuple[Column, ...]:
    indicator, beside = ranking.indicator, ranking.beside
    bounded, decimals = indicator.is_own, indicator.decimals if indicator.is_own else 0
    value = Column(indicator.slug, str(indicator.label), number=True, decimals=decimals, bounded=bounded)
    relative = Column(f"per_{beside.key}", beside.label, number=True, decimals=2, bounded=bounded)
    numbers = [value, relative] if indicator.scales else [value]
    if ranking.per:
        numbers.reverse()
    if not indicator.is_own and not ranking.per:
        numbers = [value]
    if not indicator.is_own and not ranking.per and ranking.changes:
        numbers.append(Column("change_in_a_year", _("Change in a year"), number=True, decimals=1, unit="%"))
    return (
        Column("rank", _("Rank")),
        Column("rank_best", _("Best rank"), in_table=False),
        Column("rank_worst", _("Worst rank"), in_table=False),
        Column("nation", _("Nation"), names=True),
        Column("code", _("ISO 3166-1 code"), in_table=False),
        *numbers,
    )


def row(ranking: Ranking, one: Standing, wanted: Set[str]) -> Row:
    """`wanted`: keys of columns."""
    indicator = ranking.indicator
    cells: dict[str, Cell] = {
        "rank": str(one.rank) if one.rank else None,
        "nation": one.place.name,
        "code": one.place.code,
        "rank_best": one.rank.best if one.rank else None,
        "rank_worst": one.rank.worst if one.rank else None,
        indicator.slug: one.value,
        f"per_{ranking.beside.key}": one.relative,
        "change_in_a_year": one.change,
    }
    return Row(one.place.code, {key: cell for key, cell in cells.items() if key in wanted}, url=one.place.url)


def ranking_figure(
    ranking: Ranking, *, sort: str = "rank", open_table: bool = False, slug: str = ""
) -> Figure:
    """One query for the baseline's source."""
    indicator, span = ranking.indicator, ranking.measured.span
    standings = ranking.standings
    if sort == "name":
        standings = sorted(standings, key=lambda one: one.place.name)
    unit = str(indicator.noun)
    shown = columns(ranking)
    wanted = {column.key for column in shown}
    return Figure(
        slug=slug or f"nations-{indicator.slug.replace('_', '-')}-{span.slug}".lower(),
        title=takeaway(ranking),
        sentence=in_full(ranking),
        columns=shown,
        rows=tuple(row(ranking, one, wanted) for one in standings) if _anything(ranking) else (),
        source=ranking.measured.source(),
        unit=_(", ").join([unit, ranking.per.label]) if ranking.per else unit,
        note=note(ranking),
        chart=Choropleth(ranking.column),
        open_table=open_table,
        dense=True,
        metric=indicator.slug,
        empty=nothing_yet() if not indicator.is_own else nothing_counted(),
    )


def _anything(ranking: Ranking) -> bool:
    return any(one.value.status != Known.UNKNOWN for one in ranking.standings)


def nothing_counted() -> Empty:
    return Empty(
        _("Nothing has been counted yet"),
        _("Figures appear here once accounts on GitHub or Hugging Face are tied to nations."),
    )


def of_what(ranking: Ranking) -> str:
    """The metric as a sentence goes on with it: “models, per million people”."""
    label = str(ranking.indicator.label)
    return _(", ").join([label, ranking.per.label]) if ranking.per else label


def takeaway(ranking: Ranking) -> str:
    """Who is first, or that nobody can say who is."""
    top = [one for one in ranking.ranked if one.rank and one.rank.best == 1]
    facts = {"metric": of_what(ranking)}
    if not top or not ends(shown_by(ranking.per)(top[0]))[1]:
        return _("%(metric)s, nation by nation") % facts
    facts["nation"] = top[0].place.name
    leaders = ranking.ranked[:3]
    if (
        not ranking.indicator.is_own
        and not ranking.per
        and all(one.rank and one.rank.sure for one in leaders)
    ):
        return together(ranking, leaders)
    if len(top) == 1:
        return _("%(metric)s: %(nation)s is first") % facts
    if len(top) > 4:
        facts["count"] = words.number(len(top))
        return _("%(metric)s: who is first cannot be told, %(count)s nations may be") % facts
    facts["nations"] = words.listed([one.place.name for one in top])
    if all(one.rank and one.rank.sure for one in top):
        return _("%(metric)s: %(nations)s share the first rank") % facts
    return _("%(metric)s: who is first cannot be told; %(nations)s may be") % facts


def together(ranking: Ranking, leaders: Sequence[Standing]) -> str:
    """For the baseline, whose every number is exact: how much of all the first ones have."""
    whole = sum(float(one.value.lower or 0) for one in ranking.ranked)
    return _("%(nations)s together have %(share)s of all %(noun)s") % {
        "nations": words.listed([one.place.name for one in leaders]),
        "share": words.share(sum(float(one.value.lower or 0) for one in leaders), whole),
        "noun": ranking.indicator.noun,
    }


def in_full(ranking: Ranking) -> str:
    """What is known in all, of how many nations, and of how many it is not."""
    values = [one.value for one in ranking.standings]
    known = [value for value in values if ranked(value)]
    if not known and not any(value.status == Known.SUPPRESSED for value in values):
        empty = nothing_yet() if not ranking.indicator.is_own else nothing_counted()
        return f"{empty.title}. {empty.text}"
    some = [value for value in known if value.upper]
    return " ".join([_told(ranking, some), *_not_told(values)])


def _told(ranking: Ranking, some: list[Reading]) -> str:
    count = len(some)
    facts = {"span": str(ranking.measured.span), "count": words.number(count)}
    if not ranking.indicator.scales:
        told = ngettext(
            "In %(span)s, told for %(count)s nation.", "In %(span)s, told for %(count)s nations.", count
        )
        return told % facts
    told = ngettext(
        "%(total)s %(noun)s in %(count)s nation in %(span)s.",
        "%(total)s %(noun)s in %(count)s nations in %(span)s.",
        count,
    )
    return told % {**facts, "total": total_in_words(some), "noun": str(ranking.indicator.noun)}


def _not_told(values: list[Reading]) -> list[str]:
    """Of how many nations the number is suppressed or not known; nothing where there is none."""
    hidden = sum(1 for value in values if value.status in {Known.SUPPRESSED, Known.AT_LEAST})
    unknown = sum(1 for value in values if value.status == Known.UNKNOWN)
    told = []
    if hidden:
        sentence = ngettext(
            "Of %(count)s nation some or all is suppressed.",
            "Of %(count)s nations some or all is suppressed.",
            hidden,
        )
        told.append(sentence % {"count": words.number(hidden)})
    if unknown:
        sentence = ngettext(
            "Of %(count)s nation nothing is known.", "Of %(count)s nations nothing is known.", unknown
        )
        told.append(sentence % {"count": words.number(unknown)})
    return told


def total_in_words(values: list[Reading]) -> str:
    low = sum(float(value.lower or 0) for value in values)
    return words.between(low, sum(float(value.upper or 0) for value in values))


def note(ranking: Ranking) -> str:
    told = []
    if not ranking.indicator.is_own:
        told.append(suppression_note() if ranking.ranked else "")
    else:
        told.append(
            _(
                "Bounds: evidence of grades A and B below, all evidence above. Where bounds overlap the "
                "order is not known, so a range of ranks is told. Suppressed is not zero and has no rank, "
                "nor has a sum that lacks suppressed months. Unknown: nobody of the nation is in our "
                "sources yet."
            )
        )
    if ranking.per:
        told.append(ranking.per.note)
    return " ".join(part for part in told if part)

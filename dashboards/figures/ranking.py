"""Every nation by one metric in one quarter: the map and the ranking are the same rows."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from contributions.models import Baseline
from dashboards.charts import words
from dashboards.charts.figure import SUPPRESSED, UNKNOWN, Column, Figure, Known, Reading, Row
from dashboards.charts.maps import Choropleth
from dashboards.figures.baseline import COUNTED, Counted, Quarter, nothing_yet, source, suppression_note
from dashboards.figures.places import Place

PER_PEOPLE = 1000


@dataclass(frozen=True, slots=True)
class Standing:
    """One nation in the ranking."""

    place: Place
    value: Reading
    per_head: Reading
    change: Reading
    rank: int | None = None

    def measured(self, per_head: bool) -> Reading:
        return self.per_head if per_head else self.value


@dataclass(frozen=True, slots=True)
class Ranking:
    """All nations, best first, those without a number last. `total` is the sum of what is known."""

    counted: Counted
    quarter: Quarter
    per_head: bool
    standings: list[Standing]

    @property
    def ranked(self) -> list[Standing]:
        return [standing for standing in self.standings if standing.rank]

    @property
    def total(self) -> int:
        return sum(int(s.value.lower) for s in self.standings if s.value.lower is not None)

    def of(self, code: str) -> Standing | None:
        return next((standing for standing in self.standings if standing.place.code == code), None)

    def neighbours(self, code: str, count: int = 4) -> list[Place]:
        """The nations ranked next to one; the first ones, where it has no rank."""
        order = [standing.place for standing in self.ranked]
        at = next((i for i, place in enumerate(order) if place.code == code), 0)
        start = max(0, min(at - count // 2, len(order) - count - 1))
        near = [place for place in order[start : start + count + 1] if place.code != code]
        return near[:count]


def rank(metric: str, quarter: Quarter, places: dict[str, Place], *, per_head: bool = False) -> Ranking:
    """One query. Equal numbers share a rank."""
    before = quarter.year_before
    when = Q(year=quarter.year) | Q(year=before.year)
    rows = Baseline.objects.nations().of(metric).filter(when, quarter=quarter.number)
    now: dict[str, int] = {}
    then: dict[str, int] = {}
    for economy, year, value in rows.order_by().values_list("economy", "year", "value"):
        (now if year == quarter.year else then)[economy] = value
    hidden = (
        SUPPRESSED if now else UNKNOWN
    )  # before the first import nothing is known, so nothing is withheld
    unranked = [standing(place, now.get(code), then.get(code), hidden) for code, place in places.items()]
    ordered = sorted(unranked, key=descending(lambda s: s.measured(per_head)))
    return Ranking(COUNTED[metric], quarter, per_head, with_ranks(ordered, per_head))


def standing(place: Place, now: int | None, then: int | None, hidden: Reading) -> Standing:
    if now is None:
        return Standing(place, hidden, hidden, hidden)
    per_head = Reading.of(now * PER_PEOPLE / place.population) if place.population else UNKNOWN
    return Standing(
        place, Reading.of(now), per_head, Reading.of(100 * (now - then) / then) if then else SUPPRESSED
    )


def descending(reading: Callable[[Standing], Reading]) -> Callable[[Standing], tuple[bool, float, str]]:
    """Sort key: highest first, without a number last, then by name."""

    def key(standing: Standing) -> tuple[bool, float, str]:
        value = reading(standing).lower
        return value is None, -float(value or 0), standing.place.name

    return key


def with_ranks(ordered: list[Standing], per_head: bool) -> list[Standing]:
    result: list[Standing] = []
    for position, one in enumerate(ordered, 1):
        value = one.measured(per_head).lower
        if value is None:
            result.append(one)
            continue
        same = result and result[-1].rank and result[-1].measured(per_head).lower == value
        result.append(
            Standing(one.place, one.value, one.per_head, one.change, result[-1].rank if same else position)
        )
    return result


def columns(counted: Counted) -> tuple[Column, ...]:
    return (
        Column("rank", _("Rank")),
        Column("nation", _("Nation"), names=True),
        Column("code", _("ISO 3166-1 code"), in_table=False),
        Column(counted.slug, str(counted.label), number=True),
        Column("per_1000_people", _("Per 1,000 people"), number=True, decimals=2),
        Column("change_in_a_year", _("Change in a year"), number=True, decimals=1, unit="%"),
    )


def row(counted: Counted, one: Standing) -> Row:
    return Row(
        one.place.code,
        {
            "rank": one.rank,
            "nation": one.place.name,
            "code": one.place.code,
            counted.slug: one.value,
            "per_1000_people": one.per_head,
            "change_in_a_year": one.change,
        },
        url=one.place.url,
    )


def ranking_figure(ranking: Ranking, *, sort: str = "rank", open_table: bool = False) -> Figure:
    """One query, for the source. `sort`: rank, name or change."""
    counted = ranking.counted
    standings = ranking.standings
    if sort == "name":
        standings = sorted(standings, key=lambda s: s.place.name)
    elif sort == "change":
        standings = sorted(standings, key=descending(lambda s: s.change))
    return Figure(
        slug=f"nations-{counted.slug.replace('_', '-')}-{ranking.quarter.key}".lower(),
        title=takeaway(ranking),
        sentence=in_full(ranking),
        columns=columns(counted),
        rows=tuple(row(counted, one) for one in standings),
        source=source(),
        unit=_("per 1,000 people") if ranking.per_head else str(counted.noun),
        note=suppression_note() if ranking.ranked else "",
        chart=Choropleth("per_1000_people" if ranking.per_head else counted.slug),
        open_table=open_table,
        dense=True,
        metric=counted.slug,
        empty=nothing_yet(),
    )


def takeaway(ranking: Ranking) -> str:
    first = ranking.ranked[:3]
    if not first:
        return _("%(metric)s by nation") % {"metric": ranking.counted.label}
    if ranking.per_head:
        return _("%(nation)s has the most %(noun)s for its people") % {
            "nation": first[0].place.name,
            "noun": ranking.counted.noun,
        }
    together = sum(int(one.value.lower or 0) for one in first)
    return _("%(nations)s together have %(share)s of all %(noun)s") % {
        "nations": words.listed([one.place.name for one in first]),
        "share": words.share(together, ranking.total),
        "noun": ranking.counted.noun,
    }


def in_full(ranking: Ranking) -> str:
    if not ranking.ranked:
        nothing = nothing_yet()
        return f"{nothing.title}. {nothing.text}"
    hidden = sum(1 for one in ranking.standings if one.value.status == Known.SUPPRESSED)
    facts = {
        "total": words.number(ranking.total),
        "noun": ranking.counted.noun,
        "quarter": ranking.quarter,
        "count": len(ranking.standings) - hidden,
        "hidden": hidden,
    }
    return (
        _("%(total)s %(noun)s in %(count)s nations in %(quarter)s; suppressed for %(hidden)s more.") % facts
    )

"""Where one nation stands, metric by metric: its place per head, the weakest first."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.charts import words
from dashboards.charts.figure import UNKNOWN, Cell, Column, Empty, Figure, Reading, Row
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.measured import Measured, filled, own_source, sums
from dashboards.figures.places import Place, places
from dashboards.figures.ranking import ends
from dashboards.figures.ranks import Field, Rank
from dashboards.figures.relative import Denominator, per_people, ranked
from dashboards.figures.spans import Looked, usual_span
from mission.remembered import Subject, remembered_while

# One or two of each subject, so that no subject outweighs another: what is given, used and reached.
CORE = (
    "model",
    "dataset",
    "benchmark",
    "evaluation",
    "application",
    "merged_change",
    "upstream_merge",
    "derivatives_elsewhere",
    "datasets_reused",
    "adoption",
    "languages_complete",
    "active_contributors",
)

# In the first sentence: what a nation added, for as many.
ADDED: dict[str, Callable[[int], str]] = {
    "model": lambda n: ngettext("%(value)s model", "%(value)s models", n),
    "dataset": lambda n: ngettext("%(value)s dataset", "%(value)s datasets", n),
    "merged_change": lambda n: ngettext("%(value)s change", "%(value)s changes", n),
}
HEADLINES = ("model", "dataset", "merged_change", "adoption")


class Stands(NamedTuple):
    """Where one nation stands by one number: `of` so many that have a rank. `rank` is None without one."""

    value: Reading
    relative: Reading
    rank: Rank | None
    of: int
    position: float | None = None


@dataclass(frozen=True)
class World:
    """All nations by each of the core metrics per million people, and by the headlines in total."""

    measured: dict[str, Measured]
    heads: Denominator
    per_head: dict[str, Field]
    total: dict[str, Field]

    def in_total(self, metric: str, code: str) -> Stands:
        value = self.measured[metric].cells.get(code, UNKNOWN)
        return stands(value, value, value, self.total[metric])

    def by_heads(self, metric: str, code: str) -> Stands:
        value = self.measured[metric].cells.get(code, UNKNOWN)
        relative = self.heads.divide(code, value)
        return stands(value, relative, relative, self.per_head[metric])


def stands(value: Reading, relative: Reading, by: Reading, field: Field) -> Stands:
    """`position`: from 0, the first, to 1, the last, the middle of the ranks left open. None without a rank,
    and where nobody has anything, so that there is no place to hold."""
    if not ranked(by):
        return Stands(value, relative, None, len(field))
    rank = field.rank(ends(by))
    position = (rank.best + rank.worst) / 2 / len(field) if field.has_some else None
    return Stands(value, relative, rank, len(field), position)


@remembered_while(Subject.FIGURES)
def core(known: Looked) -> World:
    """Two queries, for all nation pages together. Ranks are those of `ranking.rank`, looked up by nation."""
    every = places()
    spans = {slug: usual_span(INDICATORS[slug], known.last) for slug in CORE}
    found, computed = sums(spans)
    heads = per_people(every)
    measured = {
        slug: Measured(one, spans[slug], filled(one, found[slug], every, known), computed)
        for slug, one in ((slug, INDICATORS[slug]) for slug in CORE)
    }
    divided = {
        slug: [heads.divide(code, value) for code, value in one.cells.items()]
        for slug, one in measured.items()
    }
    return World(
        measured,
        heads,
        {slug: field(readings) for slug, readings in divided.items()},
        {slug: field(measured[slug].cells.values()) for slug in HEADLINES},
    )


def field(readings: Iterable[Reading]) -> Field:
    return Field.of([ends(one) for one in readings if ranked(one)])


def standings_figure(place: Place, world: World, *, slug: str = "standings") -> Figure:
    """No query. Metrics by which it has no place come last, with the reason."""
    placed = {metric: world.by_heads(metric, place.code) for metric in CORE}
    order = sorted(CORE, key=lambda one: (placed[one].position is None, -(placed[one].position or 0)))
    rows = [_row(place, metric, world, placed[metric]) for metric in order]
    positions = {metric: at for metric in order if (at := placed[metric].position) is not None}
    computed = world.measured[CORE[0]].computed
    return Figure(
        slug=slug,
        title=takeaway(place, positions),
        sentence=_(
            "Places among nations per million people, the weakest first. A range of places means that the "
            "bounds overlap."
        ),
        columns=columns(),
        rows=tuple(rows) if positions else (),
        source=own_source(computed),
        note=_(
            "Without a place: suppressed, a sum that lacks suppressed months, or nobody anywhere has any. "
            "A low place may mean that little is done, or that little of it is in our sources."
        ),
        open_table=True,
        dense=True,
        empty=Empty(
            _("%(nation)s has no place yet") % {"nation": place.name},
            _("It gets one when accounts on GitHub or Hugging Face are tied to it, and enough people."),
        ),
    )


def columns() -> tuple[Column, ...]:
    return (
        Column("metric", _("Metric"), names=True),
        Column("slug", _("Name in data"), in_table=False),
        Column("span", _("Time")),
        Column("rank", _("Place per head")),
        Column("of", _("Of how many nations")),
        Column("value", _("Figure"), number=True, decimals=1, bounded=True),
        Column("per_people", _("Per million people"), number=True, decimals=2, bounded=True),
    )


def _row(place: Place, metric: str, world: World, own: Stands) -> Row:
    cells: dict[str, Cell] = {
        "metric": str(INDICATORS[metric].label),
        "slug": metric,
        "span": str(world.measured[metric].span),
        "rank": str(own.rank) if own.position is not None else _("none"),
        "of": words.number(own.of),
        "value": own.value,
        "per_people": own.relative,
    }
    return Row(metric, cells, url=f"{INDICATORS[metric].url}?per=people&n={place.code}")


def takeaway(place: Place, positions: Mapping[str, float]) -> str:
    """`positions`: the weakest first."""
    facts = {"nation": place.name}
    weak = [metric for metric in list(positions)[:3] if positions[metric] > 0.5]
    if not positions:
        return _("Where %(nation)s stands") % facts
    if not weak:
        return _("Per head, %(nation)s is in the better half by each of these") % facts
    facts["metrics"] = words.listed([str(INDICATORS[metric].label).lower() for metric in weak])
    return _("Per head, %(nation)s is weakest by %(metrics)s") % facts


def lede(place: Place, world: World) -> str:
    """What it adds, in one sentence; empty where nothing may be told."""
    told = []
    for metric, counted in ADDED.items():
        own = world.in_total(metric, place.code).value
        if own.lower or own.upper:
            one = own.upper == 1 and (own.lower or 1) == 1
            told.append(counted(1 if one else max(2, int(own.upper or 2))) % {"value": amount(own)})
    if not told:
        return ""
    facts = {
        "nation": place.name,
        "list": words.listed(told),
        "span": str(world.measured["model"].span),
    }
    return _("%(nation)s added %(list)s to the open AI commons in %(span)s.") % facts


def amount(value: Reading) -> str:
    if value.upper is None:
        return words.at_least(value.lower or 0)
    return words.up_to(value.upper) if value.lower is None else words.between(value.lower, value.upper)

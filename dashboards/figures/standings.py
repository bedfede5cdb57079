"""Where one nation stands, metric by metric: its place per head, the weakest first."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards.charts import words
from dashboards.charts.figure import Cell, Column, Empty, Figure, Reading, Row
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.measured import Measured, filled, own_source, sums
from dashboards.figures.places import Place, places
from dashboards.figures.ranking import Ranking, Standing, ends, rank
from dashboards.figures.relative import per_people
from dashboards.figures.spans import Looked, usual_span
from dashboards.stamp import remembered

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


HEADLINES = ("model", "dataset", "merged_change", "adoption")


@dataclass(frozen=True)
class World:
    """All nations by each of the core metrics per million people, and by the headlines in total."""

    measured: dict[str, Measured]
    per_head: dict[str, Ranking]
    total: dict[str, Ranking]


@remembered
def core(known: Looked) -> World:
    """Two queries, for all nation pages together."""
    every = places()
    spans = {slug: usual_span(INDICATORS[slug], known.last) for slug in CORE}
    found, computed = sums(spans)
    measured = {
        slug: Measured(one, spans[slug], filled(one, found[slug], every, known), computed)
        for slug, one in ((slug, INDICATORS[slug]) for slug in CORE)
    }
    heads = per_people(every)
    return World(
        measured,
        {slug: rank(one, every, heads) for slug, one in measured.items()},
        {slug: rank(measured[slug], every) for slug in HEADLINES},
    )


def position(ranking: Ranking, code: str) -> float | None:
    """From 0, the first, to 1, the last: the middle of the ranks left open. None without a rank, and where
    nobody has anything, so that there is no place to hold."""
    own = ranking.of(code)
    if own is None or own.rank is None or not any(ends(one.value)[1] for one in ranking.ranked):
        return None
    return (own.rank.best + own.rank.worst) / 2 / len(ranking.ranked)


def standings_figure(place: Place, world: World, *, slug: str = "standings") -> Figure:
    """No query. Metrics by which it has no place come last, with the reason."""
    placed = {metric: position(ranking, place.code) for metric, ranking in world.per_head.items()}
    order = sorted(CORE, key=lambda metric: (placed[metric] is None, -(placed[metric] or 0)))
    rows = [_row(place, metric, world, placed[metric] is not None) for metric in order]
    computed = world.measured[CORE[0]].computed
    return Figure(
        slug=slug,
        title=takeaway(place, world, [metric for metric in order if placed[metric] is not None]),
        sentence=_(
            "Places among nations per million people, the weakest first. A range of places means that the "
            "bounds overlap."
        ),
        columns=columns(),
        rows=tuple(rows) if any(one is not None for one in placed.values()) else (),
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


def _row(place: Place, metric: str, world: World, placed: bool) -> Row:
    own = world.per_head[metric].of(place.code)
    value, relative = (own.value, own.relative) if own else (Reading.of(None), Reading.of(None))
    cells: dict[str, Cell] = {
        "metric": str(INDICATORS[metric].label),
        "slug": metric,
        "span": str(world.measured[metric].span),
        "rank": str(own.rank) if own and own.rank and placed else _("none"),
        "of": words.number(len(world.per_head[metric].ranked)),
        "value": value,
        "per_people": relative,
    }
    return Row(metric, cells, url=f"{INDICATORS[metric].url}?per=people&n={place.code}")


def takeaway(place: Place, world: World, placed: list[str]) -> str:
    facts = {"nation": place.name}
    weak = [metric for metric in placed[:3] if (position(world.per_head[metric], place.code) or 0) > 0.5]
    if not placed:
        return _("Where %(nation)s stands") % facts
    if not weak:
        return _("Per head, %(nation)s is in the better half by each of these") % facts
    facts["metrics"] = words.listed([str(INDICATORS[metric].label).lower() for metric in weak])
    return _("Per head, %(nation)s is weakest by %(metrics)s") % facts


def lede(place: Place, world: World) -> str:
    """What it adds, in one sentence; empty where nothing may be told."""
    told = []
    for metric in ("model", "dataset", "merged_change"):
        own = world.total[metric].of(place.code)
        if own and (own.value.lower or own.value.upper):
            told.append(_("%(value)s %(noun)s") % {"value": amount(own), "noun": INDICATORS[metric].noun})
    if not told:
        return ""
    facts = {
        "nation": place.name,
        "list": words.listed(told),
        "span": str(world.measured["model"].span),
    }
    return _("%(nation)s added %(list)s to the open AI commons in %(span)s.") % facts


def amount(own: Standing) -> str:
    value = own.value
    if value.upper is None:
        return words.at_least(value.lower or 0)
    return words.up_to(value.upper) if value.lower is None else words.between(value.lower, value.upper)

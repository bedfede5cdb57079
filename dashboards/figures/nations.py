"""Rankings by the names of their choices: worked out and drawn once while the data stay, for all pages."""

from typing import TypedDict

from dashboards.charts.figure import Figure
from dashboards.figures.indicators import INDICATORS, USUAL
from dashboards.figures.measured import measure
from dashboards.figures.places import places
from dashboards.figures.ranking import Ranking, rank, ranking_figure
from dashboards.figures.relative import TOTAL, set_against
from dashboards.figures.spans import Span, looked, offered
from dashboards.parts import drawn, part_while
from mission.remembered import Subject, remembered_while


class How(TypedDict, total=False):
    """The choices of `nations_figure`, where they are named apart from it."""

    changes: bool
    sort: str
    open_table: bool
    slug: str


@remembered_while(Subject.FIGURES)
def ranking_by(metric: str, span: Span, per: str = TOTAL, *, changes: bool = True) -> Ranking:
    """Once for all pages that rank by it. A query, and up to three for what it is set against."""
    every = places()
    return rank(measure(INDICATORS[metric], span, every, looked()), every, set_against(per), changes=changes)


@remembered_while(Subject.FIGURES)
def nations_figure(
    metric: str,
    span: Span,
    per: str = TOTAL,
    *,
    changes: bool = True,
    sort: str = "rank",
    open_table: bool = False,
    slug: str = "",
) -> Figure:
    """The figure of `ranking_by`, drawn once; of the usual time, once for all processes."""
    if span == usual(metric):
        how: How = {"changes": changes, "open_table": open_table, "sort": sort, "slug": slug}
        return usual_figure(*names_of(metric, per, how))
    ranking = ranking_by(metric, span, per, changes=changes)
    return ranking_figure(ranking, sort=sort, open_table=open_table, slug=slug)


def usual(metric: str) -> Span:
    """The time that a ranking is about where none is asked for."""
    return offered(INDICATORS[metric], looked().last)[0]


def names_of(metric: str, per: str, how: How) -> tuple[str, ...]:
    """Of `usual_figure`, as `nations_figure` asks for it."""
    chosen = [name for name in ("changes", "open_table") if how.get(name, name == "changes")]
    return metric, per, how.get("sort", "rank"), how.get("slug", ""), *chosen


# Of home and of the page of all nations.
USUAL_ONES = tuple(names_of(USUAL, TOTAL, how) for how in (How(), How(open_table=True)))


@part_while(Subject.FIGURES)
def usual_figure(metric: str, per: str, sort: str, slug: str, *how: str) -> Figure:
    ranking = ranking_by(metric, usual(metric), per, changes="changes" in how)
    return drawn([ranking_figure(ranking, sort=sort, open_table="open_table" in how, slug=slug)])[0]

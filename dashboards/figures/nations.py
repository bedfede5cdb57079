"""Rankings by the names of their choices: worked out and drawn once while the data stay, for all pages."""

from dashboards.charts.figure import Figure
from dashboards.figures.indicators import INDICATORS, USUAL
from dashboards.figures.measured import measure
from dashboards.figures.places import places
from dashboards.figures.ranking import Ranking, rank, ranking_figure
from dashboards.figures.relative import TOTAL, set_against
from dashboards.figures.spans import Span, looked, offered
from dashboards.parts import drawn, part_while
from mission.remembered import Subject, remembered_while


@remembered_while(Subject.FIGURES)
def ranking_by(metric: str, span: Span, per: str = TOTAL, *, changes: bool = True) -> Ranking:
    """Once for all pages that rank by it. A query, and up to three for what it is set against."""
    every = places()
    return rank(measure(INDICATORS[metric], span, every, looked()), every, set_against(per), changes=changes)


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
    """The figure of `ranking_by`. Of the usual time it is kept for all processes."""
    if span == usual(metric):
        how = [name for name, wanted in {"changes": changes, "open": open_table}.items() if wanted]
        return usual_figure(metric, per, sort, slug, *how)
    return figure_at(metric, span, per, changes=changes, sort=sort, open_table=open_table, slug=slug)


def usual(metric: str) -> Span:
    """The time that a ranking is about where none is asked for."""
    return offered(INDICATORS[metric], looked().last)[0]


# Of home and of the page of all nations.
USUAL_ONES = ((USUAL, TOTAL, "rank", "", "changes"), (USUAL, TOTAL, "rank", "", "changes", "open"))


@part_while(Subject.FIGURES)
def usual_figure(metric: str, per: str, sort: str, slug: str, *how: str) -> Figure:
    flags = {"changes": "changes" in how, "open_table": "open" in how}
    return drawn([figure_at(metric, usual(metric), per, sort=sort, slug=slug, **flags)])[0]


@remembered_while(Subject.FIGURES)
def figure_at(
    metric: str,
    span: Span,
    per: str = TOTAL,
    *,
    changes: bool = True,
    sort: str = "rank",
    open_table: bool = False,
    slug: str = "",
) -> Figure:
    """The same of any time, as this process remembers it."""
    ranking = ranking_by(metric, span, per, changes=changes)
    return ranking_figure(ranking, sort=sort, open_table=open_table, slug=slug)

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
        how = [name for name, wanted in {"changes": changes, "open": open_table}.items() if wanted]
        return usual_figure(metric, per, sort, slug, *how)
    ranking = ranking_by(metric, span, per, changes=changes)
    return ranking_figure(ranking, sort=sort, open_table=open_table, slug=slug)


def usual(metric: str) -> Span:
    """The time that a ranking is about where none is asked for."""
    return offered(INDICATORS[metric], looked().last)[0]


# Of home and of the page of all nations.
USUAL_ONES = ((USUAL, TOTAL, "rank", "", "changes"), (USUAL, TOTAL, "rank", "", "changes", "open"))


@part_while(Subject.FIGURES)
def usual_figure(metric: str, per: str, sort: str, slug: str, *how: str) -> Figure:
    ranking = ranking_by(metric, usual(metric), per, changes="changes" in how)
    return drawn([ranking_figure(ranking, sort=sort, open_table="open" in how, slug=slug)])[0]

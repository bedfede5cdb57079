"""Rankings by the names of their choices: worked out and drawn once while the data stay, for all pages."""

from dashboards.charts.figure import Figure
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.measured import measure
from dashboards.figures.places import places
from dashboards.figures.ranking import Ranking, rank, ranking_figure
from dashboards.figures.relative import TOTAL, set_against
from dashboards.figures.spans import Span, looked
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
    """The figure of `ranking_by`, drawn once."""
    ranking = ranking_by(metric, span, per, changes=changes)
    return ranking_figure(ranking, sort=sort, open_table=open_table, slug=slug)

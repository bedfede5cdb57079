"""One nation's headline numbers, and where it stands."""

from django.db.models import Q
from django.utils.translation import gettext as _

from contributions.models import Baseline
from dashboards.charts import words
from dashboards.charts.figure import Known
from dashboards.figures.baseline import COUNTED, Quarter
from dashboards.figures.mission import Headline
from dashboards.figures.places import Place
from dashboards.figures.ranking import Ranking


def lede(place: Place, ranking: Ranking) -> str:
    """One sentence: how many, how many of all, which rank, how it changed."""
    own = ranking.of(place.code)
    if not own or not ranking.ranked:
        return ""
    if own.value.status == Known.SUPPRESSED or own.value.lower is None:
        return _(
            "Too few developers to publish for %(quarter)s: the cell is suppressed, which is not zero."
        ) % {"quarter": ranking.quarter}
    facts = {
        "nation": place.name,
        "value": words.number(own.value.lower),
        "share": words.share(own.value.lower, ranking.total),
        "quarter": ranking.quarter,
        "rank": own.rank,
        "count": len(ranking.ranked),
    }
    return (
        _(
            "%(nation)s had %(value)s developers in %(quarter)s, %(share)s of the world's: "
            "rank %(rank)s of %(count)s."
        )
        % facts
    )


def headlines(place: Place, ranking: Ranking) -> list[Headline]:
    """One query: the four metrics of the quarter and of the year before."""
    quarter = ranking.quarter
    when = Q(year=quarter.year) | Q(year=quarter.year - 1)
    rows = Baseline.objects.nations().filter(when, economy=place.code, quarter=quarter.number, dimension="")
    found = {
        (metric, year): value
        for metric, year, value in rows.order_by().values_list("metric", "year", "value")
    }
    return [headline(slug, quarter, found) for slug in COUNTED] if found else []


def headline(metric: str, quarter: Quarter, found: dict[tuple[str, int], int]) -> Headline:
    now, before = found.get((metric, quarter.year)), found.get((metric, quarter.year - 1))
    noun = str(COUNTED[metric].noun)
    if now is None:
        return Headline(_("suppressed"), noun)
    if not before:
        return Headline(words.number(now), noun)
    label = _("%(noun)s, %(change)s in a year") % {"noun": noun, "change": words.change(now, before)}
    return Headline(words.number(now), label)

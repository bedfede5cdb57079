"""Headline numbers: a value, what it counts, and where it is told in full."""

from dataclasses import dataclass

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboards.charts import words
from dashboards.figures.ranking import Ranking
from dashboards.figures.register import hours
from grants.models import Lot


@dataclass(frozen=True, slots=True)
class Headline:
    value: str
    label: str
    url: str = ""


def numbers(ranking: Ranking, home_nation: str) -> list[Headline]:
    """Three figures for the front page. One query."""
    granted = Lot.objects.aggregate(
        granted=Sum("granted_ms"), used=Sum("used_ms"), awards=Count("award", distinct=True)
    )
    told = []
    if ranking.ranked:
        label = _("developers in %(count)s nations, %(quarter)s") % {
            "count": len(ranking.ranked),
            "quarter": ranking.quarter,
        }
        told.append(Headline(words.number(ranking.total), label, reverse("dashboards:nations")))
    home = ranking.of(home_nation)
    if home and home.value.lower is not None:
        facts = {
            "nation": home.place.name,
            "rank": home.rank,
            "share": words.share(home.value.lower, ranking.total),
        }
        label = _("of them in %(nation)s: %(share)s, rank %(rank)s") % facts
        told.append(Headline(words.number(home.value.lower), label, home.place.url))
    count = granted["awards"] or 0
    label = ngettext(
        "GPU-hours granted in %(count)s award, %(used)s used",
        "GPU-hours granted in %(count)s awards, %(used)s used",
        count,
    ) % {"count": count, "used": words.number(hours(granted["used"] or 0))}
    told.append(Headline(words.number(hours(granted["granted"] or 0)), label, reverse("dashboards:awards")))
    return told

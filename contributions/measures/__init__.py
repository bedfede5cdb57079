"""The metrics, as data: what each counts, in which unit, from which rows, under which rule."""

from django.utils.translation import gettext_lazy as _

from contributions.measures import (
    adoption,
    evidence,
    languages,
    lineage,
    openness,
    publishing,
    running,
    talent,
    upstream,
)
from contributions.measures.metric import PEOPLE_FLOOR, Amount, Metric, Touch

__all__ = ["METRICS", "PEOPLE_FLOOR", "SHARED_DEFINITION", "Amount", "Metric", "Touch"]

SHARED_DEFINITION = _(
    "Each is shared equally among the affiliations its author had on that day; what no evidence ties to a "
    "nation is kept as unknown. Bots and coding agents are left out, and so are mirrors and copies. Cells "
    "about fewer than ten people are suppressed."
)
SUBJECTS = (publishing, upstream, lineage, adoption, languages, openness, running, talent, evidence)
METRICS: dict[str, Metric] = {metric.slug: metric for subject in SUBJECTS for metric in subject.METRICS}

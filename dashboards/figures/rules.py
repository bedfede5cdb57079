"""The rules that metrics are counted by, and from when to when each was in force."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from contributions.models import MetricRelease
from dashboards.charts import words
from mission import numerals
from mission.remembered import remembered


@remembered
def all_releases() -> Mapping[str, Sequence[MetricRelease]]:
    """Of every metric, the newest rule first. One query."""
    found: dict[str, list[MetricRelease]] = defaultdict(list)
    for one in MetricRelease.objects.all():
        found[one.metric].append(one)
    return dict(found)


def in_force(release: MetricRelease) -> str:
    since = {
        "rule": words.number(release.rule_version),
        "since": numerals.date(release.began_at, "DATE_FORMAT"),
    }
    if release.superseded_at is None:
        return _("%(rule)s, in force since %(since)s") % since
    since["until"] = numerals.date(release.superseded_at, "DATE_FORMAT")
    return _("%(rule)s, in force from %(since)s to %(until)s; no longer") % since

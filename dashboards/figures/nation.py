"""One nation's headline numbers: what it adds, beside the baseline it adds it on."""

from collections.abc import Mapping

from django.db.models import Q
from django.utils.translation import gettext as _

from contributions.models import Baseline, BaselineMetric
from dashboards.charts import words
from dashboards.figures.baseline import COUNTED, Quarter, latest_quarter
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.languages import Spoken
from dashboards.figures.mission import Headline
from dashboards.figures.places import Place
from dashboards.figures.standings import HEADLINES, World, amount


def headlines(place: Place, world: World) -> list[Headline]:
    """Four own figures, and the nation's developers. Two queries or fewer, for the last."""
    told = []
    for metric in HEADLINES:
        own = world.in_total(metric, place.code)
        if own.value.lower is None and own.value.upper is None:
            continue
        facts = {"metric": INDICATORS[metric].label, "span": world.measured[metric].span}
        label = _("%(metric)s, %(span)s") % facts
        if own.rank and own.value.upper:
            label = _("%(label)s: of %(count)s nations, place %(rank)s") % {
                "label": label,
                "rank": own.rank,
                "count": words.number(own.of),
            }
        told.append(Headline(amount(own.value), label, f"{INDICATORS[metric].url}?n={place.code}"))
    return [*told, *_baseline(place)]


def _baseline(place: Place) -> list[Headline]:
    latest = latest_quarter(BaselineMetric.DEVELOPERS)
    if latest is None:
        return []
    when = Q(year=latest.year) | Q(year=latest.year - 1)
    rows = Baseline.objects.nations().of(BaselineMetric.DEVELOPERS)
    found = dict(
        rows.filter(when, economy=place.code, quarter=latest.number).order_by().values_list("year", "value")
    )
    return [_developers(place, latest, found)]


def _developers(place: Place, latest: Quarter, found: Mapping[int, int]) -> Headline:
    now, before = found.get(latest.year), found.get(latest.year - 1)
    facts = {"noun": COUNTED[BaselineMetric.DEVELOPERS].noun, "quarter": latest}
    label = _("%(noun)s on GitHub, %(quarter)s (baseline)") % facts
    if now is None:
        return Headline(_("suppressed"), label)
    if before:
        label = _("%(label)s, %(change)s in a year") % {"label": label, "change": words.change(now, before)}
    url = f"{INDICATORS[str(BaselineMetric.DEVELOPERS)].url}?n={place.code}"
    return Headline(words.number(now), label, url)


def gaps(spoken: list[Spoken]) -> list[tuple[str, str]]:
    """Languages of its people for which something is missing: what is missing, and which languages."""
    wanted = (
        ("model", _("Without a model")),
        ("dataset", _("Without a dataset")),
        ("evaluation", _("Without an evaluation")),
    )
    told = []
    for kind, label in wanted:
        lacking = [one for one in spoken if not one.counts.get(kind)]
        if lacking:
            names = [
                _("%(language)s (%(speakers)s)")
                % {"language": one.local_name, "speakers": words.short(one.speakers)}
                for one in lacking[:6]
            ]
            told.append((label, words.listed(names)))
    return told

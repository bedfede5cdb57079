"""One nation's headline numbers, beside the baseline it adds them on; its gaps; and the parts of its page."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contributions.models import Baseline, BaselineMetric
from dashboards.charts import words
from dashboards.charts.figure import Column, Figure
from dashboards.figures.baseline import COUNTED, Quarter, latest_quarter
from dashboards.figures.indicators import INDICATORS
from dashboards.figures.languages import Spoken
from dashboards.figures.mission import Headline
from dashboards.figures.places import Place
from dashboards.figures.standings import HEADLINES, World, amount
from mission.written import written_once

FIRST = 3  # rows of each table: the page is read as a whole, and the others are a touch away


def short(figures: Sequence[Figure]) -> list[Figure]:
    """The figures as a page of many shows them: a few rows, and no column of the nation's own name."""
    return [
        replace(figure, first=FIRST, columns=tuple(map(_without_nation, figure.columns)))
        for figure in figures
    ]


def _without_nation(column: Column) -> Column:
    return replace(column, in_table=False) if column.key == "nation" else column


def parts(figures: Sequence[Figure]) -> list[tuple[str, str]]:
    """Where each figure is that has something to show, and in a word or two what it is about."""
    names = {
        "added": _("What it adds"),
        "standings": _("Where it stands"),
        "partners": _("Who builds on it"),
        "languages": _("Languages"),
        "organisations": _("Organisations"),
        "awards": _("Awards"),
        "commons": _("In the commons"),
        "latest": _("Every metric"),
        "trend": _("Developers"),
    }
    found = [(figure.slug, names[figure.slug]) for figure in figures if figure.rows]
    return [*found, ("compare", _("Compare"))]


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
            label = _("%(label)s: place %(rank)s, of %(count)s nations") % {
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
    return [_developers(place, latest, dict(_same_quarter(place.code, latest.number, latest.year - 1)))]


@written_once
def _same_quarter(code: str, quarter: int, since: int) -> "QuerySet[Baseline, tuple[int, int]]":
    rows = Baseline.objects.nations().of(BaselineMetric.DEVELOPERS)
    return rows.filter(economy=code, quarter=quarter, year__gte=since).order_by().values_list("year", "value")


def _developers(place: Place, latest: Quarter, found: Mapping[int, int]) -> Headline:
    now, before = found.get(latest.year), found.get(latest.year - 1)
    facts = {"noun": COUNTED[BaselineMetric.DEVELOPERS].label, "quarter": latest}
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

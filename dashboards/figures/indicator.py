"""What one metric is, in words; and the list of all of them."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from contributions.models import MetricRelease
from dashboards.charts import words
from dashboards.charts.figure import Column, Figure, Row, Source
from dashboards.figures.indicators import INDICATORS, LESS_IS_BETTER, Indicator
from dashboards.figures.latest import GROUPS
from mission import numerals


def facts(indicator: Indicator, releases: Sequence[MetricRelease]) -> list[tuple[str, str]]:
    """Names and values, in the order in which somebody checks a figure."""
    told = [
        (_("What it counts"), str(indicator.definition)),
        (_("Unit"), str(indicator.noun)),
        (_("Over time"), _adding(indicator)),
        (_("Source"), str(indicator.source)),
        (_("How it can be gamed"), str(indicator.gaming)),
    ]
    if indicator.slug in LESS_IS_BETTER:
        told.append((_("Which way is better"), _("Less is better; rank 1 is still the highest number.")))
    told += [
        (_("Rule %(rule)s") % {"rule": words.number(one.rule_version)}, _release(one)) for one in releases
    ]
    if indicator.rule_version and not releases:
        told.append((_("Rule"), words.number(indicator.rule_version)))
    return told


def _adding(indicator: Indicator) -> str:
    if indicator.adds_up:
        return _("May be added up over time.")
    return _("Never added up over time: it is a state, a share, or people who may be in several months.")


def _release(one: MetricRelease) -> str:
    said = {
        "since": numerals.date(one.began_at, "DATE_FORMAT"),
        "until": numerals.date(one.superseded_at, "DATE_FORMAT") if one.superseded_at else "",
        "note": one.note or _("the first"),
    }
    if one.superseded_at:
        return _("In force from %(since)s to %(until)s; no longer. %(note)s") % said
    return _("In force since %(since)s. %(note)s") % said


def by_subject() -> dict[str, list[Indicator]]:
    """Every metric by the group it is in, in the order of the groups."""
    found: dict[str, list[Indicator]] = {group: [] for group in GROUPS}
    for one in INDICATORS.values():
        found.setdefault(one.group, []).append(one)
    return {group: metrics for group, metrics in found.items() if metrics}


def indicators_figure(found: Mapping[str, Sequence[Indicator]]) -> Figure:
    """No query. `found`: by subject; the first of each can be linked to."""
    return Figure(
        slug="indicators",
        title=_("Every metric has a page of its own"),
        sentence=_("Chart, map, table, definition, source, and how it can be gamed."),
        columns=(
            Column("group", _("Subject")),
            Column("metric", _("Metric"), names=True),
            Column("slug", _("Name in data"), in_table=False),
            Column("unit", _("Unit"), in_table=False),
            Column("definition", _("Definition")),
        ),
        rows=tuple(
            Row(
                one.slug,
                {
                    "group": one.group_name,
                    "metric": str(one.label),
                    "slug": one.slug,
                    "unit": str(one.noun),
                    "definition": str(one.definition),
                },
                url=one.url,
                anchor="" if number else group,
            )
            for group, metrics in found.items()
            for number, one in enumerate(metrics)
        ),
        source=Source(_("This site")),
        open_table=True,
        dense=True,
    )

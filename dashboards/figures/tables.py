"""What can be downloaded, and how every number is made: the tables of /data/ and /methods/."""

from typing import Any

from django.db.models import Max, Min
from django.urls import reverse
from django.utils.translation import gettext as _

from contributions.models import MetricRelease, YearlyTable
from dashboards.charts.figure import Column, Empty, Figure, Row, Source
from dashboards.figures.baseline import COUNTED
from dashboards.figures.latest import GROUPS, group_name
from dashboards.measures import EVERY_METRIC
from mission.numerals import native


def tables_figure() -> Figure:
    tables = [
        (str(c.label), f"{reverse('dashboards:nations')}?metric={c.slug}", str(c.definition))
        for c in COUNTED.values()
    ]
    tables += [
        (_("Languages"), reverse("dashboards:languages"), _("Speakers, and the artefacts that name each.")),
        (_("Commons"), reverse("dashboards:commons"), _("Every artefact in the catalogue, newest first.")),
        (_("Awards"), reverse("dashboards:awards"), _("Every award, with GPU-hours granted and used.")),
        (_("Give and take"), reverse("dashboards:exchange"), _("Who built on whose models and data.")),
        (_("Metrics"), reverse("dashboards:methods"), _("The definition of every metric.")),
    ]  # fmt: skip
    tables += [
        _yearly(each)
        for each in YearlyTable.objects.annotate(since=Min("values__year"), until=Max("values__year"))
    ]
    return Figure(
        slug="tables",
        title=_("Pages as data"),
        sentence=_(
            "Each is a page. With format=csv or format=json in its address, it answers the same rows as data."
        ),
        columns=(
            Column("table", _("Table"), names=True),
            Column("holds", _("Holds")),
            Column("address", _("Address")),
        ),
        rows=tuple(
            Row(url, {"table": name, "holds": holds, "address": url}, url=url) for name, url, holds in tables
        ),
        source=Source(_("This site")),
        open_table=True,
    )


def _yearly(table: Any) -> tuple[str, str, str]:
    holds = _("%(definition)s %(since)s to %(until)s. %(publisher)s, %(licence)s.") % {
        "definition": table.definition,
        "since": native(str(table.since)),
        "until": native(str(table.until)),
        "publisher": table.publisher,
        "licence": table.licence,
    }
    return table.title, reverse("dashboards:yearly", args=[table.slug]), holds


def metrics_figure() -> Figure:
    """Every metric as data: from the baseline, and from the Mission's own rows, under their headings."""
    publisher = _("GitHub Innovation Graph, CC0-1.0")
    baseline = [
        (_("Baseline"), c.slug, str(c.label), str(c.noun), str(c.definition), publisher, "", "")
        for c in COUNTED.values()
    ]
    order = list(GROUPS)
    own = [
        (group_name(m), m.slug, str(m.label), str(m.unit), str(m.definition), str(m.source), str(m.gaming),
         native(str(m.rule_version)))
        for m in sorted(EVERY_METRIC.values(), key=lambda m: order.index(m.group) if m.group in order else 99)
    ]  # fmt: skip
    keys = ("group", "slug", "metric", "unit", "definition", "source", "gaming", "rule")
    return Figure(
        slug="metrics",
        title=_("What each metric counts"),
        sentence="",
        columns=(
            Column("metric", _("Metric"), names=True),
            Column("slug", _("Name in data"), in_table=False),
            Column("group", _("Subject")),
            Column("unit", _("Unit"), in_table=False),
            Column("definition", _("Definition")),
            Column("source", _("Source")),
            Column("gaming", _("How it can be gamed")),
            Column("rule", _("Rule"), in_table=False),
        ),
        rows=tuple(
            Row(values[1], dict(zip(keys, values, strict=True)), anchor=values[1])
            for values in [*own, *baseline]
        ),
        source=Source(_("This site")),
        open_table=True,
    )


def releases_figure() -> Figure:
    """Which rule of a metric held when. One query. Figures of an earlier rule stay readable."""
    rows = [
        Row(
            f"{one.metric}-{one.rule_version}",
            {
                "metric": str(EVERY_METRIC[one.metric].label) if one.metric in EVERY_METRIC else one.metric,
                "slug": one.metric,
                "rule": native(str(one.rule_version)),
                "since": one.began_at.date(),
                "until": one.superseded_at.date() if one.superseded_at else None,
                "note": one.note or _("the first"),
                "definition": one.definition,
            },
        )
        for one in MetricRelease.objects.order_by("-began_at", "metric")
    ]
    return Figure(
        slug="releases",
        title=_("Releases of the rules"),
        sentence=_(
            "A change of rule counts all months anew. Figures of the earlier rule are kept: open a "
            "number, and it names them."
        ),
        columns=(
            Column("metric", _("Metric"), names=True),
            Column("slug", _("Name in data"), in_table=False),
            Column("rule", _("Rule")),
            Column("since", _("In force since")),
            Column("until", _("Until")),
            Column("note", _("What changed, and why")),
            Column("definition", _("Definition"), in_table=False),
        ),
        rows=tuple(rows),
        source=Source(_("This site")),
        empty=Empty(_("No rule is in force yet"), _("Rules begin with the first start of this site.")),
    )

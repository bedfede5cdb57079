"""What can be downloaded, and how every number is made: the tables of /data/ and /methods/."""

from typing import Any

from django.db.models import Max, Min
from django.urls import reverse
from django.utils.translation import gettext as _

from contributions.models import METRICS, YearlyTable
from dashboards.charts.figure import Column, Figure, Row, Source
from dashboards.figures.baseline import COUNTED


def tables_figure() -> Figure:
    tables = [
        (str(c.label), f"{reverse('dashboards:nations')}?metric={c.slug}", str(c.definition))
        for c in COUNTED.values()
    ]
    tables += [
        (_("Languages"), reverse("dashboards:languages"), _("Speakers, and the artefacts that name each.")),
        (_("Commons"), reverse("dashboards:commons"), _("Every artefact in the catalogue, newest first.")),
        (_("Awards"), reverse("dashboards:awards"), _("Every award, with GPU-hours granted and used.")),
        (_("Metrics"), reverse("dashboards:methods"), _("The definition of every metric.")),
    ]  # fmt: skip
    tables += [
        _yearly(each)
        for each in YearlyTable.objects.annotate(since=Min("values__year"), until=Max("values__year"))
    ]
    return Figure(
        slug="tables",
        title=_("Tables"),
        sentence=_(
            "Each is a page; with ?format=csv or ?format=json its address answers the same rows as data."
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
        "since": table.since,
        "until": table.until,
        "publisher": table.publisher,
        "licence": table.licence,
    }
    return table.title, reverse("dashboards:yearly", args=[table.slug]), holds


def metrics_figure() -> Figure:
    """Every metric as data: from the baseline, and from the Mission's own rows."""
    baseline = [
        (c.slug, str(c.label), str(c.noun), str(c.definition), _("GitHub Innovation Graph, CC0-1.0"), "")
        for c in COUNTED.values()
    ]
    own = [
        (m.slug, str(m.label), str(m.unit), str(m.definition), str(m.source), str(m.gaming))
        for m in METRICS.values()
    ]
    keys = ("slug", "metric", "unit", "definition", "source", "gaming")
    return Figure(
        slug="metrics",
        title=_("What each metric counts"),
        sentence="",
        columns=(
            Column("slug", _("Name in data"), in_table=False),
            Column("metric", _("Metric"), names=True),
            Column("unit", _("Unit")),
            Column("definition", _("Definition")),
            Column("source", _("Source")),
            Column("gaming", _("How it can be gamed")),
        ),
        rows=tuple(Row(values[0], dict(zip(keys, values, strict=True))) for values in [*baseline, *own]),
        source=Source(_("This site")),
        open_table=True,
    )

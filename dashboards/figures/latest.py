"""Every metric of one nation in one month, under the headings of /methods/, each opened by a link."""

import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.measures import Amount, Metric
from contributions.opened import Published, published
from dashboards.charts.figure import Column, Empty, Figure, Row, Source
from dashboards.figures.added import reading_of
from dashboards.figures.numbers import address
from dashboards.figures.places import Place
from dashboards.measures import EVERY_METRIC
from dashboards.updates import Updates
from mission import numerals

GROUPS = {
    "acts": gettext_lazy("Contributions"),
    "upstream": gettext_lazy("Upstream"),
    "talent": gettext_lazy("People"),
    "lineage": gettext_lazy("Building on each other"),
    "adoption": gettext_lazy("Adoption"),
    "languages": gettext_lazy("Languages"),
    "openness": gettext_lazy("Openness"),
    "running": gettext_lazy("Where models run"),
    "compute": gettext_lazy("Compute given"),
    "evidence": gettext_lazy("Evidence"),
}
SHARES = frozenset({Amount.RATIO, Amount.TOP_SHARE})


def group_name(metric: Metric) -> str:
    return str(GROUPS.get(metric.group, metric.group))


def latest_figure(place: Place, month: datetime.date | None, *, slug: str = "latest") -> Figure:
    """One query. `month`: the last that is over with something in it; None where there is none."""
    found = published(month, (place.code, False)) if month else ()
    cells = {cell.metric: cell for cell in found if cell.computed_at}
    shown = [metric for slug, metric in EVERY_METRIC.items() if slug in cells]
    when = numerals.date(month, "F Y") if month else ""
    return Figure(
        slug=slug,
        title=_("%(nation)s in %(month)s, by every metric") % {"nation": place.name, "month": when}
        if month
        else _("%(nation)s by every metric") % {"nation": place.name},
        sentence=_("Each figure opens to the rows it was counted from."),
        columns=(
            Column("metric", _("Metric"), names=True),
            Column("group", _("Subject")),
            Column("slug", _("Name in data"), in_table=False),
            Column("remark", _("Remark")),
            Column("unit", _("Unit")),
            Column("value", _("Figure"), number=True, decimals=2, bounded=True),
        ),
        rows=tuple(_row(place, metric, cells[metric.slug], month) for metric in shown if month),
        source=Source(
            _("GitHub, Hugging Face and the Mission's ledger"),
            retrieved=max((cell.computed_at for cell in cells.values() if cell.computed_at), default=None),
            updates=Updates.ROLLUPS,
        ),
        note=_("What has no row in the month is left out: nothing of it fell to the nation."),
        empty=Empty(
            _("No figure of %(nation)s yet") % {"nation": place.name},
            _("Figures appear here once accounts on GitHub or Hugging Face are tied to it."),
        ),
    )


def _row(place: Place, metric: Metric, cell: Published, month: datetime.date) -> Row:
    remark = _("spike") if cell.spike else ""
    return Row(
        metric.slug,
        {
            "metric": str(metric.label),
            "group": group_name(metric),
            "value": reading_of(cell.lower, cell.upper, cell.suppressed),
            "unit": str(metric.unit),
            "remark": remark,
            "slug": metric.slug,
        },
        links={"value": address(metric.slug, place.code, month)},
    )

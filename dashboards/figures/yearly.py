"""A yearly table of another publisher, as its description says."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from contributions.models import YearlyTable, YearlyValue
from contributions.yearly_schema import read_schema
from dashboards.charts.figure import Cell, Column, Empty, Figure, Reading, Row, Source
from mission.numerals import native


def yearly_figure(table: YearlyTable, values: Iterable[YearlyValue]) -> Figure:
    """No query beyond `values`, which bring their nations."""
    fields = read_schema(table.schema).fields
    dimension = fields.get("dimension")
    decimals = 0 if fields["value"].type == "integer" else 2
    columns = [
        Column("nation", _("Nation"), names=True),
        Column("code", _("Code"), in_table=False),
        Column("year", _("Year")),
        *([Column("dimension", dimension.name)] if dimension else []),
        Column("value", _("Value"), number=True, decimals=decimals, unit=table.unit),
    ]
    return Figure(
        slug="yearly",
        title=_("%(title)s, by nation and year") % {"title": table.title},
        sentence="",
        columns=tuple(columns),
        rows=tuple(_row(value, dimension is not None) for value in values),
        source=Source(table.publisher, table.source_url, table.licence, table.retrieved_at),
        open_table=True,
        note=_("A nation and year that is not here is unknown, never zero."),
        empty=Empty(_("This table holds no values")),
    )


def _row(value: YearlyValue, has_dimension: bool) -> Row:
    cells: dict[str, Cell] = {
        "nation": str(value.nation),
        "code": value.nation_id,
        "year": native(str(value.year)),
        "value": Reading.of(value.value),
    }
    if has_dimension:
        cells["dimension"] = value.dimension
    return Row(str(value.pk), cells, url=reverse("dashboards:nation", args=[value.nation_id]))

"""What a figure is set against: people, developers on GitHub, or the economy."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.models import Baseline, BaselineMetric, YearlyTable, YearlyValue
from dashboards.charts.figure import SUPPRESSED, UNKNOWN, Known, Reading
from dashboards.charts.words import Amount
from dashboards.figures.baseline import latest_quarter
from dashboards.figures.places import Place, places
from mission.numerals import native
from mission.remembered import Subject, remembered_while

NOTHING = Decimal(0)
GDP = "gdp"  # the name of the yearly table, see docs/yearly-tables.md
TOTAL = "total"
CHOICES: list[tuple[str, Any]] = [
    (TOTAL, gettext_lazy("in total")),
    ("people", gettext_lazy("per million people")),
    ("developers", gettext_lazy("per 1,000 developers on GitHub")),
    ("gdp", gettext_lazy("per billion of GDP")),
]


@dataclass(frozen=True, slots=True)
class Denominator:
    """`scale`: per how many. `missing`: what a nation without a value has."""

    key: str
    label: str
    scale: int
    values: Mapping[str, Amount]
    note: str
    missing: Reading = UNKNOWN

    def divide(self, code: str, reading: Reading) -> Reading:
        """Both bounds by the same number. What is suppressed stays so."""
        lower, upper = reading.lower, reading.upper
        if lower is None and upper is None:
            return reading
        whole = self.values.get(code)
        if not whole:
            return self.missing
        most = self._of(upper, whole)
        return Reading(most if lower == upper else self._of(lower, whole), most, reading.status)

    def _of(self, part: Amount | None, whole: Amount) -> Decimal | None:
        """Decimal, so that halves are rounded as people and tables do."""
        if not part:  # most are nothing at all
            return None if part is None else NOTHING
        return round(Decimal(part) * self.scale / Decimal(whole), 8)


@remembered_while(Subject.FIGURES)
def gdp_table() -> YearlyTable | None:
    """One query."""
    return YearlyTable.objects.filter(slug=GDP).first()


def no_gdp() -> str:
    return _(
        "No table of GDP has been loaded, so nothing can be told per GDP yet. Whoever runs this site loads "
        "one with: manage.py import_table"
    )


@remembered_while(Subject.FIGURES)
def set_against(key: str) -> Denominator | None:
    """As a form's `per` names it; None for figures in total. No query for people, two for the others."""
    if key == "people":
        return per_people(places())
    if key == "developers":
        return _per_developers()
    table = gdp_table() if key == GDP else None
    return _per_gdp(table) if table else None


def per_people(places: Mapping[str, Place]) -> Denominator:
    people = {code: place.population for code, place in places.items() if place.population}
    note = _("People: GeoNames. Where their number is not known, neither is the figure per head.")
    return Denominator("people", _("per million people"), 1_000_000, people, note)


def _per_developers() -> Denominator:
    quarter = latest_quarter(BaselineMetric.DEVELOPERS)
    found: dict[str, int] = {}
    if quarter:
        rows = Baseline.objects.nations().of(BaselineMetric.DEVELOPERS).quarter(quarter.year, quarter.number)
        found = dict(rows.order_by().values_list("economy", "value"))
    note = _(
        "Developers: accounts on GitHub by the Innovation Graph, %(quarter)s; withheld where there are fewer "
        "than 100."
    ) % {"quarter": quarter or "…"}
    return Denominator(
        "developers",
        _("per 1,000 developers on GitHub"),
        1000,
        found,
        note,
        SUPPRESSED if found else UNKNOWN,
    )


def _per_gdp(table: YearlyTable) -> Denominator:
    rows = YearlyValue.objects.filter(table=table, dimension="").order_by("nation_id", "-year")
    found: dict[str, Decimal] = {}
    years = set()
    for nation, year, value in rows.distinct("nation_id").values_list("nation_id", "year", "value"):
        found[nation] = value
        years.add(year)
    note = _(
        "GDP: %(publisher)s, %(unit)s, the newest year of each nation (%(first)s to %(last)s)."
    ) % {
        "publisher": table.publisher,
        "unit": table.unit,
        "first": native(str(min(years, default="…"))),
        "last": native(str(max(years, default="…"))),
    }  # fmt: skip
    label = _("per billion of GDP, %(unit)s") % {"unit": table.unit}
    return Denominator("gdp", label, 1_000_000_000, found, note)


def ranked(reading: Reading) -> bool:
    """Whether both ends are known well enough for a rank: not suppressed, unknown, or only “at least”."""
    return reading.upper is not None and reading.status in {Known.KNOWN, Known.AT_MOST}

"""Give and take: who built on whose models and data, from stored pairs, never from the steps themselves."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Max, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contributions.measures.cells import Place as Where
from contributions.measures.metric import later
from contributions.models import Exchange, LinkKind
from dashboards.charts import words
from dashboards.charts.figure import Cell, Column, Empty, Figure, Reading, Row, Source
from dashboards.charts.matrix import Matrix
from dashboards.figures.places import Place
from dashboards.updates import Updates
from mission import numerals
from mission.remembered import Subject, remembered_while

UNKNOWN, INTERNATIONAL = "unknown", "international"
NOWHERE: dict[str, Where] = {UNKNOWN: (None, False), INTERNATIONAL: (None, True)}
LARGEST = 8
KINDS: dict[str, tuple[str, ...]] = {
    "model": (LinkKind.BASE, LinkKind.FINETUNE, LinkKind.ADAPTER, LinkKind.QUANTIZED, LinkKind.MERGE),
    "dataset": (LinkKind.DATASET,),
    "benchmark": (LinkKind.EVALUATED,),
}
Bounds = tuple[Decimal, Decimal]


@dataclass
class Exchanged:
    """Shown pairs of a period, added up. Keys are codes of nations, or one of the two others."""

    kinds: tuple[str, ...]
    first: datetime.date | None = None
    last: datetime.date | None = None
    computed: datetime.datetime | None = None
    pairs: dict[tuple[str, str], Bounds] = field(default_factory=dict)

    def given(self, giver: str) -> dict[str, Bounds]:
        """To others, largest first."""
        return _sorted({to: both for (by, to), both in self.pairs.items() if by == giver != to})

    def taken(self, taker: str) -> dict[str, Bounds]:
        return _sorted({by: both for (by, to), both in self.pairs.items() if to == taker != by})

    def places(self) -> list[str]:
        """By how much they gave to and took from others, largest first."""
        weight: dict[str, Decimal] = defaultdict(Decimal)
        for (giver, taker), (_lower, upper) in self.pairs.items():
            for place in {giver, taker}:
                weight[place] += upper
        return sorted(weight, key=lambda place: (place in NOWHERE, -weight[place], place))


def _sorted(pairs: dict[str, Bounds]) -> dict[str, Bounds]:
    return dict(sorted(pairs.items(), key=lambda item: (-item[1][1], item[0])))


def kinds_of(asked: str) -> tuple[str, ...]:
    """Kinds of link: those asked for, or all."""
    return tuple(str(kind) for kind in KINDS.get(asked, LinkKind.values))


@remembered_while(Subject.FIGURES)
def exchanged(kinds: tuple[str, ...], months: int) -> Exchanged:
    """Two queries. The months up to the last one with any step; only cells that may be shown."""
    told = Exchange.objects.aggregate(last=Max("month"), computed=Max("computed_at"))
    last = told["last"]
    if last is None:
        return Exchanged(kinds)
    first = later(last, 1 - months)
    found = Exchanged(kinds, first, last, told["computed"])
    rows = Exchange.objects.filter(month__gte=first, kind__in=kinds, suppressed=False).order_by()
    ends = ("giver", "giver_international", "taker", "taker_international")
    sums = rows.values_list(*ends).annotate(low=Sum("lower"), high=Sum("upper"))
    for giver, from_all, taker, to_all, low, high in sums:
        found.pairs[_code(giver, from_all), _code(taker, to_all)] = (low or Decimal(0), high)
    return found


def _code(nation: str | None, international: bool) -> str:
    return INTERNATIONAL if international else nation or UNKNOWN


def name_of(code: str, places: Mapping[str, Place]) -> str:
    if code in NOWHERE:
        return _("Unknown origin") if code == UNKNOWN else _("International")
    return places[code].name if code in places else code


def _link(code: str, months: int, kind: str) -> str:
    """To the chosen nation's own list."""
    return "" if code in NOWHERE else f"?nation={code}&months={months}&kind={kind}#given"


def matrix_figure(found: Exchanged, places: Mapping[str, Place], months: int, kind: str) -> Figure:
    shown = found.places()[:LARGEST] + [code for code in NOWHERE if code in found.places()[LARGEST:]]
    return Figure(
        slug="matrix",
        title=takeaway(found, places),
        sentence=period(found),
        columns=(
            Column("code", _("Code"), in_table=False),
            Column("giver", _("Given by"), names=True),
            *(Column(code, _("to %(nation)s") % {"nation": name_of(code, places)}, number=True, decimals=1,
                     bounded=True) for code in shown),
        ),
        rows=tuple(
            Row(
                code,
                {
                    "code": code,
                    "giver": name_of(code, places),
                    **{to: _cell(found.pairs.get((code, to))) for to in shown},
                },
                url=_link(code, months, kind),
            )
            for code in shown
        ),
        source=_source(found),
        unit=_("steps of lineage"),
        note=explained(),
        chart=Matrix(tuple(shown)),
        empty=_nothing(),
    )  # fmt: skip


def balance_figure(found: Exchanged, places: Mapping[str, Place], months: int, kind: str) -> Figure:
    """Given, taken, at home, and what is left when the two are set against each other: a row a place."""
    return Figure(
        slug="balance",
        title=_("Given and taken, nation by nation"),
        sentence=_("The balance is what others took less what was taken from others, under all evidence."),
        columns=(
            Column("code", _("Code"), in_table=False),
            Column("nation", _("Nation"), names=True),
            Column("given", _("Given to others"), number=True, decimals=1, bounded=True),
            Column("taken", _("Taken from others"), number=True, decimals=1, bounded=True),
            Column("home", _("At home"), number=True, decimals=1, bounded=True),
            Column("balance", _("Balance"), number=True, decimals=1),
        ),
        rows=tuple(_balance_row(code, found, places, months, kind) for code in found.places()),
        source=_source(found),
        unit=_("steps of lineage"),
        note=_(
            "Sums of what may be shown: months and pairs about fewer than ten people are left out. Where a "
            "field is empty, nothing may be shown or there was nothing."
        ),
        open_table=len(found.places()) <= 2 * LARGEST,
        empty=_nothing(),
    )  # fmt: skip


def _balance_row(code: str, found: Exchanged, places: Mapping[str, Place], months: int, kind: str) -> Row:
    given, taken = _total(found.given(code)), _total(found.taken(code))
    cells: dict[str, Cell] = {
        "code": code,
        "nation": name_of(code, places),
        "given": Reading(*given) if any(given) else None,
        "taken": Reading(*taken) if any(taken) else None,
        "home": None if code == UNKNOWN else _cell(found.pairs.get((code, code))),
        "balance": Reading.of(given[1] - taken[1]) if any((*given, *taken)) else None,
    }
    return Row(code, cells, url=_link(code, months, kind))


def _total(pairs: Mapping[str, Bounds]) -> Bounds:
    return sum((low for low, _h in pairs.values()), Decimal(0)), sum(
        (h for _l, h in pairs.values()), Decimal(0)
    )


def side_figure(
    found: Exchanged, place: Place, places: Mapping[str, Place], *, gives: bool, asked: str, narrowed: bool
) -> Figure:
    """To whom the nation gave, or from whom it took; each opens to the steps behind it. `narrowed`: a longer
    time or more kinds could be asked for."""
    pairs = found.given(place.code) if gives else found.taken(place.code)
    title = (_("Who built on what %(nation)s published") if gives else _("What %(nation)s built on")) % {
        "nation": place.name
    }
    way = "to" if gives else "from"
    return Figure(
        slug="given" if gives else "taken",
        title=title,
        sentence=period(found),
        columns=(
            Column("code", _("Code"), in_table=False),
            Column("nation", _("Nation"), names=True),
            Column("steps", _("Steps of lineage"), number=True, decimals=1, bounded=True),
        ),
        rows=tuple(
            Row(
                code,
                {"code": code, "nation": name_of(code, places), "steps": Reading(*both)},
                url=f"?{asked}&{way}={code}#links",
            )
            for code, both in pairs.items()
        ),
        source=_source(found),
        unit=_("steps of lineage"),
        note=explained(),
        open_table=True,
        empty=Empty(
            _("Nothing to show for %(nation)s in this time") % {"nation": place.name},
            _("There was none, or it is about fewer than ten people. Choose a longer time or every kind.")
            if narrowed
            else _("There was none, or it is about fewer than ten people."),
        ),
    )  # fmt: skip


def _cell(both: Bounds | None) -> Reading | None:
    return Reading(*both) if both else None


def _source(found: Exchanged) -> Source:
    return Source(
        _("Lineage on Hugging Face, attributed by the Mission"),
        retrieved=found.computed,
        updates=Updates.EXCHANGE,
    )


def _nothing() -> Empty:
    return Empty(
        _("No steps of lineage are known for this choice"),
        _("They appear once models that name what they were made from are looked at and attributed."),
        reverse("dashboards:commons"),
        _("See the commons"),
    )


def explained() -> str:
    return _(
        "A step is one model, dataset or application that names one other as what it was made from, trained "
        "on or measured on; shared by fractions where either side has several nations. Copies and machines "
        "are left out. Where a field is empty there was none, or it is about fewer than ten people: which "
        "of the two is not told."
    )


def takeaway(found: Exchanged, places: Mapping[str, Place]) -> str:
    """The pair of nations with most steps; home does not count."""
    abroad = {
        (giver, taker): both
        for (giver, taker), both in found.pairs.items()
        if giver != taker and not {giver, taker} & NOWHERE.keys()
    }
    if not abroad:
        return _("Who builds on whose models and data")
    giver, taker = max(sorted(abroad), key=lambda pair: abroad[pair][1])
    count = abroad[giver, taker][1]
    told = ngettext(
        "Most between two nations: %(taker)s built on %(giver)s, %(count)s time",
        "Most between two nations: %(taker)s built on %(giver)s, %(count)s times",
        1 if count == 1 else max(2, round(count)),
    )
    return told % {
        "taker": name_of(taker, places),
        "giver": name_of(giver, places),
        "count": words.brief(count),
    }


def period(found: Exchanged) -> str:
    if not found.first or not found.last:
        return ""
    return _("From %(first)s to %(last)s. Months are those in which the later work was published.") % {
        "first": numerals.date(found.first, "F Y"),
        "last": numerals.date(found.last, "F Y"),
    }

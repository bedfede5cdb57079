"""Give and take of one nation: who builds on it, and on whom it builds. From stored pairs."""

import datetime
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Max, Q, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from contributions.measures.metric import later
from contributions.models import Exchange
from dashboards.charts import words
from dashboards.charts.figure import Cell, Column, Empty, Figure, Reading, Row, Source
from dashboards.figures.exchange import INTERNATIONAL, NOWHERE, UNKNOWN, explained, name_of
from dashboards.figures.places import Place
from dashboards.updates import Updates
from mission.remembered import Subject, remembered_while
from mission.written import written_once

MONTHS = 24
MOST = 6
Pairs = dict[str, dict[str, Reading]]  # by partner: given, taken


def partners(place: Place) -> tuple[Pairs, datetime.datetime | None]:
    """Two queries: the last month, and this nation's pairs of two years."""
    last, computed = newest()
    found: Pairs = defaultdict(dict)
    if last:
        first = later(last, 1 - MONTHS)
        for giver, from_all, taker, to_all, low, high in _pairs(place.code, first):
            gave = giver == place.code
            if gave and taker == place.code:
                continue
            other = _code(taker, to_all) if gave else _code(giver, from_all)
            found[other]["given" if gave else "taken"] = Reading(low or Decimal(0), high)
    return found, computed


@written_once
def _pairs(code: str, first: datetime.date) -> "QuerySet[Exchange, tuple[Any, ...]]":
    own = Q(giver=code) | Q(taker=code)
    rows = Exchange.objects.filter(own, month__gte=first, suppressed=False).order_by()
    ends = ("giver_id", "giver_international", "taker_id", "taker_international")
    return rows.values_list(*ends).annotate(low=Sum("lower"), high=Sum("upper"))


@remembered_while(Subject.FIGURES)
def newest() -> tuple[datetime.date | None, datetime.datetime | None]:
    """The last month with any step, and when anything was computed last. One query."""
    told = Exchange.objects.aggregate(last=Max("month"), computed=Max("computed_at"))
    return told["last"], told["computed"]


def _code(nation: str | None, international: bool) -> str:
    return INTERNATIONAL if international else nation or UNKNOWN


def partners_figure(place: Place, places: Mapping[str, Place], *, slug: str = "partners") -> Figure:
    """Two queries."""
    found, computed = partners(place)
    weight = {code: sum(float(one.upper or 0) for one in pair.values()) for code, pair in found.items()}
    order = sorted(found, key=lambda code: (-weight[code], code))
    return Figure(
        slug=slug,
        title=takeaway(place, places, found),
        sentence=_("Steps of lineage in two years: what was made from, trained on or measured on others."),
        columns=columns(place),
        rows=tuple(_row(code, found[code], places) for code in order[:MOST]),
        source=Source(
            _("Lineage on Hugging Face, attributed by the Mission"),
            retrieved=computed,
            updates=Updates.EXCHANGE,
        ),
        unit=_("steps of lineage"),
        note=explained(),
        open_table=True,
        empty=Empty(
            _("No step between %(nation)s and another nation can be shown") % {"nation": place.name},
            _("There was none in two years, or it is about fewer than ten people."),
            f"{reverse('dashboards:exchange')}?nation={place.code}",
            _("Give and take"),
        ),
    )


def columns(place: Place) -> tuple[Column, ...]:
    given = _("They built on %(nation)s") % {"nation": place.name}
    taken = _("%(nation)s built on them") % {"nation": place.name}
    return (
        Column("partner", _("With"), names=True),
        Column("code", _("Code"), in_table=False),
        Column("given", given, number=True, decimals=1, bounded=True),
        Column("taken", taken, number=True, decimals=1, bounded=True),
    )


def _row(code: str, pair: Mapping[str, Reading], places: Mapping[str, Place]) -> Row:
    cells: dict[str, Cell] = {
        "partner": name_of(code, places),
        "code": code,
        "given": pair.get("given"),
        "taken": pair.get("taken"),
    }
    return Row(code, cells, url=places[code].url if code in places else "")


def takeaway(place: Place, places: Mapping[str, Place], found: Pairs) -> str:
    takers = {
        code: float(pair["given"].upper or 0)
        for code, pair in found.items()
        if "given" in pair and code not in NOWHERE
    }
    facts = {"nation": place.name}
    if not takers:
        return _("Who builds on %(nation)s, and on whom it builds") % facts
    first = max(sorted(takers), key=lambda code: takers[code])
    facts |= {"taker": name_of(first, places), "count": words.brief(takers[first])}
    return _("%(taker)s builds on %(nation)s most: %(count)s times in two years") % facts

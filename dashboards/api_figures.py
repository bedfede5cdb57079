"""/api/rollups/, /api/baseline/, /api/exchange/, /api/releases/: every figure as the pages show it."""

from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from contributions.models import Baseline, Exchange, Rollup
from dashboards.api_shapes import BASELINE_PAGE, EXCHANGE_PAGE, RELEASE_PAGE, ROLLUP_PAGE
from dashboards.charts.figure import Known, plain
from dashboards.exports import json_cell
from dashboards.figures.added import reading_of
from dashboards.figures.exchange import INTERNATIONAL, NOWHERE, UNKNOWN
from dashboards.figures.numbers import address
from dashboards.forms.api import BaselineFilters, ExchangeFilters, RollupFilters
from dashboards.freshness import fresh
from dashboards.measures import EVERY_METRIC
from dashboards.models import DataRelease
from mission.access import requires
from mission.api import Filters, asked, keyset
from mission.openapi import parameters

STATUS: dict[str, Q] = {
    Known.KNOWN: Q(suppressed=False, lower__isnull=False),
    Known.AT_MOST: Q(suppressed=False, lower=None, upper__isnull=False),
    Known.SUPPRESSED: Q(suppressed=True) | Q(upper=None),
    Known.AT_LEAST: Q(pk__in=()),  # sums alone may be so, and these are single months
    Known.UNKNOWN: Q(pk__in=()),  # of what is unknown there is no row
}


def code_of(nation: str | None, international: bool) -> str:
    return INTERNATIONAL if international else nation or UNKNOWN


def at(code: str, column: str, international: str) -> Q:
    """Rows of a place: a nation's code in either case, or one of the two others."""
    nation, is_international = NOWHERE.get(code.lower(), (code.upper(), False))
    return Q(**{column: nation, international: is_international})


def in_months(rows: "QuerySet[Any]", said: dict[str, Any]) -> "QuerySet[Any]":
    if since := said.get("since"):
        rows = rows.filter(month__gte=f"{since}-01")
    if until := said.get("until"):
        rows = rows.filter(month__lte=f"{until}-01")
    return rows


@requires("public.read")
@fresh
@extend_schema(
    operation_id="rollups_list",
    summary="Figures by nation, month and metric, in the order of metric and month",
    parameters=parameters(RollupFilters),
    responses=ROLLUP_PAGE,
)
@api_view(["GET"])
def rollups(request: Request) -> Response:
    """A month without a row had nothing. Suppressed figures have no bounds and are not zero; `at_most`
    has an upper bound only. Figures of a `cumulative` metric are states: never add months up."""
    said = asked(request, RollupFilters)
    rows = in_months(Rollup.objects.fresh(), said)
    if metric := said.get("metric"):
        rows = rows.filter(metric=metric)
    if place := said.get("nation"):
        rows = rows.filter(at(place, "nation", "international"))
    if status := said.get("status"):
        rows = rows.filter(STATUS[status])

    def shape(cell: Rollup) -> dict[str, Any]:
        return rollup(request, cell)

    return keyset(request, rows, ("metric", "month", "id"), said, shape)


def rollup(request: Request, cell: Rollup) -> dict[str, Any]:
    place = code_of(cell.nation_id, cell.international)
    known = cell.metric in EVERY_METRIC
    opened = request.build_absolute_uri(address(cell.metric, place, cell.month)) if known else None
    return {
        "metric": cell.metric,
        "nation": place,
        "month": f"{cell.month:%Y-%m}",
        **bounds(cell.lower, cell.upper, cell.suppressed),
        "unknown_share": plain(cell.unknown_share),
        "top_share": plain(cell.top_share),
        "spike": cell.spike,
        "rule_version": cell.rule_version,
        "computed_at": cell.computed_at,
        "opened_at": opened,
    }


def bounds(lower: Decimal | None, upper: Decimal | None, suppressed: bool) -> dict[str, Any]:
    """As every figure's JSON has them."""
    read: dict[str, Any] = json_cell(reading_of(lower, upper, suppressed))
    return read


@requires("public.read")
@fresh
@extend_schema(
    operation_id="baseline_list",
    summary="The GitHub Innovation Graph: what each nation does there, by quarter",
    parameters=parameters(BaselineFilters),
    responses=BASELINE_PAGE,
)
@api_view(["GET"])
def baseline(request: Request) -> Response:
    """A denominator, not the Mission's output. What has no row its publisher suppressed (fewer than 100
    developers): it is not zero. The European Union is left out, because its members are in."""
    said = asked(request, BaselineFilters)
    rows = Baseline.objects.nations()
    if metric := said.get("metric"):
        rows = rows.filter(metric=metric)
    if nation := said.get("nation"):
        rows = rows.filter(economy=nation.upper())
    if dimension := said.get("dimension"):
        rows = rows.filter(dimension=dimension)
    for name, way in (("since", "gt"), ("until", "lt")):
        if quarter := said.get(name):
            year, number = int(quarter[:4]), int(quarter[-1])
            within = Q(**{"year": year, f"quarter__{way}e": number})
            rows = rows.filter(Q(**{f"year__{way}": year}) | within)
    order = ("metric", "economy", "year", "quarter", "dimension")
    return keyset(request, rows, order, said, quarterly)


def quarterly(row: Baseline) -> dict[str, Any]:
    return {
        "metric": row.metric,
        "nation": row.economy,
        "quarter": f"{row.year}-Q{row.quarter}",
        "dimension": row.dimension or None,
        "value": row.value,
    }


@requires("public.read")
@fresh
@extend_schema(
    operation_id="exchange_list",
    summary="Give and take: who built on whose work, by month and kind of step",
    parameters=parameters(ExchangeFilters),
    responses=EXCHANGE_PAGE,
)
@api_view(["GET"])
def exchange(request: Request) -> Response:
    """Steps of lineage, shared among givers and takers. Pairs about fewer than ten people are left out,
    as on /give-and-take/: what is missing is not zero."""
    said = asked(request, ExchangeFilters)
    rows = in_months(Exchange.objects.filter(suppressed=False, upper__isnull=False), said)
    if kind := said.get("kind"):
        rows = rows.filter(kind=kind)
    for side in ("giver", "taker"):
        if place := said.get(side):
            rows = rows.filter(at(place, side, f"{side}_international"))
    return keyset(request, rows, ("month", "id"), said, step)


def step(pair: Exchange) -> dict[str, Any]:
    return {
        "giver": code_of(pair.giver_id, pair.giver_international),
        "taker": code_of(pair.taker_id, pair.taker_international),
        "month": f"{pair.month:%Y-%m}",
        "kind": pair.kind,
        **bounds(pair.lower, pair.upper, pair.suppressed),
        "rule_version": pair.rule_version,
        "computed_at": pair.computed_at,
    }


@requires("public.read")
@fresh
@extend_schema(
    operation_id="releases_list",
    summary="Dated releases of all tables, newest first",
    parameters=parameters(Filters),
    responses=RELEASE_PAGE,
)
@api_view(["GET"])
def releases(request: Request) -> Response:
    """A release never changes: cite it, and take whole tables from its page."""
    said = asked(request, Filters)

    def shape(one: DataRelease) -> dict[str, Any]:
        page = request.build_absolute_uri(reverse("dashboards:release", args=[one.name]))
        facts = {"name": one.name, "published_at": one.published_at, "rows": one.rows}
        return {**facts, "sha256": one.digest, "url": page}

    return keyset(request, DataRelease.objects.published(), ("-published_at", "-id"), said, shape)

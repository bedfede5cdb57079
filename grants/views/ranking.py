"""/desk/calls/<slug>/ranking/: who stands where, and where the budget ends as amounts change."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from grants.forms.ranking import AmountsForm, plain_money
from grants.models import Call
from grants.models.amounts import amount_in_words
from grants.models.gpu_time import plain_hours
from grants.models.ranking import Budget, budget_of, decided, ranking
from grants.open_data import as_data, asked_for
from mission.access import may, requires
from mission.people_of import person

PAGE = 50


@requires("desk.open")
def desk_ranking(request: HttpRequest, slug: str) -> HttpResponse:
    """Amounts tried are in the address: it can be sent to a colleague, and works without a script."""
    call = get_object_or_404(Call.objects.select_related("programme"), slug=slug)
    amounts = AmountsForm(call, request.GET)
    rows = ranking(call, person(request), amounts.tried())
    if asked_for(request):
        return as_data("ranking", [as_row(row, call) for row in rows], asked_for(request))
    budget = budget_of(call, rows)
    pages = Paginator(rows.select_related("organisation__nation"), PAGE)
    pages.count = budget.rows  # counted already
    page = pages.get_page(request.GET.get("page"))
    shown = list(page.object_list)
    superfluous = amounts.superfluous(shown)
    if superfluous:
        return redirect(f"{request.path}?{without(request.GET, superfluous)}")
    context = {"call": call, "page": page, "budget": budget, "may_decide": may(request.user, "award.write")}
    context |= {"lines": lines(shown, budget, amounts), "elsewhere": elsewhere(amounts, shown)}
    context["free"] = {
        "hours": plain_hours(call.free_gpu_ms) if call.budget_gpu_ms else "",
        "money": plain_money(call.free_money) if call.budget_money else "",
    }
    context |= {"before": before(shown), "over": over(call, budget), "errors": bool(amounts.errors)}
    return render(request, "grants/desk/ranking.html", context, status=422 if amounts.errors else 200)


def lines(shown: Iterable[Any], budget: Budget, amounts: AmountsForm) -> list[dict[str, Any]]:
    """Each row with what its fields show; `ends` where the budget ends just above it."""
    return [
        {
            "application": row,
            "ends": row.rank == budget.fits + 1,
            "beyond": row.rank > budget.fits,
            **amounts.typed(row),
        }
        for row in shown
    ]


def before(shown: list[Any]) -> dict[str, str]:
    """What the rows on earlier pages take, for static/ranking.js."""
    if not shown:
        return {"hours": "0", "money": "0"}
    first = shown[0]
    return {
        "hours": plain_hours(first.sum_gpu_ms - first.amount_gpu_ms),
        "money": plain_money(first.sum_money - first.amount_money),
    }


def over(call: Call, budget: Budget) -> str:
    """How much more all of them would take than there is; empty where there is enough."""
    gpu_ms = max(budget.gpu_ms - call.free_gpu_ms, 0)
    money = max(budget.money - call.free_money, Decimal(0))
    return amount_in_words(gpu_ms, money, call.currency) if gpu_ms or money else ""


def elsewhere(amounts: AmountsForm, shown: list[Any]) -> list[tuple[str, str]]:
    """Amounts tried on other pages, which this page's form must not forget."""
    here = {row.reference for row in shown}
    return [(name, amounts.data[name]) for name in amounts.fields if name[2:] not in here]


def without(query: QueryDict, names: set[str]) -> str:
    kept = query.copy()
    for name in names | {"pick"}:
        kept.pop(name, None)
    return kept.urlencode()


def as_row(row: Any, call: Call) -> dict[str, Any]:
    """One line of the file."""
    return {
        "rank": row.rank,
        "reference": row.reference,
        "title": row.title,
        "state": str(row.status),
        "score": row.standing,
        "by_panel": row.panel_total is not None,
        "requested_gpu_hours": plain_hours(row.requested_gpu_ms),
        "recommended_gpu_hours": None
        if row.recommended_gpu_ms is None
        else plain_hours(row.recommended_gpu_ms),
        "amount_gpu_hours": plain_hours(row.amount_gpu_ms),
        "requested_money": row.requested_money,
        "recommended_money": row.recommended_money,
        "amount_money": row.amount_money,
        "currency": call.currency,
    }


@requires("desk.open")
def desk_decided(request: HttpRequest, slug: str) -> HttpResponse:
    """What was decided: requested, recommended and awarded side by side."""
    call = get_object_or_404(Call.objects.select_related("programme"), slug=slug)
    page = Paginator(decided(call, person(request)), PAGE).get_page(request.GET.get("page"))
    return render(request, "grants/desk/ranking_decided.html", {"call": call, "page": page})

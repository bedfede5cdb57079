"""Proving stored rollups: each month counted again from its rows, and held against what is stored."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction

from contributions import give_and_take
from contributions.actions.exchange import due
from contributions.measures import Metric
from contributions.measures.cells import Place
from contributions.models import Exchange, Rollup
from contributions.recount import months_of, recount

TOLD = ("lower", "upper", "suppressed", "unknown_share", "top_share", "spike")
Facts = tuple[object, ...]


@dataclass
class Proof:
    """Of one metric. `waiting`: months that are stale, so that their figures are known to be of yesterday."""

    metric: str
    months: int = 0
    cells: int = 0
    waiting: int = 0
    differences: list[str] = field(default_factory=list)


def prove(metric: Metric) -> Proof:
    """Month by month, each seen at one moment though others write meanwhile."""
    proof = Proof(metric.slug)
    for month in months_of(metric):
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            _prove(metric, month, proof)
    return proof


def prove_exchange() -> Proof:
    """Give and take, made of the steps of lineage: the same, pair by pair."""
    proof = Proof("exchange", months=len(give_and_take.months()), cells=Exchange.objects.count())
    late = {f"{month:%Y-%m}" for month in due()}
    proof.waiting = len(late)
    proof.differences += [
        line for line in give_and_take.differences() if not any(f" {month} " in line for month in late)
    ]
    return proof


def _prove(metric: Metric, month: datetime.date, proof: Proof) -> None:
    there = Rollup.objects.current().filter(metric=metric.slug, month=month).order_by()
    stored: dict[Place, Facts] = {}
    for nation, international, stale, *facts in there.values_list(
        "nation", "international", "stale", *TOLD, "rule_version"
    ):
        if stale:
            proof.waiting += 1
            return
        stored[nation, international] = tuple(facts)
    counted: dict[Place, Facts] = {
        figure.place: (*(getattr(figure, name) for name in TOLD), metric.rule_version)
        for figure in recount(metric, month)
    }
    proof.months += bool(counted or stored)
    proof.cells += len(counted.keys() | stored.keys())
    proof.differences += _differences(metric, month, stored, counted)


def _differences(
    metric: Metric, month: datetime.date, stored: dict[Place, Facts], counted: dict[Place, Facts]
) -> Iterator[str]:
    for nation, international in sorted(stored.keys() | counted.keys(), key=str):
        place = nation or ("international" if international else "unknown")
        where = f"{metric.slug} {place} {month:%Y-%m}"
        kept, right = stored.get((nation, international)), counted.get((nation, international))
        if kept is None or right is None:
            yield f"{where}: " + ("not stored, though it has rows" if kept is None else "stored without rows")
            continue
        for name, one, other in zip((*TOLD, "rule_version"), kept, right, strict=True):
            if one != other:
                yield f"{where}: {name} is {one}, its rows say {other}"

"""Small worlds for the metrics, and their figures from the facts alone, added up in plain Python."""

import datetime
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from contributions.actions.accounts import register_account
from contributions.actions.artifacts import register_artifact
from contributions.actions.attribution import affiliate
from contributions.actions.contributions import record_contribution
from contributions.cell_rows import rows, total
from contributions.found import ArtifactKey, FoundArtifact, FoundLink, FoundReading
from contributions.measures import Amount, Metric
from contributions.models import Account, Artifact, ArtifactKind, Contribution, Platform
from mission.actions.organisations import create_organisation
from mission.models import Organisation, User
from tests.world import nation, person

SINCE = datetime.date(2024, 1, 1)
METHODS = {"A": "self_declared", "B": "registry", "C": "email", "D": "profile"}
Cell = str  # a nation's code, "?" where unknown, "*" where international
Bounds = tuple[Decimal, Decimal]


class Fact(NamedTuple):
    cell: Cell
    subject: str
    person: int | None
    upper: Decimal
    lower: Decimal
    row_kind: str
    row_id: int
    per: Decimal | None


def moment(month: str, day: int = 10) -> datetime.datetime:
    """`2025-04` is at noon of the tenth."""
    year, number = map(int, month.split("-"))
    return datetime.datetime(year, number, day, 12, tzinfo=datetime.UTC)


def owner() -> User:
    return User.objects.filter(email="owner@example.org").first() or person("owner")


def firm(code: str, name: str = "") -> Organisation:
    """An organisation of the nation."""
    name = name or f"House of {code}"
    return Organisation.objects.filter(name=name).first() or create_organisation(
        actor=owner(), name=name, type="startup", nation=nation(code), registry_id=name
    )


def who(
    name: str, *ties: str, kind: str = "person", platform: str = "huggingface", until: str = ""
) -> Account:
    """An account. `IN:A` ties it to a nation by evidence of that grade, `IN+DE:B` to an organisation in
    each, `*:C` says international; `until` is the month in which all of that ends."""
    account = register_account(actor=None, platform=platform, platform_id=name, login=name, kind=kind)
    for tie in ties:
        codes, _colon, grade = tie.partition(":")
        end = moment(until).date() if until else None
        for code in codes.split("+"):
            place: dict[str, Any] = {"organisation": firm(code)} if "+" in codes else {"nation": None}
            if code == "*":
                place = {"international": True}
            elif "+" not in codes:
                place = {"nation": nation(code)}
            affiliate(
                actor=None, account=account, valid_from=SINCE, valid_to=end,
                method=METHODS[grade], grade=grade, source_url="https://example.org/register", **place,
            )  # fmt: skip
    return account


def artifact(
    name: str,
    *,
    kind: str = "model",
    made: str = "2025-04",
    on: Sequence[tuple[str, str, str]] = (),
    speaks: Sequence[str] = (),
    downloads: dict[str, int] | None = None,
    owner_account: Account | None = None,
    **fields: Any,
) -> Artifact:
    """`on`: (kind of link, kind of parent, name of parent). `downloads`: readings by day. Other fields are
    what a look at the platform finds out later."""
    platform = Platform.GITHUB.value if kind == ArtifactKind.REPOSITORY else Platform.HUGGINGFACE.value
    licence, gated = fields.pop("licence", ""), fields.pop("gated", False)
    for day, count in (downloads or {"": 0}).items():
        found = FoundArtifact(
            ArtifactKey(platform, kind, name), name, f"https://example.org/{name}", moment(made),
            licence=licence, languages=tuple(speaks), gated=gated,
            links=tuple(FoundLink(*link) for link in on),
            reading=FoundReading(datetime.date.fromisoformat(day), downloads=count) if day else None,
        )  # fmt: skip
        row = register_artifact(actor=None, found=found)
    if fields or owner_account:
        Artifact.objects.filter(pk=row.pk).update(owner=owner_account, **fields)
    row.refresh_from_db()
    return row


def act(
    by: Account | None, on: Artifact, kind: str, month: str = "2025-04", number: object = 1, day: int = 10
) -> Contribution:
    return record_contribution(
        actor=None, external_id=f"{on.platform}:{kind}:{on.name}:{number}", kind=kind, artifact=on,
        account=by, happened_at=moment(month, day), evidence_url=on.url,
    )  # fmt: skip


def publish(by: Account | None, name: str, *, kind: str = "model", **more: Any) -> Artifact:
    """A model, dataset, benchmark or space, and the act of publishing it."""
    made = artifact(name, kind="dataset" if kind == "benchmark" else kind, **more)
    act(by, made, "application" if kind == "space" else kind, more.get("made", "2025-04"))
    return made


def facts(metric: Metric, month: str = "2025-04") -> list[Fact]:
    first = moment(month).replace(day=1, hour=0)
    after = (first + datetime.timedelta(days=32)).replace(day=1)
    with connection.cursor() as cursor:
        cursor.execute(metric.facts, {"first": first, "after": after, "kinds": list(metric.kinds)})
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return [
        Fact(
            "*" if row["international"] else row["nation_id"] or "?", row["subject"], row["person"],
            row["upper"], row["lower"], row["row_kind"], row["row_id"], row.get("per"),
        )
        for row in rows
    ]  # fmt: skip


def figure(metric: Metric, month: str = "2025-04") -> dict[Cell, Bounds]:
    """Lower and upper of each cell, to four places as they are stored."""
    by_cell: dict[Cell, list[Fact]] = defaultdict(list)
    for fact in facts(metric, month):
        by_cell[fact.cell].append(fact)
    return {
        cell: (round(amount(metric.amount, rows, "lower"), 4), round(amount(metric.amount, rows, "upper"), 4))
        for cell, rows in by_cell.items()
    }


def opens_to(metric: Metric, month: str = "2025-04") -> dict[Cell, Bounds]:
    """The same where each cell is opened by itself; of the two ends the smaller first."""
    first = moment(month).date().replace(day=1)
    found = {}
    shown = facts(metric, month)
    for cell in {fact.cell for fact in shown}:
        nation = cell if cell not in ("?", "*") else None
        listed, whole = rows(metric, first, (nation, cell == "*"), people=True, limit=10_000)
        assert len(listed) == whole.lines
        of_none = [fact for fact in shown if fact.cell == cell and fact.person is None]
        lines = {(fact.row_kind, fact.row_id, fact.subject) for fact in of_none}
        assert total(metric, first, (nation, cell == "*"), people=False).lines == len(lines)
        found[cell] = (whole.lower or Decimal(0), whole.upper or Decimal(0))
    return found


def amount(how: Amount, rows: list[Fact], bound: str) -> Decimal:
    parts: dict[object, Decimal] = defaultdict(Decimal)
    for row in rows:
        parts[row.person if how == Amount.HALF else row.subject] += Decimal(getattr(row, bound))
    whole = sum(parts.values(), Decimal(0))
    if how == Amount.SUM:
        return whole
    if how == Amount.SUBJECTS:
        return Decimal(sum(part > 0 for part in parts.values()))
    if how == Amount.RATIO:
        return whole / sum(row.per or 0 for row in rows)
    if how == Amount.TOP_SHARE:
        return max(parts.values()) / whole if whole else Decimal(0)
    reached, count = Decimal(0), 0
    for part in sorted(parts.values(), reverse=True):
        if whole and reached * 2 < whole:
            reached, count = reached + part, count + 1
    return Decimal(count)

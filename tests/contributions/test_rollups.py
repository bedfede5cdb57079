"""Rollups equal a recomputation from rows, whoever wrote what in which order."""

import datetime
from collections import defaultdict
from collections.abc import Callable
from decimal import Decimal

import pytest

from contributions.actions.attribution import affiliate
from contributions.actions.rollups import Cell, mark_stale, recompute, recompute_stale
from contributions.models import METRICS, Account, Attribution, Contribution, Rollup, Source
from tests.contributions.test_attribution import author, change
from tests.local_github import LocalGitHub
from tests.world import nation

pytestmark = pytest.mark.django_db(transaction=True)
APRIL = datetime.date(2025, 4, 1)
Sums = dict[tuple[str | None, datetime.date, str], list[Decimal]]


def by_hand() -> Sums:
    """Lower and upper by nation, month and metric, added up in Python from the rows."""
    sums: Sums = defaultdict(lambda: [Decimal(0), Decimal(0)])
    people: dict[tuple[int, datetime.date], dict[str | None, list[Decimal]]] = defaultdict(
        lambda: defaultdict(lambda: [Decimal(0), Decimal(0)])
    )
    shares = Attribution.objects.select_related("contribution__account")
    for share in shares:
        act = share.contribution
        month = act.happened_at.date().replace(day=1)
        if act.account and act.account.kind == "bot":
            continue
        cells = [sums[share.nation_id, month, act.kind]]
        if act.account and act.account.kind == "person":
            cells.append(people[act.account_id or 0, month][share.nation_id])
        for cell in cells:
            cell[0] += share.fraction if share.grade in ("A", "B") else 0
            cell[1] += share.fraction
    for (_account, month), nations in people.items():
        whole = sum(upper for _lower, upper in nations.values())
        for code, (lower, upper) in nations.items():
            cell = sums[code, month, "active_contributors"]
            cell[0] += lower / whole
            cell[1] += upper / whole
    return sums


def stored() -> Sums:
    return {
        (row.nation_id, row.month, row.metric): [row.lower, row.upper]
        for row in Rollup.objects.fresh()
        if row.lower is not None and row.upper is not None
    }


def place_people() -> None:
    for number, account in enumerate(Account.objects.people().order_by("pk")):
        code, method, grade = [("IN", "self_declared", "A"), ("DE", "profile", "D"), ("", "", "")][number % 3]
        if code:
            affiliate(
                actor=None, account=account, nation=nation(code), method=method, grade=grade,
                valid_from=datetime.date(2025, 1, 10),
            )  # fmt: skip


def test_rollups_equal_a_recomputation_from_rows(
    local_github: LocalGitHub, look: Callable[[str], Source]
) -> None:
    look("github:kaveri-labs")
    place_people()
    assert recompute_stale() > 0
    assert not Rollup.objects.stale().exists()
    expected = {key: [round(value, 4) for value in values] for key, values in by_hand().items()}
    suppressed = {(row.nation_id, row.month, row.metric) for row in Rollup.objects.filter(suppressed=True)}
    assert stored() == {key: values for key, values in expected.items() if key not in suppressed}
    assert suppressed <= {key for key in expected if key[2] == "active_contributors"}
    assert recompute_stale() == 0


def test_the_unknown_share_is_that_of_the_month_over_all_nations() -> None:
    asha = author()
    affiliate(
        actor=None, account=asha, nation=nation("IN"), method="profile", grade="D",
        valid_from=datetime.date(2025, 1, 1),
    )  # fmt: skip
    for number, who in enumerate([asha, asha, asha, None]):
        change(who, 4, number)
    recompute_stale()
    india = Rollup.objects.get(nation="IN", metric="merged_change")
    assert (india.lower, india.upper, india.unknown_share) == (0, 3, Decimal("0.25"))
    assert Rollup.objects.unknown().get(metric="merged_change").upper == 1


def test_fewer_than_ten_people_are_suppressed_and_bots_do_not_count() -> None:
    for number in range(19):
        account = author(number)
        code = "IN" if number < 10 else "KE"
        affiliate(
            actor=None, account=account, nation=nation(code), method="self_declared", grade="A",
            valid_from=datetime.date(2025, 1, 1),
        )  # fmt: skip
        change(account, 4, number)
    change(author(99, kind="bot"), 4, 99)
    recompute_stale()
    india, kenya = (Rollup.objects.get(nation=code, metric="active_contributors") for code in ("IN", "KE"))
    assert (india.upper, india.suppressed) == (10, False)
    assert (kenya.lower, kenya.upper, kenya.suppressed) == (None, None, True)
    assert not Rollup.objects.shown().filter(nation="KE", metric="active_contributors").exists()
    assert not Rollup.objects.unknown().fresh().filter(metric="merged_change").exists()


def test_a_cell_that_nothing_falls_into_any_more_goes() -> None:
    asha = author()
    change(asha, 4)
    recompute_stale()
    affiliate(
        actor=None, account=asha, nation=nation("IN"), method="self_declared", grade="A",
        valid_from=datetime.date(2025, 1, 1),
    )  # fmt: skip
    recompute_stale()
    assert list(Rollup.objects.filter(metric="merged_change").values_list("nation", "upper")) == [("IN", 1)]


def test_marking_again_after_a_recompute_is_heard() -> None:
    change(author(), 4)
    assert recompute(metric=METRICS["merged_change"], month=APRIL) is True
    assert recompute(metric=METRICS["merged_change"], month=APRIL) is False
    mark_stale(cells=[Cell(None, False, APRIL, "merged_change")])
    assert recompute(metric=METRICS["merged_change"], month=APRIL) is True
    assert Contribution.objects.count() == 1

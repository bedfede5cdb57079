"""Rollups equal a recomputation from rows, whoever wrote what in which order."""

import datetime
from collections import defaultdict
from decimal import Decimal

import pytest

from contributions.actions.artifacts import register_artifact
from contributions.actions.attribution import affiliate
from contributions.actions.contributions import record_contribution
from contributions.actions.rollups import (
    Cell,
    mark_stale,
    recompute,
    recompute_stale,
)
from contributions.found import ArtifactKey, FoundArtifact
from contributions.models import METRICS, Account, Artifact, Attribution, Contribution, Rollup
from mission.models import Organisation, User
from tests.contributions.test_attribution import at, author, change
from tests.world import nation, organisation, person

pytestmark = pytest.mark.django_db(transaction=True)
APRIL = datetime.date(2025, 4, 1)
Sums = dict[tuple[str | None, str], list[Decimal]]


def crowd(code: str, count: int, *, begin: int = 0, grade: str = "A", kind: str = "person") -> list[Account]:
    """So many people of a nation; nobody knows where those of "" are from."""
    made = [author(number, kind=kind) for number in range(begin, begin + count)]
    for account in made:
        if code:
            method = {"A": "self_declared", "B": "registry", "C": "email", "D": "profile"}[grade]
            affiliate(
                actor=None, account=account, nation=nation(code), method=method, grade=grade,
                valid_from=datetime.date(2025, 1, 1),
            )  # fmt: skip
    return made


def act(account: Account | None, number: int, *, month: int = 4, kind: str = "merged_change") -> Contribution:
    key = ArtifactKey("github", "repository", "1")
    found = FoundArtifact(key, "kaveri/tools", "https://github.com/kaveri/tools", at(1))
    artifact = Artifact.objects.filter(kind="repository", platform_id="1").first()
    return record_contribution(
        actor=None, external_id=f"t:{kind}:{number}", kind=kind, account=account, happened_at=at(month),
        artifact=artifact or register_artifact(actor=None, found=found), evidence_url=f"https://e.example/{number}",
    )  # fmt: skip


def cell(code: str | None, metric: str = "merged_change", month: datetime.date = APRIL) -> Rollup:
    return Rollup.objects.current().get(nation=code, international=False, metric=metric, month=month)


def by_hand() -> Sums:
    """Lower and upper by nation and metric, added up in Python from the rows of April."""
    sums: Sums = defaultdict(lambda: [Decimal(0), Decimal(0)])
    people: dict[int, dict[str | None, list[Decimal]]] = defaultdict(
        lambda: defaultdict(lambda: [Decimal(0), Decimal(0)])
    )
    for share in Attribution.objects.select_related("contribution__account"):
        act = share.contribution
        if act.account and act.account.kind in ("bot", "agent"):
            continue
        cells = [sums[share.nation_id, act.kind]]
        if act.account and act.account.kind == "person":
            cells.append(people[act.account_id or 0][share.nation_id])
        for cell in cells:
            cell[0] += share.fraction if share.grade in ("A", "B") else 0
            cell[1] += share.fraction
    for nations in people.values():
        whole = sum(upper for _lower, upper in nations.values())
        for code, (lower, upper) in nations.items():
            sums[code, "active_contributors"][0] += lower / whole
            sums[code, "active_contributors"][1] += upper / whole
    return sums


def seat(account: Account, code: str) -> None:
    """An organisation's place for an account, by an e-mail address."""
    owner = User.objects.filter(email="founder@example.org").first() or person("founder")
    firm = Organisation.objects.filter(nation=code).first() or organisation(owner, f"Firm {code}", code)
    affiliate(
        actor=None, account=account, organisation=firm, method="email", grade="C",
        valid_from=datetime.date(2025, 1, 1),
    )  # fmt: skip


def a_world() -> None:
    """India, Germany: thirty people each, eleven in both; twelve nobody knows; an organisation; a bot."""
    indians, germans = crowd("IN", 30), crowd("DE", 30, begin=100, grade="D")
    for account in crowd("", 11, begin=500):
        seat(account, "IN")
        seat(account, "DE")
        act(account, account.pk, kind="dataset")
    number = 0
    for position, account in enumerate([*indians, *germans, *crowd("", 12, begin=200)]):
        for _time in range(1 + position % 3):
            number += 1
            act(account, number)
        act(account, number, kind="review")
    act(crowd("KE", 1, begin=300, kind="organisation")[0], 900, kind="release")
    act(crowd("IN", 1, begin=400, kind="bot")[0], 901)
    act(None, 902)


def test_rollups_equal_a_recomputation_from_rows() -> None:
    a_world()
    assert recompute_stale() > 0
    assert not Rollup.objects.stale().exists()
    expected = {key: [round(value, 4) for value in values] for key, values in by_hand().items()}
    shown = Rollup.objects.shown().filter(metric__in={slug for _code, slug in expected})
    stored = {(row.nation_id, row.metric): [row.lower, row.upper] for row in shown}
    assert stored == {key: expected[key] for key in stored}
    assert {("IN", "merged_change"), ("DE", "active_contributors"), ("KE", "release")} <= stored.keys()
    assert expected["IN", "dataset"] == [0, Decimal("5.5")]
    assert recompute_stale() == 0


def test_the_unknown_share_is_that_of_the_month_over_all_nations() -> None:
    for number, account in enumerate([*crowd("IN", 36, grade="D"), *crowd("", 12, begin=100)]):
        act(account, number)
    recompute_stale()
    assert (cell("IN").lower, cell("IN").upper, cell("IN").unknown_share) == (0, 36, Decimal("0.25"))
    assert cell(None).upper == 12


@pytest.mark.parametrize("metric", ["merged_change", "active_contributors"])
def test_fewer_than_ten_people_are_suppressed_in_every_metric_and_bots_do_not_count(metric: str) -> None:
    for number, account in enumerate(
        [*crowd("IN", 10), *crowd("KE", 9, begin=100), *crowd("DE", 30, begin=200)]
    ):
        act(account, number)
        act(account, 1000 + number)
    act(crowd("IN", 1, begin=400, kind="bot")[0], 999)
    recompute_stale()
    kenya, india, germany = (cell(code, metric) for code in ("KE", "IN", "DE"))
    assert (kenya.lower, kenya.upper, kenya.suppressed) == (None, None, True)
    assert india.suppressed, "what the two together hold may be known: of Kenya alone it may not"
    assert germany.upper == 30 if metric == "active_contributors" else 60
    assert not Rollup.objects.unknown().fresh().filter(metric="merged_change").exists()


def test_what_organisations_do_is_shown() -> None:
    act(crowd("KE", 1, kind="organisation")[0], 1, kind="release")
    recompute_stale()
    assert (cell("KE", "release").upper, cell("KE", "release").suppressed) == (1, False)


def test_a_lower_bound_that_would_tell_of_few_people_is_withheld_alone() -> None:
    for number, account in enumerate([*crowd("IN", 20), *crowd("IN", 3, begin=100, grade="D")]):
        act(account, number)
    recompute_stale()
    assert (cell("IN").lower, cell("IN").upper, cell("IN").suppressed) == (None, 23, False)


def test_a_cell_that_nothing_falls_into_any_more_goes() -> None:
    accounts = crowd("", 12)
    for number, account in enumerate(accounts):
        act(account, number)
    recompute_stale()
    crowd("IN", 12)
    recompute_stale()
    assert list(Rollup.objects.filter(metric="merged_change").values_list("nation", "upper")) == [("IN", 12)]


def test_marking_again_after_a_recompute_is_heard() -> None:
    change(author(), 4)
    assert recompute(metric=METRICS["merged_change"], month=APRIL) is True
    assert recompute(metric=METRICS["merged_change"], month=APRIL) is False
    mark_stale(cells=[Cell(None, False, APRIL, "merged_change")])
    assert recompute(metric=METRICS["merged_change"], month=APRIL) is True
    assert Contribution.objects.count() == 1

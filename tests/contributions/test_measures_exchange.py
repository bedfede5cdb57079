"""Give and take between nations: from the steps of lineage, shared on both sides, telling of nobody."""

import datetime
from decimal import Decimal

import pytest

from contributions.actions.attribution import affiliate
from contributions.actions.exchange import due, recompute_due, recompute_exchange
from contributions.actions.rollups import mark_artifacts_stale, recompute_stale
from contributions.give_and_take import differences, recount, steps
from contributions.models import Account, Artifact, Exchange
from tests.contributions.measured import SINCE, publish, who
from tests.world import nation

pytestmark = pytest.mark.django_db
APRIL = datetime.date(2025, 4, 1)
MARCH = datetime.date(2025, 3, 1)
Cells = dict[tuple[str, str, str], tuple[Decimal | None, Decimal | None]]


def house(name: str, tie: str) -> Account:
    return who(name, tie, kind="organisation") if tie else who(name, kind="organisation")


def cells(month: datetime.date = APRIL) -> Cells:
    """By kind, giver and taker, as they are stored."""

    def place(code: str | None, international: bool) -> str:
        return "*" if international else code or "?"

    return {
        (
            row.kind,
            place(row.giver_id, row.giver_international),
            place(row.taker_id, row.taker_international),
        ): (
            row.lower,
            row.upper,
        )
        for row in Exchange.objects.filter(month=month)
    }


def one(lower: str, upper: str) -> tuple[Decimal, Decimal]:
    return Decimal(lower), Decimal(upper)


def on(*names: str, kind: str = "finetune", of: str = "model") -> list[tuple[str, str, str]]:
    return [(kind, of, name) for name in names]


@pytest.fixture
def models() -> None:
    """India gives; Kenya, half of Germany, the world and somebody unknown take."""
    base = publish(house("lab", "IN:B"), "in/base", made="2025-01")
    publish(house("lab2", "DE:B"), "de/base", made="2025-01")
    publish(house("lab", "IN:B"), "in/data", kind="dataset", made="2025-01")
    kenya = house("mara", "KE:B")
    publish(kenya, "copy/base", made="2025-01", duplicate_of=base, duplicate_why="reupload")
    publish(kenya, "ke/one", on=on("in/base") + on("in/data", kind="dataset", of="dataset"))
    publish(kenya, "ke/two", on=on("copy/base"))  # a copy's is its original's
    publish(house("guess", "KE:D"), "ke/three", on=on("in/base"))
    publish(house("both", "IN+DE:B"), "both/one", on=on("in/base"))
    publish(house("un", "*:B"), "un/one", on=on("in/base", "de/base", kind="merge"))
    publish(None, "nobody/one", on=on("in/base"))
    publish(kenya, "ke/orphan", on=on("ghost/it"))
    publish(who("bot", "KE:A", kind="bot"), "bot/one", on=on("in/base"))
    publish(kenya, "ke/later", made="2025-05", on=on("in/base"))


def test_each_step_is_shared_on_both_sides_and_unknown_is_kept(models: None) -> None:
    recompute_exchange(month=APRIL)
    assert cells() == {
        ("finetune", "IN", "KE"): one("2", "3"),
        ("finetune", "IN", "IN"): one("0.5", "0.5"),
        ("finetune", "IN", "DE"): one("0.5", "0.5"),
        ("finetune", "IN", "?"): one("0", "1"),
        ("finetune", "?", "KE"): one("0", "1"),
        ("merge", "IN", "*"): one("1", "1"),
        ("merge", "DE", "*"): one("1", "1"),
        ("dataset", "IN", "KE"): one("1", "1"),
    }


def test_the_sum_over_all_pairs_is_the_number_of_steps(models: None) -> None:
    assert sum(step.upper for step in steps(APRIL)) == Decimal(9)


def test_fewer_than_ten_people_on_either_side_are_told_of_by_none() -> None:
    lab = house("lab", "IN:B")
    publish(lab, "in/base", made="2025-01")
    for number in range(10):
        publish(who(f"kenyan{number}", "KE:A"), f"ke/{number}", on=on("in/base"))
    for number in range(9):
        publish(who(f"german{number}", "DE:A"), f"de/{number}", on=on("in/base"))
    publish(who("author", "FR:A"), "fr/base", made="2025-01")
    for number in range(10):  # ten take, but one gave
        publish(who(f"brazilian{number}", "BR:A"), f"br/{number}", on=on("fr/base", kind="quantized"))
    recompute_exchange(month=APRIL)
    found = cells()
    assert found["finetune", "IN", "DE"] == (None, None)
    assert found["quantized", "FR", "BR"] == (None, None)
    # The world's sum would tell of the nine, so the next smallest is withheld with them.
    assert found["finetune", "IN", "KE"] == (None, None)
    publish(house("mara", "KE:B"), "ke/house", on=on("in/base", kind="adapter"))
    recompute_exchange(month=APRIL)
    assert cells()["adapter", "IN", "KE"] == one("1", "1"), "organisations are no people"


def test_give_and_take_follows_its_steps_and_nothing_else(models: None) -> None:
    recompute_stale()
    assert due() == [APRIL, datetime.date(2025, 5, 1)]
    assert recompute_due() == 2
    assert recompute_due() == 0
    before = cells()
    affiliate(
        actor=None, account=Account.objects.get(login="lab2"), nation=nation("FR"),
        valid_from=datetime.date(2023, 1, 1), valid_to=SINCE, method="registry", grade="B",
    )  # fmt: skip
    recompute_stale()
    recompute_due()
    assert cells() == before, "what came before is another time"
    nobody = Artifact.objects.get(name="un/one")
    Artifact.objects.filter(pk=nobody.pk).update(duplicate_of=Artifact.objects.get(name="de/base"))
    mark_artifacts_stale(artifacts=[nobody.pk])
    recompute_stale()
    assert recompute_due() > 0
    assert {key for key in before if key[0] == "merge"} & cells().keys() == set()


def test_a_giver_placed_later_changes_the_months_that_took(models: None) -> None:
    publish(house("late", ""), "late/base", made="2025-02")
    publish(house("mara", "KE:B"), "ke/on-late", made="2025-03", on=on("late/base"))
    recompute_stale()
    recompute_due()
    assert cells(MARCH) == {("finetune", "?", "KE"): one("0", "1")}
    affiliate(
        actor=None, account=Account.objects.get(login="late"), nation=nation("FR"), valid_from=SINCE,
        method="registry", grade="B",
    )  # fmt: skip
    recompute_stale()
    recompute_due()
    assert cells(MARCH) == {("finetune", "FR", "KE"): one("1", "1")}


def test_a_month_without_steps_any_more_goes(models: None) -> None:
    recompute_stale()
    recompute_due()
    Artifact.objects.filter(name="ke/later").update(duplicate_of=Artifact.objects.get(name="ke/one"))
    mark_artifacts_stale(artifacts=[Artifact.objects.get(name="ke/later").pk])
    recompute_stale()
    recompute_due()
    assert cells(datetime.date(2025, 5, 1)) == {}


def test_the_proof_finds_a_figure_that_is_not_what_its_rows_say(models: None) -> None:
    recompute_stale()
    recompute_due()
    assert list(differences()) == []
    Exchange.objects.filter(kind="dataset").update(upper=7)
    told = list(differences())
    assert len(told) == 2
    assert all("dataset" in line and "2025-04" in line for line in told)


def test_recounting_is_the_same_twice(models: None) -> None:
    assert recount(APRIL) == recount(APRIL)
    assert recompute_exchange(month=APRIL) == recompute_exchange(month=APRIL) == Exchange.objects.count()

"""Figures of the ledger: worked out by hand, and recomputed only where the books say otherwise."""

import datetime
from decimal import Decimal

import pytest

from contributions.actions.attribution import affiliate
from contributions.measures import METRICS as BELOW
from contributions.models import Account, Artifact, Rollup
from dashboards.actions.rollups import every_month, recompute_ledger
from dashboards.measures import EVERY_METRIC, LEDGER
from grants.actions.compute import draw, open_lot
from grants.models import Award, Lot, Resource
from grants.models.gpu_time import gpu_ms
from mission.actions.organisations import create_organisation
from mission.models import Organisation
from tests.contributions.measured import SINCE, figure, firm, moment, owner, publish, who
from tests.grants.world import award, gpus, officer, open_call, reviewed, submitted
from tests.world import nation

pytestmark = pytest.mark.django_db
APRIL = datetime.date(2025, 4, 1)
MONTHS = [APRIL, datetime.date(2025, 5, 1)]


def company(name: str, code: str) -> Organisation:
    return create_organisation(
        actor=owner(), name=name, type="startup", nation=nation(code), registry_id=name
    )


def awarded(of: Organisation, at: str, day: int = 10) -> Award:
    """An award made then, without any lot yet."""
    staff = officer(f"officer-{of.pk}")
    application = reviewed(staff, submitted(owner(), open_call(staff), of))
    gpus(staff)
    made = award(actor=staff, application=application, gpu_ms=gpu_ms(500), reason="Best of the round.")
    Lot.objects.filter(award=made).update(created_at=moment("2024-01"))
    Award.objects.filter(pk=made.pk).update(awarded_at=moment(at, day))
    made.refresh_from_db()
    return made


def lot(of: Award, hours: int, promised: str) -> Lot:
    made = open_lot(
        actor=None, award=of, resource=Resource.objects.get(), granted_ms=gpu_ms(hours),
        opens_at=moment("2025-01"), expires_at=moment("2035-01"),
    )  # fmt: skip
    Lot.objects.filter(pk=made.pk).update(created_at=moment(promised))
    return made


def spend(of: Lot, day: str, hours: str, *, final: bool = True) -> None:
    draw(
        actor=None, lot_id=of.pk, external_id=f"{of.pk}-{day}", day=datetime.date.fromisoformat(day),
        gpu_ms=gpu_ms(hours), final=final,
    )  # fmt: skip


def belongs(name: str, to: Organisation, grade: str = "B", kind: str = "organisation") -> Account:
    account = who(name, kind=kind)
    affiliate(
        actor=None, account=account, organisation=to, valid_from=SINCE,
        method="registry" if grade == "B" else "profile", grade=grade,
    )  # fmt: skip
    return account


@pytest.fixture
def books() -> dict[str, Lot]:
    kaveri, mara = company("Kaveri Labs", "IN"), company("Mara Health", "KE")
    ours, theirs = awarded(kaveri, "2025-01"), awarded(mara, "2025-04", day=5)
    lots = {"IN": lot(ours, 100, "2025-04"), "KE": lot(theirs, 30, "2025-04")}
    lot(ours, 50, "2025-05")
    spend(lots["IN"], "2025-04-03", "2")
    spend(lots["IN"], "2025-04-20", "3", final=False)  # may still be corrected
    spend(lots["IN"], "2025-04-30", "0.5")
    spend(lots["IN"], "2025-05-01", "9")
    spend(lots["KE"], "2025-04-09", "4")
    house, health = belongs("kaveri", kaveri), belongs("mara", mara)
    original = publish(house, "kaveri/model")
    publish(belongs("asha", kaveri, "D", "person"), "asha/data", kind="dataset")
    publish(who("stranger", "IN:A"), "stranger/model")
    publish(None, "nobody/model")
    publish(health, "mara/before", made="2025-03")  # before the award
    publish(health, "mara/copy", made="2025-05", duplicate_of=original, duplicate_why="reupload")
    publish(belongs("andes", firm("PE")), "andes/it")  # never had an award
    return lots


def test_hours_promised_used_and_with_something_to_show(books: dict[str, Lot]) -> None:
    def both(**hours: str) -> dict[str, tuple[Decimal, Decimal]]:
        return {code: (Decimal(told), Decimal(told)) for code, told in hours.items()}

    assert figure(LEDGER["gpu_hours_granted"]) == both(IN="100", KE="30")
    india = {"IN": (Decimal("2.5"), Decimal("5.5"))}  # three hours may still be corrected
    assert figure(LEDGER["gpu_hours_used"]) == both(KE="4") | india
    assert figure(LEDGER["gpu_hours_with_artifact"]) == india
    publish(Account.objects.get(login="mara"), "mara/after", made="2025-06")
    assert figure(LEDGER["gpu_hours_with_artifact"]) == both(KE="4") | india
    Artifact.objects.filter(name="mara/after").update(gone_at=moment("2025-07"))
    assert figure(LEDGER["gpu_hours_with_artifact"]) == india


def test_the_funded_share_is_of_all_that_is_attributed(books: dict[str, Lot]) -> None:
    third = Decimal("0.3333"), Decimal("0.6667")  # of three, one surely and one by a profile
    zero = Decimal(0), Decimal(0)
    assert figure(LEDGER["funded_share"]) == {"IN": third, "PE": zero, "?": zero}
    assert figure(LEDGER["funded_share"], "2025-03") == {"KE": zero}


def test_the_clock_writes_only_what_the_books_say_otherwise(books: dict[str, Lot]) -> None:
    assert recompute_ledger(months=MONTHS) > 0
    used = Rollup.objects.filter(metric="gpu_hours_used").order_by("month", "nation")
    told = [(row.nation_id, row.month.month, row.lower, row.upper) for row in used]
    assert told == [("IN", 4, Decimal("2.5"), Decimal("5.5")), ("KE", 4, 4, 4), ("IN", 5, 9, 9)]
    assert not any(row.suppressed for row in used), "awards are public"
    before = list(Rollup.objects.values_list("pk", "computed_at"))
    assert recompute_ledger(months=MONTHS) == 0
    assert list(Rollup.objects.values_list("pk", "computed_at")) == before
    spend(books["IN"], "2025-04-20", "1", final=True)  # corrected, and final
    assert recompute_ledger(months=MONTHS) == 2  # used, and with something to show
    assert Rollup.objects.get(metric="gpu_hours_used", month=APRIL, nation="IN").upper == Decimal("3.5")


def test_the_whole_ledger_begins_with_its_first_row(books: dict[str, Lot]) -> None:
    months = every_month()
    assert months[0] == datetime.date(2024, 1, 1)
    assert APRIL in months
    assert len(months) == len(set(months))


def test_there_is_no_history_of_nothing(db: None) -> None:
    assert every_month() == []


def test_every_metric_of_the_ledger_says_what_it_is_and_none_is_there_twice() -> None:
    assert len(EVERY_METRIC) == len(BELOW) + len(LEDGER) >= 40
    for metric in LEDGER.values():
        for word in (metric.label, metric.unit, metric.definition, metric.source, metric.gaming):
            assert str(word).strip()

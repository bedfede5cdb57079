"""The bulk path comes to what the ordinary path comes to; twice is once; killed anywhere, it goes on."""

import datetime
import os
import random
import signal
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contributions.actions import bulk, bulk_readings
from contributions.actions.accounts import register_accounts
from contributions.actions.artifacts import register_artifacts
from contributions.actions.attribution import affiliate
from contributions.actions.bulk import ingest_contributions, lay_in_order
from contributions.actions.bulk_readings import ingest_readings
from contributions.actions.contributions import Tally, store
from contributions.found import ArtifactKey, Found, FoundContribution, FoundReading
from contributions.models import Account, Attribution, Contribution, Reading, Rollup
from mission.errors import Refused
from tests.contributions.bulk_world import NOON, account, act, acts, artifact, key
from tests.contributions.worker import test_database_url
from tests.world import nation, organisation, person

SIMPLE = ["merged_change", "review", "release", "application"]  # metrics that count one kind
PHASES = [Phase.explicit, Phase.generate]  # a seed does not shrink
ARTIFACTS = [artifact(number) for number in range(5)]


def place_people() -> None:
    """Forty accounts: some of nations, some of two organisations, some of none."""
    owner, made = person("owner"), register_accounts(found=[account(n) for n in range(40)])
    houses = [
        organisation(owner, name, code) for name, code in (("One", "IN"), ("Two", "DE"), ("Three", "KE"))
    ]
    for number in range(0, 40, 2):
        who, begin = made["github", str(number)], datetime.date(2024, 1 + number % 12, 1)
        targets: list[dict[str, Any]] = [{"organisation": house} for house in houses[: number % 4]]
        for target in targets or [{"nation": nation("FR")}]:
            affiliate(
                actor=None, account=who, valid_from=begin, method="registry", grade="B", **target
            )  # fmt: skip


def everything() -> dict[str, list[Any]]:
    """All that came in, without our own numbers and times."""
    columns = ["external_id", "kind", "happened_at", "platform", "evidence_url", "revision"]
    act_ = "contribution__external_id"
    return {
        "accounts": list(
            Account.objects.order_by("platform_id").values_list("platform_id", "login", "name", "kind")
        ),
        "contributions": list(
            Contribution.objects.order_by("external_id").values_list(
                *columns, "account__platform_id", "artifact__platform_id"
            )
        ),
        "shares": list(
            Attribution.objects.order_by(act_, "organisation__name").values_list(
                act_, "nation", "organisation__name", "international", "fraction", "grade", "rule_version"
            )
        ),
    }


def standing() -> set[tuple[Any, ...]]:
    """Every share, with its month, its kind, and the words of its contribution."""
    rows = Attribution.objects.select_related("contribution")
    return {
        (
            row.nation_id, row.international, row.contribution.happened_at.date().replace(day=1),
            row.contribution.kind, row.contribution.external_id, row.fraction, row.grade,
            row.contribution.account_id,
        )
        for row in rows
    }  # fmt: skip


def stale() -> set[tuple[Any, ...]]:
    rows = Rollup.objects.stale().filter(metric__in=SIMPLE)
    return set(rows.values_list("month", "metric"))


def laid_down() -> list[Any]:
    """Every index and constraint of the tables that a first load takes down."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE tablename LIKE 'contributions_%' UNION "
            "SELECT conname || pg_get_constraintdef(oid) || convalidated FROM pg_constraint ORDER BY 1"
        )
        return cursor.fetchall()


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "SLICE", 100)
    monkeypatch.setattr(bulk_readings, "SLICE", 100)


@pytest.mark.django_db
@settings(max_examples=6, deadline=None, phases=PHASES)
@given(seed=st.integers(0, 10**9), size=st.sampled_from([7, 60, 1000]), before=st.integers(0, 150))
def test_bulk_and_ordinary_path_come_to_the_same(seed: int, size: int, before: int) -> None:
    """Whether it is a first load, in slices, or onto rows of which some changed since."""
    dice = random.Random(seed)
    earlier = tuple(act(number, dice) for number in range(before))
    now = list({each.external_id: each for each in (*earlier[::3], *acts(300, seed + 1))}.values())
    dice.shuffle(now)
    came_to = []
    for way in ("ordinary", "bulk"):
        with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(bulk, "SLICE", size)
            register_artifacts(found=ARTIFACTS)
            place_people()
            store(found=Found(contributions=earlier))
            Rollup.objects.update(stale=False)
            was = standing()
            if way == "bulk":
                ingest_contributions(rows=iter(now))
                moved = {cell[2:4] for cell in was ^ standing()}
                assert {cell for cell in moved if cell[1] in SIMPLE} <= stale()
            else:
                store(found=Found(contributions=tuple(now)))
            assert all(
                (share.kind, share.happened_at) == (share.contribution.kind, share.contribution.happened_at)
                for share in Attribution.objects.select_related("contribution")
            )
            came_to.append(everything())
            transaction.set_rollback(True)
    assert came_to[1]["contributions"]
    for what, rows in came_to[0].items():
        assert came_to[1][what] == rows, what


@pytest.mark.django_db
@pytest.mark.usefixtures("small_slices")
def test_twice_is_once() -> None:
    register_artifacts(found=ARTIFACTS)
    place_people()
    before = laid_down()
    assert ingest_contributions(rows=acts(450)) == Tally(new=Contribution.objects.count())
    assert 380 < Contribution.objects.count() < 450
    there, indexes = everything(), laid_down()
    Rollup.objects.update(stale=False)
    assert ingest_contributions(rows=acts(450)).changed == 0
    assert not Rollup.objects.stale().exists()
    assert everything() == there
    assert indexes == before
    assert 20 < ingest_contributions(rows=acts(500)).new < 50


@pytest.mark.django_db
@pytest.mark.usefixtures("small_slices")
def test_said_twice_in_a_first_load_the_last_one_stands() -> None:
    register_artifacts(found=ARTIFACTS)
    rows = list(acts(250))
    again = [FoundContribution(**{**vars(rows[0]), "evidence_url": "https://github.com/newer"})]
    assert ingest_contributions(rows=iter(rows + again)) == Tally(new=250)
    url = Contribution.objects.get(external_id=rows[0].external_id).evidence_url
    assert url == "https://github.com/newer"
    assert Attribution.objects.count() == 250


@pytest.mark.django_db
def test_text_that_copy_would_misread_arrives_as_it_is() -> None:
    register_artifacts(found=ARTIFACTS)
    odd = "https://github.com/a\\b\tc\nd\\N"
    said = FoundContribution("github:pull:1\\", "review", key(1), None, NOON, odd, "\\.")
    ingest_contributions(rows=[said])
    there = Contribution.objects.get()
    assert (there.external_id, there.evidence_url, there.revision) == ("github:pull:1\\", odd, "\\.")


WRONG = {
    "no such kind": ({"kind": "praise"}, r"Row 202 \(github:.*\) is of a kind that is not there: praise"),
    "no zone": (
        {"happened_at": NOON.replace(tzinfo=None)},
        r"Row 202 \(github:.*\) has a time without a zone",
    ),
    "no id": ({"external_id": ""}, "Row 202 has no external id"),
    "too long": ({"evidence_url": "x" * 401}, r"Row 202 .*evidence_url is longer than 400 characters"),
    "no artefact": ({"artifact": ArtifactKey("github", "repository", "99")}, r"Row 202 .* is not here"),
}


@pytest.mark.django_db
@pytest.mark.usefixtures("small_slices")
@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("first_load", [True, False])
def test_a_row_that_cannot_be_right_is_refused_by_its_number(name: str, first_load: bool) -> None:
    register_artifacts(found=ARTIFACTS)
    if not first_load:
        ingest_contributions(rows=acts(1, seed=5))
    before, (wrong, sentence) = Contribution.objects.count(), WRONG[name]
    rows = list(acts(250))
    rows[201] = FoundContribution(**{**vars(rows[201]), **wrong})
    with pytest.raises(Refused, match=sentence), transaction.atomic():
        ingest_contributions(rows=iter(rows))
    assert Contribution.objects.count() == before
    assert Attribution.objects.count() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("rows", "slice_size", "after"), [(900, 300, 750), (900, 300, 599)])
@pytest.mark.parametrize("first_load", [True, False])
def test_killed_in_the_middle_the_next_run_completes_it(
    rows: int, slice_size: int, after: int, first_load: bool
) -> None:
    """A process of its own, ended by SIGKILL while a COPY is open."""
    register_artifacts(found=ARTIFACTS)
    place_people()
    if not first_load:
        ingest_contributions(rows=[next(acts(1))])
    before, indexes = Contribution.objects.count(), laid_down()
    environment = {**os.environ, "DATABASE_URL": test_database_url(), "DATABASE_NO_POOL": "1"}
    command = [sys.executable, "-m", "tests.contributions.bulk_world"]
    process = subprocess.Popen(
        [*command, str(rows), str(slice_size), str(after)],
        env={**environment, "DJANGO_SETTINGS_MODULE": "mission.settings"},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "stalled\n"
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    process.stdout.close()
    bulk_slice = bulk.SLICE
    try:
        bulk.SLICE = slice_size
        if first_load:
            assert (Contribution.objects.count(), Attribution.objects.count()) == (0, 0)
        else:
            assert before <= Contribution.objects.count() <= after // slice_size * slice_size
        ingest_contributions(rows=acts(rows))
    finally:
        bulk.SLICE = bulk_slice
    resumed = everything()
    assert laid_down() == indexes
    store(found=Found(contributions=tuple(acts(rows))))
    unbroken = everything()
    assert (len(resumed["contributions"]), resumed) == (len(unbroken["contributions"]), unbroken)


@pytest.mark.django_db
def test_memory_does_not_grow_with_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "SLICE", 1000)
    register_artifacts(found=ARTIFACTS)
    peaks = []
    for count in (3_000, 12_000):
        Attribution.objects.all().delete()
        Contribution.objects.all().delete()
        tracemalloc.start()
        ingest_contributions(rows=acts(count))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5, peaks


def readings(days: int, likes: int = 0) -> Iterator[tuple[ArtifactKey, FoundReading]]:
    for number in range(days):
        day = NOON.date() + datetime.timedelta(days=number)
        for artifact_number in range(5):
            yield key(artifact_number), FoundReading(day, number * 10, None, likes, None)


@pytest.mark.django_db
@pytest.mark.usefixtures("small_slices")
def test_readings_come_in_once_and_the_last_word_of_a_day_stands() -> None:
    register_artifacts(found=ARTIFACTS)
    before = laid_down()
    assert ingest_readings(rows=[*readings(60), *readings(1, likes=7)]) == Tally(new=300)
    assert laid_down() == before
    assert ingest_readings(rows=readings(60)) == Tally(changed=5)
    assert ingest_readings(rows=readings(61)) == Tally(new=5)
    assert Reading.objects.filter(likes=7).count() == 0
    row = Reading.objects.get(artifact__platform_id="2", day="2024-01-11")
    assert (row.downloads, row.downloads_all_time, row.likes, row.stars) == (100, None, 0, None)
    with pytest.raises(Refused, match="Row 2 has a count that cannot be"), transaction.atomic():
        ingest_readings(
            rows=[(key(1), FoundReading(NOON.date(), 5)), (key(1), FoundReading(NOON.date(), -1))]
        )


@pytest.mark.django_db
def test_laid_in_order_acts_are_the_same_and_lie_by_kind_and_time() -> None:
    register_artifacts(found=ARTIFACTS)
    place_people()
    ingest_contributions(rows=acts(3000))
    before, lying = everything(), as_they_lie()
    assert lying != sorted(lying)
    lay_in_order()
    assert everything() == before
    assert as_they_lie() == sorted(lying)


def as_they_lie() -> list[tuple[str, datetime.datetime]]:
    """Kind and time of acts, from the first block of the table to the last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, happened_at FROM contributions_contribution ORDER BY ctid")
        return list(cursor.fetchall())

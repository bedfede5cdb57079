"""What a process remembers of the data is never told after they changed, whatever changed."""

import datetime
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from contributions.actions.corrections import file_correction
from contributions.actions.exchange import recompute_due
from contributions.actions.holdings import count_holdings
from contributions.actions.rollups import recompute_stale
from contributions.models import Account, BaselineRelease, LanguageHolding, Rollup, YearlyTable
from dashboards import stamp
from dashboards.stamp import data_stamp, forget
from grants.models import Award
from mission.models import LanguageSpeakers, Nation
from mission.remembered import REMEMBERED, Subject, remembered_while, standing_at
from tests.dashboards.conftest import add_artifacts, make_award
from tests.dashboards.pages import as_json, every_page


def artifacts_come_in() -> None:
    add_artifacts(Account.objects.get(login="kaveri"), 2, begin=10)


def figures_are_recounted() -> None:
    artifacts_come_in()
    recompute_stale()
    recompute_due()
    count_holdings()


def an_award_is_made() -> None:
    make_award("Narmada Speech", "lakshmi")


def a_nation_is_counted_anew() -> None:
    Nation.objects.filter(pk="IN").update(population=1)


def speakers_are_counted_anew() -> None:
    LanguageSpeakers.objects.filter(nation="IN", language="hin").update(speakers=7)


def the_baseline_comes_again() -> None:
    BaselineRelease.objects.update(name="another", retrieved_at=timezone.now())


def gdp_comes_in() -> None:
    table = YearlyTable.objects.create(slug="gdp", title="GDP", unit="USD", publisher="P", schema={})
    table.values.create(nation_id="IN", year=2024, value=Decimal("3.5e12"))


def something_is_contested() -> None:
    file_correction(actor=None, about="/bots/", text="One is missing here.")


def today_is(day: str, patched: pytest.MonkeyPatch, parts: Any = stamp._parts) -> None:
    """For the state of the data; the day as SQL."""
    moved = tuple((of, sql.replace("current_date", day), params) for of, sql, params in parts())
    patched.setattr(stamp, "_parts", lambda: moved)
    patched.setattr(stamp, "_stamp_sql", getattr(stamp._stamp_sql, "__wrapped__", stamp._stamp_sql))


@pytest.mark.parametrize(
    "change",
    [
        artifacts_come_in,
        figures_are_recounted,
        an_award_is_made,
        a_nation_is_counted_anew,
        speakers_are_counted_anew,
        the_baseline_comes_again,
        gdp_comes_in,
        something_is_contested,
    ],
)
def test_every_page_after_a_change_is_what_a_new_process_says(
    client: Client, world: Award, change: Callable[[], None]
) -> None:
    """Every page is read, which fills what is remembered; something changes; every page is read twice more,
    by the process that remembers and by one that knows nothing."""
    before, after = read_around(client, change)
    assert after != before or change is something_is_contested


@pytest.mark.parametrize("days", [1, 31])
def test_every_page_after_some_days_is_what_a_new_process_says(
    client: Client, world: Award, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    def days_pass() -> None:
        now = timezone.now
        monkeypatch.setattr(timezone, "now", lambda: now() + datetime.timedelta(days=days))
        today_is(f"(current_date + {days})", monkeypatch)

    before, after = read_around(client, days_pass)
    assert after != before


def read_around(client: Client, change: Callable[[], None]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Every page before and after."""
    pages = every_page()
    before = {name: client.get(path).content for name, path in pages.items()}
    change()
    remembering = {name: client.get(path).content for name, path in pages.items()}
    for name, path in pages.items():
        forget()
        cache.clear()
        assert client.get(path).content == remembering[name], name
    return before, remembering


def test_only_what_hangs_on_what_changed_is_worked_out_again(
    world: Award, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = "holdings and commons"
    read: list[str] = []

    @remembered_while(Subject.FIGURES)
    def by_figures() -> None:
        read.append(Subject.FIGURES)

    @remembered_while(Subject.HOLDINGS)
    def by_holdings() -> None:
        read.append(Subject.HOLDINGS)

    @remembered_while(Subject.GRANTS)
    def by_grants() -> None:
        read.append(Subject.GRANTS)

    @remembered_while(Subject.COMMONS)
    def by_commons() -> None:
        read.append(Subject.COMMONS)

    @remembered_while(Subject.HOLDINGS, Subject.COMMONS)
    def by_both() -> None:
        read.append(both)

    @remembered_while(Subject.ALL)
    def by_all() -> None:
        read.append(Subject.ALL)

    def told() -> list[str]:
        read.clear()
        with standing_at(data_stamp()):
            for one in (by_figures, by_holdings, by_grants, by_commons, by_both, by_all):
                one()
                one()
        return list(read)

    every = [Subject.FIGURES, Subject.HOLDINGS, Subject.GRANTS, Subject.COMMONS, both, Subject.ALL]
    assert told() == every
    assert told() == []
    artifacts_come_in()
    assert told() == [Subject.COMMONS, both, Subject.ALL]
    an_award_is_made()
    assert told() == [Subject.GRANTS, Subject.COMMONS, both, Subject.ALL]
    later = timezone.now() + datetime.timedelta(minutes=1)
    Rollup.objects.filter(pk=Rollup.objects.values("pk")[:1]).update(computed_at=later)
    assert told() == [Subject.FIGURES, Subject.ALL]
    LanguageHolding.objects.update(counted_at=later)
    assert told() == [Subject.HOLDINGS, both, Subject.ALL]
    a_nation_is_counted_anew()
    assert told() == every
    today_is("date '2031-05-30'", monkeypatch)
    told()
    today_is("date '2031-05-31'", monkeypatch)
    assert told() == [Subject.GRANTS, Subject.COMMONS, both, Subject.ALL]
    today_is("date '2031-06-01'", monkeypatch)
    assert told() == every


def test_what_is_remembered_grows_old_though_no_time_tells_of_a_change(
    client: Client, world: Award, settings: Any
) -> None:
    """Of two recounts at once the one that began first is stored last: the newest time stays as it was."""
    settings.REMEMBERED_SECONDS = 1e9

    def told() -> Any:
        cache.clear()  # what is kept whole waits for the next change of anything
        return as_json(client, "/nations/IN/")["figures"]

    before = told()
    Rollup.objects.filter(nation="IN", metric="model", suppressed=False).update(lower=77, upper=77)
    assert told() == before
    settings.REMEMBERED_SECONDS = 1e8
    assert told() != before


def test_what_is_asked_for_often_stays_while_others_come_and_go(world: Award) -> None:
    read: list[int] = []

    @remembered_while(Subject.FIGURES)
    def by_number(number: int) -> int:
        read.append(number)
        return number

    with standing_at(data_stamp()):
        for number in range(4 * REMEMBERED):
            assert (by_number(number), by_number(0)) == (number, 0)
        assert read.count(0) == 1
        by_number(1)
        assert read.count(1) == 2, "and no more is remembered than there is room for"

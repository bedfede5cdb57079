"""Stored figures are proved from their rows; a changed rule makes all history anew and keeps the old."""

import dataclasses
import datetime
import io
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from contributions.actions.releases import adopt, adopt_outdated, begin_releases, open_month
from contributions.actions.rollups import outdated, recompute_stale
from contributions.measures.metric import later
from contributions.models import METRICS, Contribution, Metric, MetricRelease, Rollup
from contributions.proof import prove
from mission.errors import Refused
from mission.models import AuditEntry
from tests.contributions.test_rollups import APRIL, a_world, act, cell, crowd

pytestmark = pytest.mark.django_db(transaction=True)
RULE_1 = METRICS["merged_change"]
# The new rule counts a change twice: easy to see, and wrong enough never to be ours.
RULE_2 = dataclasses.replace(
    RULE_1,
    rule_version=2,
    facts=f"SELECT t.* FROM ({RULE_1.facts}) t UNION ALL SELECT t.* FROM ({RULE_1.facts}) t",
)


def quiet(_line: str) -> None:
    """Progress nobody reads."""


def recompute_command(*words: str) -> str:
    out = io.StringIO()
    call_command("recompute", *words, stdout=out)
    return out.getvalue()


def test_every_stored_figure_is_proved_from_its_rows() -> None:
    a_world()
    recompute_command()
    told = recompute_command("--check")
    stored = Rollup.objects.fresh().count()
    assert stored > 5
    assert told.splitlines()[-1] == f"{stored} cells compared, 0 differences, 0 months stale"


@pytest.mark.parametrize(
    "tampering",
    [{"upper": Decimal(1000)}, {"lower": Decimal(1)}, {"unknown_share": Decimal("0.5")}, {"spike": True}],
    ids=lambda values: next(iter(values)),
)
def test_a_tampered_figure_is_found(tampering: dict[str, object]) -> None:
    a_world()
    recompute_stale()
    Rollup.objects.filter(pk=cell("IN").pk).update(**tampering)
    with pytest.raises(CommandError, match="1 stored figures"):
        recompute_command("--check", "--metric", "merged_change")
    (line,) = prove(RULE_1).differences
    assert line.startswith(f"merged_change IN 2025-04: {next(iter(tampering))} is ")


def test_a_lost_and_an_invented_cell_are_found() -> None:
    a_world()
    recompute_stale()
    Rollup.objects.filter(pk=cell("IN").pk).update(month=datetime.date(2025, 7, 1))
    found = prove(RULE_1).differences
    assert found == [
        "merged_change IN 2025-04: not stored, though it has rows",
        "merged_change IN 2025-07: stored without rows",
    ]


def test_proving_writes_nothing_and_stale_months_are_told_not_judged() -> None:
    a_world()
    recompute_stale()
    act(None, 5000)
    before = list(Rollup.objects.order_by("pk").values())
    assert "1 months wait to be recomputed" in recompute_command("--check", "--metric", "merged_change")
    assert list(Rollup.objects.order_by("pk").values()) == before


def test_a_full_recompute_mends_what_was_tampered_with() -> None:
    a_world()
    recompute_stale()
    Rollup.objects.filter(metric="merged_change").update(upper=None, lower=None, suppressed=True)
    recompute_command("--metric", "merged_change")
    assert prove(RULE_1).differences == []
    assert cell("IN").upper


def changed_rule() -> MetricRelease:
    return adopt(actor=None, metric=RULE_2, note="Twice is better.", told=quiet)


def test_a_changed_rule_makes_history_anew_and_the_earlier_release_stays() -> None:
    for number, account in enumerate(crowd("IN", 12)):
        act(account, number)
        act(account, 100 + number, month=6)
    recompute_stale()
    begin_releases()
    old = {(row.month, row.nation_id): row.upper for row in Rollup.objects.filter(metric="merged_change")}
    release = changed_rule()
    kept = Rollup.objects.filter(metric="merged_change", rule_version=1)
    assert {(row.month, row.nation_id): row.upper for row in kept} == old
    assert not kept.filter(superseded_at=None).exists()
    new = Rollup.objects.current().filter(metric="merged_change")
    assert {(row.month, row.nation_id): row.upper for row in new} == {key: 2 * (old[key] or 0) for key in old}
    first, second = MetricRelease.objects.filter(metric="merged_change").order_by("rule_version")
    assert (first.superseded_at is not None, second) == (True, release)
    assert AuditEntry.objects.get(verb="metric.adopted").facts["superseded"] == len(old)


def test_until_a_rule_is_adopted_readers_see_the_figures_of_the_old_one() -> None:
    for number, account in enumerate(crowd("IN", 12)):
        act(account, number)
    recompute_stale()
    begin_releases()
    act(None, 500)
    metrics = {**METRICS, "merged_change": RULE_2}
    assert outdated(metrics) == {"merged_change"}
    recompute_stale(metrics=metrics)
    assert cell("IN").upper == 12
    (release,) = adopt_outdated(metrics=metrics, told=quiet)
    assert (cell("IN").upper, release.rule_version) == (24, 2)
    assert adopt_outdated(metrics=metrics, told=quiet) == []


def test_an_adoption_that_fails_changes_nothing() -> None:
    for number, account in enumerate(crowd("IN", 12)):
        act(account, number)
    recompute_stale()
    begin_releases()
    before = list(Rollup.objects.order_by("pk").values())
    broken = dataclasses.replace(RULE_2, facts="SELECT 1 / 0 AS nation_id")
    with pytest.raises(Exception, match=r"column|division"):
        adopt(actor=None, metric=broken, note="Broken.", told=quiet)
    assert list(Rollup.objects.order_by("pk").values()) == before
    assert MetricRelease.objects.get(metric="merged_change").superseded_at is None


@pytest.mark.parametrize(("metric", "note"), [(RULE_2, " "), (RULE_1, "Nothing new.")])
def test_a_rule_is_adopted_with_a_reason_and_only_if_it_is_new(metric: Metric, note: str) -> None:
    begin_releases()
    with pytest.raises(Refused):
        adopt(actor=None, metric=metric, note=note, told=quiet)
    assert MetricRelease.objects.filter(metric="merged_change").count() == 1


def test_a_write_while_a_rule_is_adopted_is_heard() -> None:
    for number, account in enumerate(crowd("IN", 12)):
        act(account, number)
    recompute_stale()
    begin_releases()
    changed_rule()
    act(crowd("IN", 1, begin=50)[0], 500)
    recompute_stale(metrics={**METRICS, "merged_change": RULE_2})
    assert cell("IN").upper == 26
    assert prove(RULE_2).differences == []


def test_a_state_holds_on_in_a_month_in_which_nothing_happens() -> None:
    act(None, 1)
    state = dataclasses.replace(
        RULE_1, slug="state", cumulative=True,
        facts=RULE_1.facts.replace("c.happened_at >= %(first)s AND", "%(first)s IS NOT NULL AND"),
    )  # fmt: skip
    metrics = {"state": state}
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    Contribution.objects.get()
    assert not Rollup.objects.filter(metric="state").exists()
    from contributions.actions.rollups import mark_months_stale

    mark_months_stale(metrics=[state], months=[APRIL])
    recompute_stale(metrics=metrics)
    open_month(metrics=metrics)
    recompute_stale(metrics=metrics)
    months = list(Rollup.objects.filter(metric="state").values_list("month", "upper"))
    assert len(months) == 2
    assert months[0] == (APRIL, 1)
    assert months[1][1] == 1
    assert later(APRIL, 1) < months[1][0]

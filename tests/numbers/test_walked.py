"""A large number is opened by walking its month: the same rows, in the same order, as if all were read."""

import datetime
import random
from decimal import Decimal

import pytest
from django.test import Client

from contributions import opened as seeing
from contributions.actions.rollups import recompute_stale
from contributions.cell_rows import Line, Total, rows, walked, walks
from contributions.measures import METRICS, Metric
from contributions.models import Account, Identity
from dashboards.measures import EVERY_METRIC
from tests.contributions.measured import act, artifact, facts, who
from tests.contributions.test_rollups import a_world
from tests.dashboards.pages import words
from tests.numbers.test_open_numbers import opened

pytestmark = pytest.mark.django_db
APRIL = datetime.date(2025, 4, 1)
PLACES = [("IN", False), ("DE", False), (None, False), (None, True)]
TIES = [("IN:A",), ("IN:D",), ("IN+DE:B",), ("*:C",), (), ("DE:A",)]
WALKED = [metric for metric in EVERY_METRIC.values() if walks(metric)]


def test_what_can_be_walked() -> None:
    slugs = {metric.slug for metric in WALKED}
    assert {
        "merged_change",
        "upstream_merge",
        "active_contributors",
        "half_of_the_work",
        "gated_share",
    } < slugs
    assert not slugs & {"new_contributors", "retained_contributors", "adoption", "languages_complete"}, (
        "these ask for the month's ends elsewhere too"
    )


def a_month() -> None:
    """Acts of three kinds on April's days, by sixteen people, two with two accounts, and by others."""
    dice = random.Random(3)
    people: list[Account | None] = [who(f"p{n}", *TIES[n % len(TIES)]) for n in range(16)]
    for mine, other in ((0, 6), (1, 9)):
        joined(people[mine], people[other])
    people += [who("house", "IN:A", kind="organisation"), who("robot", "IN:A", kind="bot"), None]
    owner = who("abroad", "DE:A")
    on = [artifact(f"tools-{n}", kind="repository", owner_account=owner) for n in range(3)]
    on.append(artifact("gated", gated=True))
    for number in range(220):
        kind = dice.choice(["merged_change", "merged_change", "review", "model"])
        act(dice.choice(people), dice.choice(on), kind, number=number, day=dice.randrange(1, 31))


def joined(mine: Account | None, other: Account | None) -> None:
    assert mine
    assert other
    identity = Identity.objects.create()
    Account.objects.filter(pk__in=[mine.pk, other.pk]).update(identity=identity)


def test_pages_walked_are_all_rows_in_order() -> None:
    a_month()
    found = 0
    for metric in WALKED:
        there = facts(metric)
        for place in PLACES:
            everything, _total = rows(metric, APRIL, place, people=True, limit=10_000)
            cell = "*" if place[1] else place[0] or "?"
            lines = {(fact.row_kind, fact.row_id, fact.subject) for fact in there if fact.cell == cell}
            assert {(line.row_kind, line.row_id, line.subject) for line in everything} == lines
            assert pages_of(metric, place) == everything, (metric.slug, place)
            found += len(everything)
    assert found > 1000


def test_rows_of_nobody_are_the_same_where_acts_are_many() -> None:
    """Found by the accounts of organisations, not act by act."""
    a_month()
    for metric in EVERY_METRIC.values():
        for place in PLACES:
            few = rows(metric, APRIL, place, people=False, limit=50)
            assert rows(metric, APRIL, place, people=False, limit=50, many=True) == few, (metric.slug, place)
    assert rows(METRICS["review"], APRIL, ("IN", False), people=False, limit=50)[0]


def test_a_key_of_another_month_leads_to_no_row_outside_this_one() -> None:
    a_month()
    on = artifact("elsewhere", kind="repository")
    by = who("p0")
    march = act(by, on, "merged_change", "2025-03", number="march")
    act(by, on, "merged_change", "2025-03", number="later in march", day=20)
    may = act(by, on, "merged_change", "2025-05", number="may")
    metric = METRICS["merged_change"]
    everything, _total = rows(metric, APRIL, ("IN", False), people=True, limit=10_000)
    for key, wanted in ((march, everything[:7]), (may, [])):
        after = f"contribution.{key.pk}.{key.pk}"
        assert walked(metric, APRIL, ("IN", False), after=after, limit=7, about=100) == wanted
        found, _total = rows(metric, APRIL, ("IN", False), people=True, after=after, limit=7)
        assert found == wanted


def pages_of(metric: Metric, place: tuple[str | None, bool]) -> list[Line]:
    """All pages of seven, each begun after the last line of the one before, whatever one believes of how
    many there are."""
    found: list[Line] = []
    for many in (1, 7, 100, 1000) * 100:
        after = found[-1].key if found else ""
        page = walked(metric, APRIL, place, after=after, limit=7, about=many)
        found += page
        if len(page) < 7:
            break
    return found


def test_a_large_number_is_walked_and_its_rows_add_up(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seeing, "FEW", 10)
    a_world()
    recompute_stale()
    for metric in ("merged_change", "active_contributors"):
        figure, listed = opened(client, f"/numbers/{metric}/IN/2025-04/")
        assert figure["value"]["upper"] == pytest.approx(
            sum(row["share"]["upper"] for row in listed), abs=0.01
        )
        page = words(client.get(f"/numbers/{metric}/IN/2025-04/"))
        assert "Rows in the order of time. All of them were counted on" in page
        assert len(client.get(f"/numbers/{metric}/IN/2025-04/?format=json").json()["figures"]) == 2


def test_however_many_acts_there_are_nobody_is_listed_who_may_not_be_seen() -> None:
    """A walk lists people, so who may not see them is given no walk."""
    a_month()
    for metric in WALKED:
        for people in (True, False):
            may = seeing.Seen(people=people, grades=True, acts=60_000)
            cell = metric, APRIL, ("IN", False), Decimal(60_000)
            found, total = seeing.lines(*cell, may, after="", limit=50)
            assert (total is None) == people, metric.slug
            assert people or not any(line.who for line in found), metric.slug


def test_where_people_may_not_be_seen_a_figure_of_people_has_no_row() -> None:
    """So none is looked for: see opened.lines."""
    a_month()
    for metric in (one for one in EVERY_METRIC.values() if one.people):
        for place in PLACES:
            assert rows(metric, APRIL, place, people=False, limit=7) == ([], Total(0, None, None))

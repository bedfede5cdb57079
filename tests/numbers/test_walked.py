"""A large number is opened by walking its month: the same rows, in the same order, as if all were read."""

import datetime
import random

import pytest
from django.test import Client
from django.utils import timezone

from contributions import cell_ways
from contributions.actions.rollups import recompute_stale
from contributions.cell_rows import Line, Total, rows, walked
from contributions.cell_ways import Here, Way, walks, way_of
from contributions.measures import METRICS, Metric
from contributions.models import Account, Identity, Rollup
from dashboards.measures import EVERY_METRIC
from tests.contributions.measured import act, artifact, who
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
        for place in PLACES:
            everything, total = rows(metric, APRIL, place, people=True, limit=10_000)
            by_all = rows(metric, APRIL, place, people=True, limit=10_000, own=False)
            assert by_all == (everything, total), (metric.slug, place)
            for own in (False, True) if place[0] else (False,):
                assert pages_of(metric, place, own) == everything, (metric.slug, place, own)
            found += len(everything)
    assert found > 1000


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


def pages_of(metric: Metric, place: tuple[str | None, bool], own: bool) -> list[Line]:
    """All pages of seven, each begun after the last line of the one before, whatever one believes of how
    many there are."""
    found: list[Line] = []
    for many in (1, 7, 100, 1000) * 100:
        after = found[-1].key if found else ""
        page = walked(metric, APRIL, place, after=after, limit=7, about=many, own=own)
        found += page
        if len(page) < 7:
            break
    return found


@pytest.mark.parametrize("accounts", [0.0, 1e6])
def test_a_large_number_is_walked_and_its_rows_add_up(
    client: Client, monkeypatch: pytest.MonkeyPatch, accounts: float
) -> None:
    """By those of the nation's accounts, where it has few, and by everybody's."""
    monkeypatch.setattr(cell_ways, "FEW", 10)
    monkeypatch.setattr(cell_ways, "ACCOUNTS", accounts)
    monkeypatch.setattr(cell_ways, "PASSED", 0.001)
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


def counted(metric: str, upper: int, **acts: int) -> Rollup:
    """What is published of the world's month, and one nation's cell of it."""
    computed = {"month": APRIL, "rule_version": 1, "computed_at": timezone.now()}
    for kind, many in acts.items():
        Rollup.objects.create(metric=kind, lower=many, upper=many, **computed)
    return Rollup(metric=metric, nation_id="IN", lower=upper, upper=upper, **computed)


@pytest.mark.parametrize(
    ("metric", "upper", "here", "way"),
    [
        ("merged_change", 200, Here(200, 300), Way(own=True)),
        ("merged_change", 900, Here(900, 1000), Way(own=True, about=900)),
        ("merged_change", 60_000, Here(60_000, 90_000), Way(own=False, about=60_000)),
        ("model", 3, Here(3, 9_000), Way(own=False)),
        ("half_of_the_work", 40, Here(60_000, 90_000), Way(own=False, about=60_000)),
        ("training_merge", 300, Here(60_000, 90_000), Way(own=False, about=300)),
        ("new_contributors", 300, Here(60_000, 90_000), Way(own=True)),
        ("languages_complete", 300, Here(0, 90_000), Way(own=True)),
    ],
)
def test_the_way_that_takes_least(metric: str, upper: int, here: Here, way: Way) -> None:
    """A nation of a hundred accounts is looked up, the many of a large one are not; few acts of the world
    are all read; where fifty are found soon the month is walked."""
    cell = counted(metric, upper, merged_change=200_000, review=60_000, model=1_500, training_merge=6_000)
    assert way_of(METRICS[metric], cell, here, people=True, limit=51) == way


def test_who_may_not_see_people_walks_nothing() -> None:
    cell = counted("merged_change", 60_000, merged_change=200_000)
    assert way_of(METRICS["merged_change"], cell, Here(60_000, 90_000), people=False, limit=51).about == 0


def test_nobody_knows_the_accounts_of_the_unknown() -> None:
    cell = counted("merged_change", 900, merged_change=200_000)
    cell.nation_id = None
    for upper in (100, 900):
        found = way_of(METRICS["merged_change"], cell, Here(upper, upper), people=True, limit=51)
        assert not found.own


def test_where_people_may_not_be_seen_a_figure_of_people_has_no_row() -> None:
    """So none is looked for: see opened.lines."""
    a_month()
    for metric in (one for one in EVERY_METRIC.values() if one.people):
        for place in PLACES:
            assert rows(metric, APRIL, place, people=False, limit=7) == ([], Total(0, None, None))

"""The panel: a ranked list, moderated points, reasons that are kept; then on to the decision."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from grants.actions.panels import finish_panel, record_panel
from grants.models import Application, PanelRecord
from grants.models.disagreement import from_the_others, leanings_in
from grants.models.gpu_time import gpu_ms
from mission.errors import Refused
from mission.models import Membership, Role, User
from tests.grants.world import officer, scored, startup, submitted
from tests.grants.world_reviews import PANEL, expert, routed
from tests.world import person

pytestmark = pytest.mark.django_db


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def before_the_panel(*points: tuple[int, int]) -> tuple[User, list[Application]]:
    """An officer, and one application of each pair of points by two reviewers."""
    meera = officer()
    call = routed(expert(), PANEL, actor=meera)
    ravi, lena = person("ravi", Role.REVIEWER), person("lena", Role.REVIEWER)
    rows = []
    for n, (one, other) in enumerate(points):
        founder, firm = startup(f"Firm {n}", f"founder{n}")
        row = submitted(founder, call, firm, title=f"Project {n}")
        scored(meera, row, ravi, one)
        scored(meera, row, lena, other)
        row.refresh_from_db()
        rows.append(row)
    return meera, rows


def held(actor: User, application: Application, points: str = "4.5", reasons: str = "Strong.") -> PanelRecord:
    moderated = {"commons": Decimal(points), "plan": Decimal(points)}
    return record_panel(actor=actor, application=application, moderated=moderated, reasons=reasons)


def test_the_last_review_in_brings_it_before_the_panel() -> None:
    _meera, (row,) = before_the_panel((4, 4))
    assert row.status == "panel"


def test_the_newest_record_counts_and_the_earlier_ones_stay() -> None:
    meera, (row,) = before_the_panel((4, 2))
    assert held(meera, row, "3").total == Decimal("60.00")
    assert held(meera, row, "4.5").total == Decimal("90.00")
    assert [str(record.total) for record in row.panel_records.all()] == ["90.00", "60.00"]
    finish_panel(actor=meera, application=row)
    row.refresh_from_db()
    assert row.status == "reviewed"


def test_it_goes_on_only_with_reasons() -> None:
    meera, (row,) = before_the_panel((4, 2))
    with pytest.raises(Refused, match="First record"):
        finish_panel(actor=meera, application=row)
    with pytest.raises(Refused) as refused:
        held(meera, row, reasons="  ")
    assert refused.value.field == "reasons"
    for points in ("5.5", "-1", "3.3"):
        with pytest.raises(Refused) as refused:
            held(meera, row, points)
        assert refused.value.field == "commons"
    assert not PanelRecord.objects.exists()


def test_the_list_is_ranked_by_the_panel_or_else_by_the_mean() -> None:
    meera, (low, high, middle) = before_the_panel((2, 2), (5, 5), (3, 3))
    desk, address = client_of(meera), f"/desk/calls/{low.call.slug}/panel/"
    assert in_order(desk, address) == ["Project 1", "Project 2", "Project 0"]
    held(meera, low, "4")
    assert in_order(desk, address) == ["Project 1", "Project 0", "Project 2"]
    csv = desk.get(f"{address}?format=csv").content.decode().splitlines()
    assert csv[1].startswith(f"1,{high.reference}")
    assert len(csv) == 4
    assert middle.status == "panel"


def in_order(desk: Client, address: str) -> list[str]:
    page = desk.get(address).content.decode()
    return sorted((f"Project {n}" for n in range(3)), key=lambda title: page.index(title))


def test_all_recorded_ones_go_on_together_when_the_number_still_holds() -> None:
    meera, rows = before_the_panel((2, 2), (5, 5), (3, 3))
    held(meera, rows[0])
    held(meera, rows[1])
    desk, address = client_of(meera), f"/desk/calls/{rows[0].call.slug}/panel/"
    assert "Send 2 applications on" in desk.get(address).content.decode()
    desk.post(f"{address}finish/", {"number": "3"})
    assert Application.objects.filter(status="panel").count() == 3
    desk.post(f"{address}finish/", {"number": "2"})
    assert sorted(Application.objects.values_list("status", flat=True)) == ["panel", "reviewed", "reviewed"]


def test_by_hand_points_start_at_the_mean_and_a_slip_loses_nothing() -> None:
    meera, (row,) = before_the_panel((5, 2))
    desk, address = client_of(meera), f"/desk/applications/{row.reference}/panel/"
    page = desk.get(address).content.decode()
    assert 'value="3.5"' in page
    assert "60 points of 100 apart" in page
    typed = {"commons-points": "9", "plan-points": "4", "reasons": "", "recommended": "200"}
    wrong = desk.post(f"{address}record/", typed)
    assert wrong.status_code == 422
    assert 'value="200"' in wrong.content.decode()
    typed |= {"commons-points": "4.5", "reasons": "Ravi had not seen the annex."}
    assert desk.post(f"{address}record/", {**typed, "finish": "1"}).status_code == 302
    row.refresh_from_db()
    record = row.panel_records.get()
    assert (row.status, record.recommended_gpu_ms) == ("reviewed", gpu_ms(200))
    assert record.total == Decimal("86.00")
    assert "Ravi had not seen the annex." in desk.get(address).content.decode()


def test_nobody_of_the_applicant_and_no_auditor_records() -> None:
    _meera, (row,) = before_the_panel((4, 4))
    divya, auditor = person("divya", Role.OFFICER), person("auditor", Role.AUDITOR)
    Membership.objects.create(user=divya, organisation=row.organisation)
    for user in (divya, auditor):
        with pytest.raises(Refused):
            held(user, row)
    assert row.title not in client_of(divya).get(f"/desk/calls/{row.call.slug}/panel/").content.decode()
    assert client_of(auditor).get(f"/desk/calls/{row.call.slug}/panel/").status_code == 200


def test_how_far_each_lies_from_the_others() -> None:
    totals = {1: Decimal(80), 2: Decimal(80), 3: Decimal(20)}
    assert from_the_others(totals) == {1: Decimal(30), 2: Decimal(30), 3: Decimal(-60)}
    assert from_the_others({1: Decimal(80)}) == {}


def test_a_reviewer_is_called_strict_after_three_reviews_that_others_gave_more_for() -> None:
    meera, rows = before_the_panel((5, 3), (4, 2))
    desk, address = client_of(meera), f"/desk/calls/{rows[0].call.slug}/panel/"
    assert "apart from the others" not in desk.get(address).content.decode()
    founder, firm = startup("Firm 9", "founder9")
    third = submitted(founder, rows[0].call, firm)
    for name, points in (("ravi", 4), ("lena", 3)):
        scored(meera, third, User.objects.get(email=f"{name}@example.org"), points)
    found = {leaning.reviewer: leaning for leaning in leanings_in(third.call)}
    lena = found[User.objects.get(email="lena@example.org").pk]
    assert (lena.reviews, lena.mean) == (3, Decimal("-33.33"))
    assert "Lena: 33 below the others on average, over 3 reviews" in desk.get(address).content.decode()


def test_a_wide_spread_is_flagged_where_reviewers_can_be_asked() -> None:
    meera, (row,) = before_the_panel((5, 2))
    page = client_of(meera).get(f"/desk/applications/{row.reference}/reviews/").content.decode()
    assert "The reviews lie 60 points of 100 apart" in page
    assert "Ask one more reviewer" in page
    zoe = person("zoe", Role.REVIEWER)
    scored(meera, row, zoe, 4)
    row.refresh_from_db()
    assert (row.status, row.scored) == ("panel", 3)


@pytest.mark.parametrize("where", ["list", "one"])
def test_the_pages_of_the_panel_keep_their_budget(where: str, django_assert_max_num_queries: Any) -> None:
    meera, rows = before_the_panel((2, 2), (5, 5))
    desk = client_of(meera)
    path = {
        "list": f"/desk/calls/{rows[0].call.slug}/panel/",
        "one": f"/desk/applications/{rows[0].reference}/panel/",
    }[where]
    with django_assert_max_num_queries(25) as asked:
        desk.get(path)
    first = len(asked)
    founder, firm = startup("Firm 9", "founder9")
    more = submitted(founder, rows[0].call, firm)
    for name in ("ravi", "lena"):
        scored(meera, more, User.objects.get(email=f"{name}@example.org"))
    held(meera, rows[0])
    with django_assert_max_num_queries(first + 1):
        desk.get(path)

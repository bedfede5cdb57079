"""The home of the desk: what waits for whom, since when, each leading to its list."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants.actions.messages import write_to_applicant, write_to_desk
from grants.models import (
    Appeal,
    Application,
    Decision,
    EligibilityOverride,
    Offer,
    Review,
)
from grants.models.searching import at_the_desk, narrowed
from grants.models.waiting import TASKS, tasks_for, waiting
from mission.models import Membership, Role, User
from tests.grants.world import officer, open_call, startup, submitted
from tests.grants.world_living import many
from tests.world import person

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def counts(user: User, *keys: str) -> dict[str, int]:
    return {task.key: task.total for task in waiting(at_the_desk(user), list(keys or TASKS)) if task.total}


def changed(application: Application, **values: Any) -> Application:
    Application.objects.filter(pk=application.pk).update(**values)
    application.refresh_from_db()
    return application


def decision(application: Application, by: User, **more: Any) -> Decision:
    values = {"kind": "award", "requested_gpu_ms": 1, "recommended_gpu_ms": 1, "reason": "Good"} | more
    return Decision.objects.create(application=application, decided_by=by, **values)


def test_each_state_waits_under_its_own_name() -> None:
    meera, now = officer(), timezone.now()
    rows = many(open_call(meera), 9)
    changed(rows[0], first_step="check")
    changed(rows[1], status="returned", complete_by=now - DAY)
    changed(rows[2], status="returned", complete_by=now + DAY)  # with the applicant: nothing to do
    changed(rows[3], status="assessment")
    changed(rows[4], status="in_review", asked=1)
    changed(rows[5], status="in_review", asked=2)
    changed(rows[6], status="panel")
    changed(rows[7], status="reviewed")
    changed(rows[8], status="decided")
    assert counts(meera) == {
        "checks": 1,
        "returned_late": 1,
        "assessments": 1,
        "without_reviewers": 1,
        "panel": 1,
        "to_decide": 1,
        "to_announce": 1,
        "held": 1,
    }


def test_a_decision_held_by_the_call_is_not_yet_to_be_announced() -> None:
    meera = officer()
    call = open_call(meera)
    changed(many(call, 1)[0], status="decided")
    type(call).objects.filter(pk=call.pk).update(results_at=timezone.now() + DAY)
    assert counts(meera) == {"held": 1}


def test_what_is_late_or_about_to_be_is_counted_with_its_day() -> None:
    meera, today = officer(), timezone.localdate()
    late, soon, calm, over = many(open_call(meera), 4)
    changed(late, due_on=today - DAY)
    changed(soon, due_on=today + 6 * DAY)
    changed(calm, due_on=today + 20 * DAY)
    changed(over, due_on=today - DAY, status="declined")
    Review.objects.create(
        application=calm, reviewer=person("ravi", Role.REVIEWER), assigned_by=meera, due_on=today - 2 * DAY
    )
    found = {task.key: task for task in waiting(at_the_desk(meera), ["breach", "late_reviews"])}
    assert (found["breach"].total, found["breach"].since) == (2, today - DAY)
    assert (found["late_reviews"].total, found["late_reviews"].since) == (1, today - 2 * DAY)


def test_messages_offers_and_appeals_wait_by_their_own_clock() -> None:
    meera, (asha, kaveri) = officer(), startup()
    call, now = open_call(meera), timezone.now()
    asked = submitted(asha, call, kaveri)
    first = write_to_desk(actor=asha, application=asked, body="Hello?")
    write_to_desk(actor=asha, application=asked, body="Anybody?")
    offered, far, appealed = many(call, 3)
    changed(offered, status="offered")
    changed(far, status="offered")
    changed(appealed, status="declined")
    lapses = now + 2 * DAY
    Offer.objects.create(application=offered, decision=decision(offered, meera), answer_by=lapses)
    Offer.objects.create(application=far, decision=decision(far, meera), answer_by=now + 20 * DAY)
    no = decision(appealed, meera, kind="decline")
    filed = Appeal.objects.create(application=appealed, decision=no, grounds="Unfair", filed_by=asha)
    found = {
        task.key: (task.total, task.since)
        for task in waiting(at_the_desk(meera), ["unread", "lapsing", "open_offers", "appeals"])
    }
    assert found["unread"] == (1, first.written_at)
    assert found["lapsing"] == (1, lapses)
    assert found["open_offers"][0] == 2
    assert found["appeals"] == (1, filed.filed_at)
    write_to_applicant(actor=meera, application=asked, body="Here I am.")
    assert "unread" not in counts(meera)


def test_every_count_leads_to_a_list_of_as_many() -> None:
    meera, now = officer(), timezone.now()
    rows = many(open_call(meera), 6)
    for row, status in zip(
        rows, ["submitted", "in_review", "panel", "reviewed", "decided", "returned"], strict=True
    ):
        changed(row, status=status, due_on=now.date(), complete_by=now - DAY)
    client = client_of(meera)
    home = client.get("/desk/").content.decode()
    for key, count in counts(meera, *tasks_for(frozenset({Role.OFFICER}))).items():
        assert f"/desk/applications/?task={key}" in home
        assert narrowed(at_the_desk(meera), {"task": key}).count() == count
        assert client.get(f"/desk/applications/?task={key}").status_code == 200


def test_each_role_sees_what_is_theirs() -> None:
    auditor, finance = person("auditor", Role.AUDITOR), person("finance", Role.FINANCE)
    meera = officer()
    row, despite = many(open_call(meera), 2)
    changed(row, status="decided")
    reviewer = person("ravi", Role.REVIEWER)
    Review.objects.create(
        application=despite, reviewer=reviewer, assigned_by=meera, override_reason="Nobody else knows Khmer"
    )
    EligibilityOverride.objects.create(
        call=row.call, organisation=row.organisation, rule="nations", reason="A treaty", given_by=meera
    )
    audit = client_of(auditor).get("/desk/").content.decode()
    assert "?task=let_in" in audit
    assert "?task=asked_despite" in audit
    assert "?task=to_announce" not in audit
    money = client_of(finance).get("/desk/").content.decode()
    assert "?task=held" in money
    assert "Budgets of calls" in money
    assert "?task=let_in" not in money
    desk = client_of(meera).get("/desk/").content.decode()
    assert "?task=to_announce" in desk
    assert "?task=let_in" not in desk


def test_an_officer_is_not_asked_to_act_on_their_own_organisation() -> None:
    meera = officer()
    row = changed(many(open_call(meera), 1)[0], status="reviewed")
    Membership.objects.create(
        user=meera, organisation=row.organisation, since="2020-01-01", until="2021-01-01"
    )
    assert counts(meera) == {}


def test_an_idle_desk_says_so() -> None:
    assert "Nothing waits for you" in client_of(officer()).get("/desk/").content.decode()


def test_the_home_asks_the_database_as_often_for_300_as_for_3(django_assert_max_num_queries: Any) -> None:
    meera = officer()
    call, client, asked_of = open_call(meera), client_of(meera), []
    for start, count in ((0, 3), (10, 297)):
        for row in many(call, count, start=start, status="in_review")[:3]:
            decision(row, meera)
        with django_assert_max_num_queries(13) as asked:
            assert client.get("/desk/").status_code == 200
        asked_of.append(len(asked))
    assert asked_of[0] == asked_of[1], asked_of

"""Acts on many applications: a page that names how many, then each by itself, once."""

import re
from typing import Any

import pytest
from django.test import Client

from grants.actions.bulk import act_on_each, add_note, send_message
from grants.models import Application, Letter, Message, Note, Notification
from mission.models import Membership, Role, User
from tests.grants.world import officer, open_call, startup, submitted
from tests.grants.world_living import many
from tests.world import organisation, person

pytestmark = pytest.mark.django_db
BULK = "/desk/applications/bulk/"
CHECKED = [
    {
        "route": "review",
        "up_to_gpu_hours": None,
        "up_to_money": None,
        "service_days": None,
        "steps": [{"step": "check"}, {"step": "review", "reviews": 2, "blind": False}, {"step": "decision"}],
    }
]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def teams(call: Any, count: int) -> list[Application]:
    made = []
    for n in range(count):
        founder = person(f"founder{n}")
        made.append(submitted(founder, call, organisation(founder, f"Team {n}")))
    return made


def once_of(answer: Any) -> str:
    found = re.search(r'name="once" value="([0-9a-f-]{36})"', answer.content.decode())
    assert found
    return found[1]


def ask(client: Client, act: str, rows: list[Application], **more: Any) -> Any:
    return client.post(BULK, {"act": act, "reference": [a.reference for a in rows], **more})


def confirmed(client: Client, act: str, rows: list[Application], **values: Any) -> Any:
    once = once_of(ask(client, act, rows))
    return ask(client, act, rows, confirmed="1", once=once, **values)


def test_nothing_happens_before_a_page_named_the_number() -> None:
    meera = officer()
    rows = teams(open_call(meera), 3)
    answer = ask(client_of(meera), "message", rows[:2], body="Hello")
    page = answer.content.decode()
    assert "Send a message to the applicants of 2 applications?" in page
    assert "Send to 2 applications" in page
    assert rows[0].reference in page
    assert rows[2].reference not in page
    assert not Message.objects.exists()


def test_a_message_to_many_is_a_message_to_each() -> None:
    meera = officer()
    rows = teams(open_call(meera), 3)
    Letter.objects.all().delete()
    answer = confirmed(client_of(meera), "message", rows, body="The deadline of the report moves.")
    assert answer.status_code == 302
    assert Message.objects.filter(from_desk=True).count() == 3
    assert Notification.objects.filter(kind="message").count() == 3


def test_the_same_page_sent_twice_acts_once() -> None:
    meera = officer()
    rows, client = teams(open_call(meera), 2), client_of(meera)
    once = once_of(ask(client, "note", rows))
    for _twice in range(2):
        ask(client, "note", rows, confirmed="1", once=once, body="Looked at together")
    assert Note.objects.count() == 2


def test_all_that_the_list_finds_is_more_than_what_is_ticked() -> None:
    meera = officer()
    call = open_call(meera)
    many(call, 70)
    many(open_call(meera, title="Other"), 2, start=100)
    answer = client_of(meera).post(BULK, {"act": "note", "all": "1", "query": f"call={call.slug}"})
    assert "Add a note to 70 applications?" in answer.content.decode()


def test_what_one_refuses_stops_no_other_and_is_told() -> None:
    meera = officer()
    with_check = teams(open_call(meera, routes=CHECKED), 2)
    founder = person("late")
    without = submitted(founder, open_call(meera, title="Plain"), organisation(founder, "Late"))
    answer = confirmed(client_of(meera), "check", [*with_check, without], note="Complete")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert without.reference in page
    assert with_check[0].reference not in page
    assert "Done: 2 applications." in page
    for row in with_check:
        row.refresh_from_db()
        assert row.status == "in_review"


def test_declining_many_asks_for_reason_and_feedback_first() -> None:
    meera = officer()
    rows, client = teams(open_call(meera), 2), client_of(meera)
    bare = confirmed(client, "decline", rows)
    assert bare.status_code == 422
    assert not Application.objects.filter(status="declined").exists()
    done = confirmed(client, "decline", rows, reason="Below the line", feedback="Thank you for applying.")
    assert done.status_code == 302
    assert Application.objects.filter(status="declined").count() == 2
    assert Letter.objects.filter(kind="declined").count() == 2


@pytest.mark.parametrize(
    ("post", "sentence"),
    [({"act": "note"}, "Tick the applications first."), ({"act": "explode"}, "Choose what to do.")],
)
def test_nothing_ticked_or_nothing_chosen_goes_back_with_a_sentence(
    post: dict[str, str], sentence: str
) -> None:
    answer = client_of(officer()).post(BULK, post, follow=True)
    assert sentence in answer.content.decode()


def test_more_than_500_at_once_are_refused() -> None:
    meera = officer()
    many(open_call(meera), 501)
    answer = client_of(meera).post(BULK, {"act": "note", "all": "1"}, follow=True)
    assert "more than 500 applications at once" in answer.content.decode()


def test_references_of_others_are_not_acted_on() -> None:
    meera, (asha, kaveri) = officer(), startup()
    row = submitted(asha, open_call(meera), kaveri)
    bound = officer("bound")
    Membership.objects.create(user=bound, organisation=kaveri, since="2020-01-01", until="2021-01-01")
    answer = ask(client_of(bound), "note", [row])
    assert answer.status_code == 302, "nothing that they may know of was ticked"
    for user in (asha, person("ravi", Role.REVIEWER), person("auditor", Role.AUDITOR)):
        assert ask(client_of(user), "note", [row]).status_code == 404
    result = act_on_each(actor=bound, act=add_note, applications=[row], body="No")
    assert not result.done
    assert not Note.objects.exists()


def test_a_message_to_many_by_action_reports_each() -> None:
    meera = officer()
    rows = teams(open_call(meera), 2)
    result = act_on_each(actor=meera, act=send_message, applications=rows, body="  ")
    assert [sentence for _row, sentence in result.refused] == ["Write something first."] * 2

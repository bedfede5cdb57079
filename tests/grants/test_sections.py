"""One topic a page: what each page keeps, where its buttons lead, and what the list says of it."""

import datetime
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from grants.models import Application, Call
from grants.models.steps import Outcome, StepResult
from mission.models import User
from tests.grants.world import ANSWERS, drafted, officer, open_call, startup

pytestmark = pytest.mark.django_db
IN_TWO = [
    {"key": "plan", "kind": "long_text", "label": "Your plan", "max_words": 50, "section": "The plan"},
    {"key": "team", "kind": "team", "label": "Your team", "section": "The team", "required": False},
]


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def begun(**more: Any) -> tuple[Client, Application]:
    call, (asha, kaveri) = open_call(officer(), questions=IN_TWO), startup()
    return client_of(asha), drafted(asha, call, kaveri, **more)


def version_in(answer: Any) -> str:
    found = re.search(r'name="version" value="(\d+)"', answer.content.decode())
    assert found
    return found[1]


def test_a_page_saves_only_its_own_answers_and_leads_on() -> None:
    client, application = begun()
    own = application.get_absolute_url()
    first = client.post(f"{own}basics/", {**ANSWERS, "title": "New", "plan": "Smuggled", "version": "1"})
    assert first["Location"] == f"{own}the-plan/"
    second = client.post(f"{own}the-plan/", {"plan": "Train.", "version": "1"})
    assert second["Location"] == f"{own}the-team/"
    third = client.post(f"{own}the-team/", {"team-0-name": "Bela", "team-0-role": "Data", "version": "1"})
    assert third["Location"] == f"{own}check/"
    application.refresh_from_db()
    assert application.title == "New"
    assert application.answers["plan"] == "Train."
    assert application.answers["team"][0]["name"] == "Bela"


def test_answers_that_will_not_do_come_back_with_everything_typed_and_are_saved() -> None:
    client, application = begun()
    own = application.get_absolute_url()
    answer = client.post(f"{own}basics/", {**ANSWERS, "gpu_hours": "many", "version": "1"})
    page = text_of(answer)
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert "Write a number" in page
    assert 'value="many"' in page
    assert version_in(answer) == "2"
    assert Application.objects.get().answers["gpu_hours"] == "many"
    long = text_of(client.post(f"{own}the-plan/", {"plan": "word " * 60, "version": "1"}))
    assert "This has 60 words. Shorten it to 50." in long


@pytest.mark.parametrize(("button", "leads"), [("save-stay", "the-plan/"), ("save-list", "")])
def test_what_is_not_finished_may_be_left(button: str, leads: str) -> None:
    client, application = begun()
    own = application.get_absolute_url()
    answer = client.post(f"{own}the-plan/", {"plan": "word " * 60, "version": "1", button: "1"})
    assert answer["Location"] == f"{own}{leads}"
    assert Application.objects.get().answers["plan"].startswith("word")


def test_autosave_answers_with_the_version_of_its_section() -> None:
    client, application = begun()
    address = f"{application.get_absolute_url()}the-plan/save/"
    first = client.post(address, {"plan": "Mine", "version": "1"})
    assert first.json()["version"] == 2
    clash = client.post(address, {"plan": "Yours", "version": "1"})
    assert clash.status_code == 409
    assert clash.json()["error"]["code"] == "clash"
    assert Application.objects.get().answers["plan"] == "Mine"


def test_the_list_says_of_each_page_how_far_it_is() -> None:
    client, application = begun(plan="word " * 60)
    page = text_of(client.get(application.get_absolute_url()))
    states = re.findall(r'<span class="tag[^"]*">([^<]+)</span>', page)
    assert states == ["Draft", "Done", "In progress", "Optional", "Not yet"]
    assert "1 answer is missing or to be mended." in page
    assert "The server's clock" in page.replace("&#x27;", "'")
    assert "Asha" in page
    client.post(f"{application.get_absolute_url()}the-plan/", {"plan": "Train.", "version": "1"})
    assert "Ready" in text_of(client.get(application.get_absolute_url()))


def test_after_the_deadline_the_list_says_so_and_keeps_what_was_written() -> None:
    client, application = begun()
    Call.objects.update(closes_at=timezone.now() - datetime.timedelta(minutes=1))
    page = text_of(client.get(application.get_absolute_url()))
    assert "The call closed on" in page
    kept = client.post(
        f"{application.get_absolute_url()}the-plan/", {"plan": "Late.", "version": "1", "save-stay": "1"}
    )
    assert kept.status_code == 302
    assert Application.objects.get().answers["plan"] == "Late."


def test_a_page_that_no_section_has_is_not_there() -> None:
    client, application = begun()
    assert client.get(f"{application.get_absolute_url()}nowhere/").status_code == 404


def test_a_page_hidden_while_it_was_open_keeps_what_was_typed() -> None:
    questions = [
        {"key": "data", "kind": "choice", "label": "Personal data?", "choices": ["Yes", "No"]},
        {
            "key": "consent",
            "kind": "long_text",
            "label": "Consent",
            "section": "Personal data",
            "shown_if": {"question": "data", "is": ["Yes"]},
        },
    ]
    call, (asha, kaveri) = open_call(officer(), questions=questions), startup()
    application, client = drafted(asha, call, kaveri, data="Yes"), client_of(asha)
    own = application.get_absolute_url()
    assert client.get(f"{own}personal-data/").status_code == 200
    client.post(f"{own}project/", {"data": "No", "version": "1"})
    answer = client.post(f"{own}personal-data/", {"consent": "Asked twice.", "version": "1"}, follow=True)
    assert "is not asked any more. What you wrote is kept." in text_of(answer)
    assert Application.objects.get().answers["consent"] == "Asked twice."


def test_a_returned_application_shows_what_is_missing_and_until_when() -> None:
    client, application = begun()
    until = timezone.now() + datetime.timedelta(days=3)
    Application.objects.update(status="returned", submitted_at=timezone.now(), complete_by=until)
    StepResult.objects.create(
        application=application,
        step="check",
        outcome=Outcome.RETURNED,
        words="Name your hospital.",
        found_by=officer("divya"),
    )
    page = text_of(client.get(application.get_absolute_url()))
    assert "Name your hospital." in page
    assert "To be completed by" in page


@pytest.mark.parametrize("where", ["", "basics/", "the-team/", "check/"])
def test_pages_of_an_application_ask_the_database_as_often_for_many_as_for_one(
    where: str, django_assert_max_num_queries: Any
) -> None:
    client, application = begun()
    counts = []
    for rows in (1, 12):
        team = [{"name": f"P{n}", "role": "Data", "email": f"p{n}@example.org"} for n in range(rows)]
        Application.objects.update(answers={**application.answers, "team": team})
        with django_assert_max_num_queries(24) as asked:
            assert client.get(f"{application.get_absolute_url()}{where}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1], counts

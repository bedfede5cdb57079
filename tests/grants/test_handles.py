"""Handles that applicants give, against servers that speak GitHub's and Hugging Face's protocols."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.template import Context, Template
from django.test import Client
from django.utils import timezone

from grants import tasks
from grants.actions.applications import save_draft, start_application
from grants.actions.handles import look_up, look_up_due, watch_handles
from grants.models import Application, Handle, HandleStatus
from tests.grants.world import ANSWERS, QUESTIONS, officer, open_call, startup
from tests.local_github import LocalGitHub, World
from tests.local_github.faults import Fault
from tests.local_huggingface import LocalHub

pytestmark = pytest.mark.django_db
ASKED = [
    {"key": "code", "kind": "github", "label": "Your organisation on GitHub", "required": False},
    {"key": "hub", "kind": "huggingface", "label": "On Hugging Face", "required": False},
    {"key": "team", "kind": "team", "label": "Your team", "required": False},
]
MODEL = {
    "id": "kaveri/marathi-asr",
    "author": "kaveri",
    "_id": "0" * 24,
    "createdAt": "2025-01-01T00:00:00.000Z",
    "lastModified": "2025-01-01T00:00:00.000Z",
    "tags": [],
}


@pytest.fixture
def github(settings: LazySettings) -> Iterator[LocalGitHub]:
    with LocalGitHub(world=World()) as server:
        settings.GITHUB_API_URL = server.url
        yield server


@pytest.fixture
def hub(settings: LazySettings) -> Iterator[LocalHub]:
    with LocalHub([MODEL]) as server:
        settings.HF_ENDPOINT = server.url
        yield server


def draft(**answers: Any) -> Application:
    asha, kaveri = startup()
    call = open_call(officer(), questions=[*QUESTIONS, *ASKED])
    begun = start_application(actor=asha, call=call, organisation=kaveri)
    saved = save_draft(
        actor=asha, application=begun, answers={**ANSWERS, **answers}, version=begun.draft_version
    )
    watch_handles(application=saved)
    return saved


def shown(application: Application) -> str:
    template = Template("{% load handles %}{% handles application %}")
    return " ".join(template.render(Context({"application": application})).split())


def test_handles_are_found_in_answers_and_in_the_team_each_once(github: LocalGitHub) -> None:
    team = [
        {"name": "Asha", "role": "Lead", "github": "https://github.com/Person-1", "huggingface": "asha"},
        {"name": "Ravi", "role": "Data", "github": "@person-1"},
        {"name": "Lena", "role": "Data", "github": "not a handle!"},
        {"name": "Nobody"},
    ]
    application = draft(code="https://github.com/kaveri-labs", hub="kaveri", team=team)
    assert set(Handle.objects.values_list("platform", "name")) == {
        ("github", "kaveri-labs"),
        ("huggingface", "kaveri"),
        ("github", "person-1"),
        ("huggingface", "asha"),
    }
    assert github.asked == []  # whoever saves does not wait for a platform
    assert watch_handles(application=application) == 0
    assert "Is being looked up." in shown(application)


def test_saving_watches_and_the_applicant_sees_what_is_known(github: LocalGitHub) -> None:
    asha, kaveri = startup()
    begun = start_application(
        actor=asha, call=open_call(officer(), questions=[*QUESTIONS, *ASKED]), organisation=kaveri
    )
    save_draft(actor=asha, application=begun, answers={**ANSWERS, "code": "kaveri-labs"}, version=0)
    look_up_due()
    client = Client()
    client.force_login(asha)
    page = client.get(f"/apply/{begun.reference}/check/").content.decode()
    assert "Accounts given" in page
    assert "3 public repositories" in page


def test_what_is_known_is_shown(github: LocalGitHub, hub: LocalHub) -> None:
    application = draft(code="Kaveri-Labs", hub="kaveri")
    tasks.look_up_due_handles()
    page = shown(application)
    assert '<a href="https://github.example/kaveri-labs" rel="nofollow noreferrer">kaveri-labs</a>' in page
    assert "Organisation, 3 public repositories, since January 2025" in page
    assert '<a href="https://huggingface.co/kaveri"' in page
    assert "Kaveri, Organisation, 1 model" in page
    assert look_up_due() == 0  # for a month


def test_a_person_on_the_hub_takes_one_request(github: LocalGitHub, hub: LocalHub) -> None:
    hub.people.add("kaveri")
    application = draft(hub="kaveri")
    look_up_due()
    assert hub.asked == ["/api/users/kaveri/overview"]
    assert "Person, 1 model, since April 2023" in shown(application)


def test_what_is_not_there_says_check_the_spelling(github: LocalGitHub, hub: LocalHub) -> None:
    application = draft(code="kaveri-lasb", hub="kavery")
    look_up_due()
    assert set(Handle.objects.values_list("status", flat=True)) == {HandleStatus.MISSING}
    assert shown(application).count("Check the spelling") == 2


def test_a_platform_that_is_away_is_asked_again_and_what_was_known_stands(
    github: LocalGitHub, settings: LazySettings
) -> None:
    known = draft(code="person-1")
    look_up_due()
    away = settings.GITHUB_API_URL
    settings.GITHUB_API_URL = "http://127.0.0.1:9"
    new = Handle.objects.create(platform="github", name="person-2")
    Handle.objects.update(next_look_at=timezone.now())
    look_up_due()
    assert "Person, 0 public repositories" in shown(known)
    new.refresh_from_db()
    assert new.status == HandleStatus.UNKNOWN
    Application.objects.update(answers={**ANSWERS, "code": "person-2"})
    known.refresh_from_db()
    assert "Could not be looked up yet" in shown(known)
    settings.GITHUB_API_URL = away
    Handle.objects.update(next_look_at=timezone.now())
    look_up_due()
    assert "person-2</a>" in shown(known)


def test_who_is_asked_to_wait_waits_and_asks_for_no_other(github: LocalGitHub, hub: LocalHub) -> None:
    github.faults.append(Fault("limited", "/users/", seconds=120))
    application = draft(
        team=[{"name": "A", "github": f"person-{n}", "huggingface": ""} for n in range(3)], hub="kaveri"
    )
    began = timezone.now()
    assert look_up_due() == 1  # the Hub's
    assert len(github.asked) == 1
    waiting = Handle.objects.filter(platform="github", status=HandleStatus.WAITING)
    assert waiting.count() == 3
    first = waiting.order_by("-next_look_at")[0]
    assert 100 < (first.next_look_at - began).total_seconds() < 130
    assert "Is being looked up." in shown(application)


def test_a_handle_is_looked_up_by_one_worker(github: LocalGitHub) -> None:
    draft(code="person-1")
    handle = Handle.objects.get()
    assert look_up(handle_id=handle.pk) == HandleStatus.FOUND
    assert look_up(handle_id=handle.pk) is None
    assert len(github.asked) == 1

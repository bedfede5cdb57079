"""Accessibility, privacy and status: said in the foot of every page, true, and without secrets."""

import datetime
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from contributions.models import Source
from mission.tasks import HEARTBEAT_KEY, heartbeat
from tests.dashboards.pages import words
from tests.world import person

pytestmark = pytest.mark.django_db


def watch(name: str, **more: Any) -> Source:
    return Source.objects.create(platform="github", kind="organisation", name=name, **more)


@pytest.mark.parametrize("path", ["/accessibility/", "/privacy/", "/status/", "/compute/"])
def test_the_foot_of_every_page_leads_there(client: Client, path: str) -> None:
    assert f'href="{path}"' in client.get("/methods/").content.decode()


def test_where_to_complain_is_an_address(client: Client, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "The Mission <help@mission.example>"
    for path in ("/accessibility/", "/privacy/"):
        assert 'href="mailto:help@mission.example"' in client.get(path).content.decode()


def test_status_tells_a_silent_worker_at_once(client: Client) -> None:
    cache.clear()
    silent = client.get("/status/")
    assert "Something does not answer" in words(silent)
    assert silent["Cache-Control"] == "no-cache"
    heartbeat()
    assert "Everything works" in words(client.get("/status/"))


def test_status_is_told_again_only_when_something_changed_or_a_while_is_over(
    client: Client, settings: Any
) -> None:
    settings.STATUS_SECONDS = 1e9

    def again(tag: str, path: str = "/status/") -> int:
        return client.get(path, headers={"if-none-match": tag}).status_code

    heartbeat()
    first = client.get("/status/")
    with CaptureQueriesContext(connection) as captured:
        same = client.get("/status/", headers={"if-none-match": first["ETag"]})
    assert (same.status_code, len(captured)) == (304, 0)
    assert same["Cache-Control"] == "no-cache"
    assert {"Accept", "Cookie"} <= set(same["Vary"].split(", "))
    assert again(first["ETag"], "/hi/status/") == again(first["ETag"], "/status/?format=json") == 200
    cache.clear()  # nobody hears of the worker any more
    assert again(first["ETag"]) == 200
    heartbeat()
    assert again(first["ETag"]) == 304
    settings.STATUS_SECONDS = 1e8
    assert again(first["ETag"]) == 200
    settings.STATUS_SECONDS = 1e9
    client.force_login(person("ravi"))  # whose name and doors stand in the head of the page
    assert again(first["ETag"]) == 200


def test_status_is_counted_once_for_all_who_come_within_a_while(client: Client, settings: Any) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/status/").status_code == 200
        return len(captured)

    heartbeat()
    settings.STATUS_SECONDS = 1e7
    first, second = asked(), asked()
    assert (first, second) == (5, 0)  # sources, and four of what was counted last
    settings.STATUS_SECONDS = 1e6
    assert asked() == first


def test_a_silent_worker_is_told_with_the_minutes(client: Client) -> None:
    cache.set(HEARTBEAT_KEY, timezone.now().timestamp() - 300)
    assert "Last heard of 5 minutes ago." in words(client.get("/status/"))


def test_status_is_there_without_valkey(client: Client, settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    page = client.get("/status/")
    assert page.status_code == 200
    assert "Something does not answer" in words(page)


def test_status_counts_sources_and_names_none(client: Client) -> None:
    now = timezone.now()
    late = now - datetime.timedelta(hours=25)
    watch("a-secret-plan", due_at=late, requests=10, requests_free=4)
    watch("another", due_at=now + datetime.timedelta(hours=1), synced_at=now, requests=5, trouble="")
    watch("in-trouble", due_at=now, trouble="403: token ghp_abc was refused")
    page = client.get("/status/")
    assert "Sources: 1 is late by a day" in words(page)
    for secret in ("a-secret-plan", "another", "ghp_abc"):
        assert secret not in page.content.decode()
    row = client.get("/status/?format=json&figure=sources").json()["figures"][0]["rows"][0]
    told = {key: row[key]["value"] for key in ("watched", "well", "late", "trouble", "requests", "free")}
    assert told == {"watched": 3, "well": 1, "late": 1, "trouble": 1, "requests": 15, "free": 4}


def test_status_asks_the_same_of_one_source_and_of_many(client: Client) -> None:
    counts = []
    for number in range(2):
        for each in range(20 * number + 1):
            watch(f"owner-{number}-{each}")
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/status/").status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 6

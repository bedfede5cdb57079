"""Atom feeds: valid, linked from the pages, and nothing sent where nothing is new."""

import datetime
import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from django.test import Client

from dashboards.models import DataRelease
from grants.models import Award, Call
from mission.models import Organisation
from tests.dashboards.conftest import make_award

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = {"releases": "/data/", "awards": "/awards/", "calls": "/calls/"}


def read(client: Client, name: str) -> Any:
    answer = client.get(f"/feeds/{name}.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(answer.content)


def text(node: Any, name: str) -> str:
    found = node.find(f"{ATOM}{name}")
    assert found is not None, f"no {name}"
    return "".join(found.itertext())


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_has_what_atom_asks_for(client: Client, world: Award, name: str) -> None:
    """RFC 4287: ids, titles and moments everywhere, an author, an address of its own, no id twice."""
    feed = read(client, name)
    assert feed.tag == f"{ATOM}feed"
    assert text(feed, "author")
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"].endswith(f"/feeds/{name}.atom")
    assert links["alternate"].endswith(FEEDS[name])
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for node in (feed, *entries):
        assert text(node, "id").startswith("tag:")
        assert text(node, "title")
        assert datetime.datetime.fromisoformat(text(node, "updated")).tzinfo
    assert len({text(entry, "id") for entry in entries}) == len(entries)
    for entry in entries:
        address = entry.find(f"{ATOM}link").get("href")
        assert client.get(re.sub(r"^https?://[^/]+", "", address)).status_code == 200


def test_feeds_tell_what_there_is(client: Client, world: Award) -> None:
    release, call = DataRelease.objects.published().get(), Call.objects.get()
    assert text(read(client, "releases").find(f"{ATOM}entry"), "title") == f"Release {release.name}"
    award = read(client, "awards").find(f"{ATOM}entry")
    assert text(award, "title") == world.title
    assert "To Kaveri Labs, India: 500 GPU-hours." in text(award, "summary")
    assert text(read(client, "calls").find(f"{ATOM}entry"), "title") == call.title


def test_an_individual_is_named_in_no_feed(client: Client, world: Award) -> None:
    Organisation.objects.filter(pk=world.organisation_id).update(type="individual", name="Asha Rao")
    content = client.get("/feeds/awards.atom").content.decode()
    assert "To an individual, India" in content
    assert "Asha" not in content


@pytest.mark.parametrize("name", FEEDS)
def test_who_looks_again_is_told_that_nothing_is_new(client: Client, world: Award, name: str) -> None:
    first = client.get(f"/feeds/{name}.atom")
    by_tag = client.get(f"/feeds/{name}.atom", headers={"if-none-match": first["ETag"]})
    by_time = client.get(f"/feeds/{name}.atom", headers={"if-modified-since": first["Last-Modified"]})
    assert (by_tag.status_code, by_time.status_code) == (304, 304)


def test_a_new_award_is_in_the_feed(client: Client, world: Award) -> None:
    first = client.get("/feeds/awards.atom")
    made = make_award("Ganga Labs", "meera")
    again = client.get("/feeds/awards.atom", headers={"if-none-match": first["ETag"]})
    assert made.organisation.name in again.content.decode()


def test_an_empty_feed_is_a_feed(client: Client, db: None) -> None:
    DataRelease.objects.all().delete()
    feed = read(client, "releases")
    assert text(feed, "updated") == "2026-01-01T00:00:00+00:00"
    assert not feed.findall(f"{ATOM}entry")


def test_pages_name_their_feeds(client: Client, world: Award) -> None:
    for name, page in FEEDS.items():
        assert 'type="application/atom+xml" title="' in client.get(page).content.decode()
        assert f'href="/feeds/{name}.atom">' in client.get(page).content.decode()

"""What an Atom feed of this site is made of."""

import datetime
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.http import http_date
from django.utils.translation import get_language

BEGAN = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)  # of a feed without entries


class Entry(NamedTuple):
    title: str
    address: str  # from the root of this site
    words: str
    at: datetime.datetime


def feed(name: str, title: str, page: str, entries: Iterable[Entry]) -> HttpResponse:
    """Newest first. Ids are tags of the day and the address, so that a move of the site keeps them apart."""
    found = list(entries)
    site = settings.SITE_URL
    updated = max((entry.at for entry in found), default=BEGAN)
    atom = Atom1Feed(
        title=f"{settings.PUBLISHER_NAME}: {title}",
        link=f"{site}{page}",
        description=title,
        language=get_language(),
        author_name=settings.PUBLISHER_NAME,
        feed_url=f"{site}{reverse(f'dashboards:{name}')}",
        feed_guid=tag(page, BEGAN),
    )
    for entry in found:
        atom.add_item(
            title=entry.title,
            link=f"{site}{entry.address}",
            description=entry.words,
            pubdate=entry.at,
            updateddate=entry.at,
            unique_id=tag(entry.address, entry.at),
        )
    if not found:
        atom.latest_post_date = lambda: updated  # type: ignore[method-assign]  # else it is now, every time
    response = HttpResponse(atom.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")
    response["Last-Modified"] = http_date(updated.timestamp())
    response["Access-Control-Allow-Origin"] = "*"
    return response


def tag(address: str, at: datetime.datetime) -> str:
    host = urlsplit(settings.SITE_URL).hostname
    return f"tag:{host},{at:%Y-%m-%d}:{address}"

"""The public pages, by name; and a reader of what they answer."""

import csv
import html
import io
import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from contributions.models import Artifact
from grants.models import Award

PLAIN = {
    "home": "/",
    "nations": "/nations/",
    "nations by pushes per head": "/nations/?metric=git_pushes&per=head&sort=change",
    "nation": "/nations/IN/",
    "small nation": "/nations/TV/",
    "Kosovo": "/nations/XK/",
    "compare": "/compare/?n=IN&n=BR&n=TV",
    "languages": "/languages/",
    "languages of a nation": "/languages/?nation=IN",
    "commons": "/commons/",
    "awards": "/awards/",
    "data": "/data/",
    "methods": "/methods/",
    "bots": "/bots/",
    "search": "/search/?q=kaveri",
    "corrections": "/corrections/",
    "give and take": "/give-and-take/",
    "give and take of a nation": "/give-and-take/?nation=IN&months=60&to=IN",
}


def every_page() -> dict[str, str]:
    """Those above, and one artefact, one award and one number that was opened."""
    artifact, award = Artifact.objects.order_by("pk").first(), Award.objects.first()
    assert artifact is not None
    assert award is not None
    number = f"/numbers/model/IN/{timezone.now():%Y-%m}/"
    rows = {"artifact": artifact.get_absolute_url(), "award": award.get_absolute_url(), "number": number}
    return {**PLAIN, **rows}


def words(response: HttpResponse) -> str:
    """The page as a person reads it: without tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def as_json(client: Client, path: str) -> Any:
    return client.get(with_format(path, "json")).json()


def as_csv(client: Client, path: str, figure: str) -> list[dict[str, str]]:
    response = client.get(with_format(path, "csv") + f"&figure={figure}")
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def with_format(path: str, wanted: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}format={wanted}"


def tables(response: HttpResponse) -> dict[str, list[list[str]]]:
    """The table of each figure on a page, by the figure's slug: rows of cells."""
    found = {}
    for slug, body in re.findall(
        r'<figure class="figure" id="([^"]+)">(.*?)</figure>', response.content.decode(), re.S
    ):
        rows = [  # of a long table the first rows stand apart from the others
            row
            for part in re.findall(r"<tbody>(.*?)</tbody>", body, re.S)
            for row in re.findall(r"<tr[^>]*>(.*?)</tr>", part, re.S)
        ]
        found[slug] = [
            [clean(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)] for row in rows
        ]
    return found


def clean(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip()

"""The public pages, by name; and a reader of what they answer."""

import csv
import html
import io
import re
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from contributions.models import Artifact
from dashboards.models import DataRelease
from grants.models import Award

PLAIN = {
    "home": "/",
    "nations": "/nations/",
    "nations by developers": "/nations/?metric=developers",
    "nations by pushes per head": "/nations/?metric=git_pushes&per=people&sort=name",
    "nations by a share": "/nations/?metric=gated_share",
    "nation": "/nations/IN/",
    "small nation": "/nations/TV/",
    "Kosovo": "/nations/XK/",
    "compare": "/compare/?n=IN&n=BR&n=TV",
    "compare developers": "/compare/?n=IN&n=BR&n=TV&metric=developers&per=people",
    "indicators": "/indicators/",
    "indicator": "/indicators/model/",
    "indicator of the baseline": "/indicators/developers/?n=IN&n=BR",
    "weights": "/weights/",
    "weights with the baseline": "/weights/?m1=developers&w1=5&m2=model&w2=1&per=total",
    "languages": "/languages/",
    "languages of a nation": "/languages/?nation=IN",
    "languages of a nation without speech": "/languages/?nation=IN&missing=speech",
    "commons": "/commons/",
    "commons filtered": "/commons/?q=hindi&kind=model&language=hin&licence=open&nation=IN",
    "awards": "/awards/",
    "awards filtered": "/awards/?q=speech&nation=IN&programme=compute&status=active&recipient=startup",
    "compute": "/compute/",
    "accessibility": "/accessibility/",
    "privacy": "/privacy/",
    "data": "/data/",
    "methods": "/methods/",
    "bots": "/bots/",
    "search": "/search/?q=kaveri",
    "api": "/api/",
    "corrections": "/corrections/",
    "give and take": "/give-and-take/",
    "give and take of a nation": "/give-and-take/?nation=IN&months=60&to=IN",
}


def every_page() -> dict[str, str]:
    """Those above, and one artefact, one award, one number that was opened, and one release."""
    artifact, award = Artifact.objects.order_by("pk").first(), Award.objects.first()
    assert artifact is not None
    assert award is not None
    number = f"/numbers/model/IN/{timezone.now():%Y-%m}/"
    release = DataRelease.objects.published().last()
    assert release is not None
    rows = {"artifact": artifact.get_absolute_url(), "award": award.get_absolute_url(), "number": number}
    rows["release"] = release.get_absolute_url()
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
    return {slug: rows_of(body) for slug, body in figures_of(response)}


def figures_of(response: HttpResponse) -> list[tuple[str, str]]:
    """The slug and the markup of each figure on a page."""
    whole = response.content.decode()
    return re.findall(r'<figure class="figure" id="([^"]+)">(.*?)</figure>', whole, re.S)


def heads_of(body: str) -> list[str]:
    """What stands above the columns of a figure's table, without units."""
    head = body.partition("<thead>")[2].partition("</thead>")[0]
    cells = re.findall(r"<th[^>]*>(.*?)</th>", head, re.S)
    return [clean(re.sub(r'<span class="muted">.*?</span>', "", cell)) for cell in cells]


def rows_of(body: str) -> list[list[str]]:
    """The cells of a figure's table. Of a long one the first rows stand apart from the others."""
    parts = re.findall(r"<tbody>(.*?)</tbody>", body, re.S)
    rows = [row for part in parts for row in re.findall(r"<tr[^>]*>(.*?)</tr>", part, re.S)]
    return [[clean(cell) for cell in re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S)] for row in rows]


def clean(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip()


def written(end: float, decimals: int) -> str:
    """A number as the page writes it in English; what is not zero is never written as zero."""
    exact = Decimal(str(end))
    told = f"{exact:,.{decimals}f}"
    if exact and not float(told.replace(",", "")):
        least = f"{Decimal(1).scaleb(-decimals):.{decimals}f}"
        return f"under {least}" if exact > 0 else f"above -{least}"
    return told


def between(lower: float, upper: float, decimals: int) -> str:
    low, high = written(lower, decimals), written(upper, decimals)
    return high if low == high or (lower >= 0 and high.startswith("under")) else f"{low} to {high}"


def at_least(lower: float, decimals: int) -> str:
    told = written(lower, decimals)
    return "more than 0" if told.startswith("under") else f"at least {told}"


def got(client: Client, path: str, expect: int = 200, **query: Any) -> Any:
    answer = client.get(path, query)
    assert answer.status_code == expect, answer.content
    return answer.json()


def listed(client: Client, path: str, **query: Any) -> list[dict[str, Any]]:
    """All pages of a list of the API."""
    found: list[dict[str, Any]] = []
    said = got(client, path, **query)
    while True:
        found += said["results"]
        if not said["next"]:
            return found
        said = got(client, said["next"].removeprefix("http://testserver"))

"""Around every figure: how to cite, link and embed it, what it is counted in, and when it is counted anew."""

import datetime
import html
import re
from urllib.parse import urlsplit

import pytest
from django.core.cache import cache
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from dashboards.charts.cells import Column, Row
from dashboards.charts.figure import Figure, Source
from dashboards.charts.lineage import Lineage
from dashboards.charts.mould import MARK, MARKED, OPEN, filled
from dashboards.charts.source import source_markup
from grants.models import Award
from tests.dashboards.pages import as_json, every_page, figures_of, tables, words


def test_every_figure_with_rows_can_be_taken_away_cited_linked_and_embedded(
    client: Client, world: Award
) -> None:
    for path in every_page().values():
        page = client.get(path).content.decode()
        for slug, body in re.findall(r'<figure class="figure" id="([^"]+)">(.*?)</figure>', page, re.S):
            if "<table" not in body:
                continue
            for wanted in ("csv", "json"):
                assert f"figure={slug}&amp;format={wanted}" in body, (path, slug)
            link = html.unescape(re.findall(r'<a href="(http://testserver/[^"]*)#' + slug, body)[0])
            assert tables(client.get(link))[slug] == tables(client.get(path))[slug], (path, link)
            framed = html.unescape(
                html.unescape(re.findall(r"src=&quot;(.*?)&quot;|src=\"(http[^\"]*)\"", body)[0][1])
            )
            answer = client.get(framed)
            assert answer.status_code == 200, framed
            assert tables(answer) == {slug: tables(client.get(path))[slug]}, framed
            assert "retrieved" in words(answer) or "; data:" in body


def test_only_the_embedded_figure_may_be_put_into_a_frame(client: Client, world: Award) -> None:
    framed = client.get("/nations/IN/?figure=trend&view=embed")
    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    assert "<form" not in framed.content.decode()
    assert 'href="http://testserver/nations/IN/#trend"' in framed.content.decode()
    for path in ("/nations/IN/", "/nations/IN/?figure=trend", "/nations/IN/?view=table"):
        whole = client.get(path)
        assert "frame-ancestors 'none'" in whole["Content-Security-Policy"], path
        assert whole["X-Frame-Options"] == "DENY"
    for _time in range(2):  # also as it is kept
        again = Client().get("/nations/IN/?figure=trend&view=embed")
        assert "frame-ancestors *" in again["Content-Security-Policy"]
        assert "X-Frame-Options" not in again


def test_a_permalink_holds_also_what_nobody_had_to_choose(client: Client, world: Award) -> None:
    page = client.get("/nations/?metric=developers").content.decode()
    link = html.unescape(re.findall(r'<a href="(http://testserver/nations/[^"]*)#nations-', page)[0])
    asked = dict(pair.split("=") for pair in urlsplit(link).query.split("&"))
    assert asked["metric"] == "developers"
    assert asked["period"] == "2025-Q3"


def test_the_table_may_be_asked_for_instead_of_the_drawing(client: Client, world: Award) -> None:
    assert '<svg class="map"' in client.get("/nations/").content.decode()
    shown = client.get("/nations/?view=table")
    assert '<svg class="map"' not in shown.content.decode()
    assert tables(shown) == tables(client.get("/nations/"))


@pytest.mark.parametrize("asked", ["view=upside-down", "figure=none&view=embed"])
def test_a_view_there_is_not_is_refused_in_a_sentence(client: Client, world: Award, asked: str) -> None:
    answer = client.get(f"/nations/?{asked}")
    assert answer.status_code in {400, 404}
    assert "seen as chart" in words(answer) or "no such figure" in words(answer)


def test_a_definition_is_linked_where_it_stands(client: Client, world: Award) -> None:
    assert 'href="/methods/#developers"' in client.get("/nations/?metric=developers").content.decode()
    methods = client.get("/methods/").content.decode()
    for row in as_json(client, "/methods/")["figures"][0]["rows"]:
        assert f'<tr id="{row["slug"]}">' in methods


def test_the_next_update_is_what_the_schedule_says(client: Client, world: Award) -> None:
    assert "Within 30 seconds of a change of its rows." in words(client.get("/nations/IN/"))
    assert "With the publisher's next release." in words(client.get("/nations/?metric=developers"))


def test_the_rest_of_a_long_table_is_folded_away(client: Client, world: Award) -> None:
    """From where nothing is known, or from the 26th row."""
    page = client.get("/nations/").content.decode()
    rows = as_json(client, "/nations/")["figures"][0]["rows"]
    told = sum(1 for row in rows if row["model"]["status"] != "unknown")
    assert 0 < told < 25
    folded = page[page.index(f"<summary>The other {len(rows) - told} rows") :]
    assert folded[: folded.index("</details>")].count("<tr>") == len(rows) - told + 1  # its head too


def test_a_nations_page_begins_with_its_parts_and_keeps_every_row(client: Client, world: Award) -> None:
    answer = client.get("/nations/IN/")
    page = answer.content.decode()
    parts = page[page.index('<nav class="parts"') :]
    named = re.findall(r'href="#([\w-]+)"', parts[: parts.index("</nav>")])
    there = [figure["figure"] for figure in as_json(client, "/nations/IN/")["figures"] if figure["rows"]]
    assert named == [*there, "compare"]
    assert all(page.count(f'id="{one}"') == 1 for one in named)
    told = dict(figures_of(answer))
    for figure in as_json(client, "/nations/IN/")["figures"]:
        if figure["rows"]:
            body = told[figure["figure"]]
            heads = body.count("<thead>")
            assert body.count("<tr") == len(figure["rows"]) + heads, figure["figure"]


def test_methods_begin_with_their_parts(client: Client, world: Award) -> None:
    page = client.get("/methods/").content.decode()
    parts, _, rest = page[page.index('<nav class="parts"') :].partition("</nav>")
    named = re.findall(r'<a href="#([\w-]+)">([^<]+)</a>', parts)
    heads = [re.sub(r"<[^>]*>", "", head).strip() for head in re.findall(r"<h2.*?</h2>", rest, re.DOTALL)]
    assert [name for _id, name in named] == [head for head in heads if head != "On this page"]
    assert all(rest.count(f'id="{one}"') == 1 for one, _name in named)


def test_what_a_nation_has_nothing_of_stands_in_one_list(client: Client, world: Award) -> None:
    page = client.get("/nations/TV/").content.decode()
    rest = page[page.index("Nothing to show yet") :]
    for figure in as_json(client, "/nations/TV/")["figures"]:
        assert figure["rows"] or f'<div id="{figure["figure"]}">' in rest


def test_every_drawn_figure_is_a_picture_too(client: Client, world: Award) -> None:
    for path in ("/nations/?metric=git_pushes", "/nations/IN/", "/compare/?n=IN&n=BR"):
        whole = client.get(path)
        for slug, body in figures_of(whole):
            if "<svg" not in body:
                continue
            at = f"{path}{'&' if '?' in path else '?'}figure={slug}&format="
            assert html.escape(f"figure={slug}&format=svg") in body
            drawn = client.get(at + "svg")
            assert drawn["Content-Type"] == "image/svg+xml"
            assert f"#{slug}" in drawn.content.decode()
            assert "style-src 'unsafe-inline'" in drawn["Content-Security-Policy"]
            assert "script-src 'none'" in drawn["Content-Security-Policy"]
            dots = client.get(at + "png")
            assert dots["Content-Type"] == "image/png"
            assert dots.content[:8] == b"\x89PNG\r\n\x1a\n"
        preview = html.unescape(
            re.findall(r'property="og:image" content="([^"]+)"', whole.content.decode())[0]
        )
        assert client.get(preview).content[16:24] == (1200).to_bytes(4) + (630).to_bytes(4)


def test_nobody_makes_us_draw_the_same_picture_twice(client: Client, world: Award) -> None:
    at = "/nations/IN/?figure=trend&format=png"
    first = client.get(at)
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(at).content == first.content
    assert len(captured) == 1
    for more in ("&anew=1", "&width=enormous"):
        answer = client.get(at + more)
        assert answer.status_code == 400
        assert "A picture is made of a choice" in answer.json()["error"]["message"]


@pytest.mark.parametrize("language", ["en", "hi", "ar"])
def test_a_figure_kept_in_a_mould_is_what_its_template_says(
    client: Client, world: Award, language: str
) -> None:
    before = "" if language == "en" else f"/{language}"
    for path in ("/nations/IN/", "/nations/?metric=developers", "/awards/", "/languages/?nation=IN"):
        sign = "&" if "?" in path else "?"
        for asked in ("", f"{sign}own=%22%3Cb%3E%26%EE%80%80asked%EE%80%81"):
            for _time in range(2):
                cache.clear()  # so that the page is put together anew, of the same moulds
                answer = client.get(f"{before}{path}{asked}")
                page = answer.content.decode()
                context = next(
                    one for one in answer.context if "pictured" in one
                )  # the page's, not a mould's
                here = {name: context[name] for name in (*OPEN, "site_name")}
                shown = [figure for figure in context["figures"] if figure.rows]
                assert shown
                with override(language):
                    for figure in shown:
                        said = render_to_string("components/figure.html", {"figure": figure, **here})
                        assert said in page, (path, asked, figure.slug)


def test_what_is_filled_in_is_escaped_and_nothing_else_is_let_in() -> None:
    pieces = MARKED.split(f'<a href="{MARK.format("asked")}">{MARK.format("secret_key")}</a>')
    here = {"asked": '?q="><script>&', "secret_key": "s3cret"}
    assert filled(pieces, here) == '<a href="?q=&quot;&gt;&lt;script&gt;&amp;"></a>'


def test_the_head_of_a_page_says_where_one_is(client: Client, world: Award) -> None:
    """Also where it was put together for another page before: see templatetags/house.py."""
    for path, marks in (
        ("/nations/", {"/nations/": "page"}),
        ("/nations/IN/", {"/nations/": "true"}),
        ("/hi/nations/", {"/hi/nations/": "page"}),
        ("/methods/", {}),
        ("/nations/", {"/nations/": "page"}),
    ):
        page = client.get(path).content.decode()
        head = page[: page.index("</header>")]
        assert dict(re.findall(r'<a href="([^"]+)" aria-current="(\w+)"', head)) == marks, path


FOREIGN = '"><script>alert(1)</script>'


@pytest.mark.parametrize("revised", [(), (datetime.date(2026, 5, 3),)])
def test_what_is_joined_without_a_template_is_escaped(revised: tuple[datetime.date, ...]) -> None:
    """Names of artefacts and sources are other people's words."""
    columns = tuple(Column(name, name, names=name == "name") for name in ("side", "name", "link"))
    rows = tuple(
        Row(side, {"side": side, "name": FOREIGN, "link": FOREIGN}, url=f"/?q={FOREIGN}")
        for side in ("parent", "child")
    )
    figure = Figure(
        "lineage", FOREIGN, "", columns, rows, Source(FOREIGN, FOREIGN, FOREIGN), FOREIGN,
        chart=Lineage(FOREIGN), revised=revised,
    )  # fmt: skip
    here = {
        "asked": f"/?q={FOREIGN}&",
        "permalink": f"/{FOREIGN}",
        "embed": FOREIGN,
        "contest_about": FOREIGN,
    }
    told = source_markup(figure, **here) + str(figure.drawing_markup) + str(figure.table_markup)
    assert "<script" not in told
    assert '""' not in told
    assert told.count("&lt;script&gt;") > 10
    assert "&amp;quot;&amp;gt;&amp;lt;script" in told, "the title of a frame is markup within markup"
    assert ("Revised on 3 May 2026." in told) is bool(revised)
    assert html.unescape(told).count(FOREIGN) > 10

"""Public pages in a real browser: light, quiet, whole without JavaScript, and open to everybody."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.design.look import examine, visited

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BYTES = 45 * 1024
STYLE = 6 * 1024
SCRIPT = 3 * 1024
REQUESTS = 6
NODES = 3000
FORMS = ("/account/", "/corrections/new/")  # filled in and sent: they need more style, and a token
MUST_BE_FOUND = {
    "dashboards:home",
    "dashboards:nations",
    "dashboards:nation",
    "dashboards:number",
    "dashboards:compare",
    "dashboards:indicators",
    "dashboards:indicator",
    "dashboards:weights",
    "dashboards:languages",
    "dashboards:commons",
    "dashboards:awards",
    "dashboards:award",
    "dashboards:compute",
    "dashboards:accessibility",
    "dashboards:privacy",
    "dashboards:status",
    "dashboards:data",
    "dashboards:release",
    "dashboards:methods",
    "dashboards:exchange",
    "dashboards:bots",
    "dashboards:search",
    "dashboards:api",
    "dashboards:corrections",
    "dashboards:correction",
    "contributions:contest",
    "grants:calls",
    "grants:call",
    "account_login",
    "account_signup",
}


def test_following_links_reaches_every_public_page(pages: dict[str, str]) -> None:
    assert set(pages) >= MUST_BE_FOUND, f"no link leads to {MUST_BE_FOUND - set(pages)}"


def test_a_cold_visit_is_light_and_stays_at_home(
    live_stack: Any, browser: Browser, pages: dict[str, str]
) -> None:
    problems = []
    for path in pages.values():
        visit = visited(browser, live_stack.url + path)
        if visit.transferred > BYTES:
            problems.append(f"{path}: {visit.transferred} bytes")
        if visit.by_kind["Stylesheet"] > STYLE and not path.startswith(FORMS):
            problems.append(f"{path}: {visit.by_kind['Stylesheet']} bytes of style")
        if visit.by_kind["Script"] > SCRIPT and not path.startswith(FORMS):
            problems.append(f"{path}: {visit.by_kind['Script']} bytes of script")
        if visit.nodes > NODES:
            problems.append(f"{path}: {visit.nodes} elements")
        if len(visit.requests) > REQUESTS + path.startswith(FORMS):
            problems.append(f"{path}: {len(visit.requests)} requests: {visit.requests}")
        problems += [f"{path} loads {url}" for url in visit.elsewhere(live_stack.url)]
        problems += [f"{path}: {complaint}" for complaint in visit.complaints]
        if visit.cookies and not path.startswith(FORMS):
            problems.append(f"{path} sets {visit.cookies}")
    assert not problems, "\n".join(problems)


def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    live_stack: Any, browser: Browser, pages: dict[str, str]
) -> None:
    problems = examine(browser, live_stack.url, list(pages.values()))
    assert not problems, "\n".join(problems)


def test_everything_is_there_without_javascript(
    live_stack: Any, browser: Browser, pages: dict[str, str]
) -> None:
    """Forms, tables and drawings are in what the server sends; scripts add none."""
    counted = {}
    nation = "/nations/IN/"  # whichever the walk met may have nothing to draw in a demo world
    paths = {*pages.values(), nation}
    for enabled in (True, False):
        context = browser.new_context(java_script_enabled=enabled)
        page = context.new_page()
        for path in paths:
            page.goto(live_stack.url + path)
            counted[path, enabled] = [
                page.locator(f"main {what}").count() for what in ("form", "table", "svg")
            ]
        context.close()
    assert all(counted[path, True] == counted[path, False] for path in paths)
    _forms, tables, drawings = counted[nation, False]
    assert tables >= 1
    assert drawings >= 1


def test_every_public_page_names_itself_and_has_one_heading(
    live_stack: Any, browser: Browser, pages: dict[str, str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    titles: dict[str, str] = {}
    for path in pages.values():
        page.goto(live_stack.url + path)
        assert page.locator("h1").count() == 1, path
        assert page.locator("h1").inner_text().strip(), path
        title = re.sub(r"\s+", " ", page.title()).strip()
        assert not title.startswith("·"), path
        assert title not in titles, f"{path} and {titles.get(title)} are both called {title}"
        titles[title] = path
    context.close()


def test_every_nation_is_drawn_from_the_shared_outlines(live_stack: Any, browser: Browser) -> None:
    """A shape that refers to a file measures nothing until the file is there."""
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{live_stack.url}/nations/", wait_until="networkidle")
    areas = page.evaluate(
        """() => [...document.querySelectorAll(".map use")].map(use => {
            const box = use.getBBox(); return box.width * box.height })"""
    )
    page.close()
    assert len(areas) > 200
    assert all(areas)
    assert not said

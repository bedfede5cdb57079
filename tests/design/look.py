"""What a page weighs, whether the browser complains, and what axe finds, in a real Chromium."""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, Page

from mission.languages import names_in_every_language
from tests.design.walk import kind_of

SCREENS = [(1280, "light"), (1280, "dark"), (320, "dark"), (1280, "forced"), (320, "ar")]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Visit:
    """What one visit took."""

    requests: list[str] = field(default_factory=list)
    transferred: int = 0  # bytes on the wire, heads included
    by_kind: Counter[str] = field(default_factory=Counter)  # the same, by the kinds of the developer tools
    nodes: int = 0  # elements
    complaints: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)

    def elsewhere(self, base: str) -> list[str]:
        return [url for url in self.requests if not url.startswith(base)]


def visited(browser: Browser, url: str, after: str | None = None) -> Visit:
    """Go there and weigh it: cold, or as the second page, with what the browser kept of the one before."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    if after:
        page.goto(after, wait_until="networkidle")
    visit = Visit()
    kinds: dict[str, str] = {}
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")

    def kind(event: dict[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def weigh(event: dict[str, Any]) -> None:
        visit.transferred += int(event["encodedDataLength"])
        visit.by_kind[kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])

    wire.on("Network.responseReceived", kind)
    wire.on("Network.loadingFinished", weigh)
    page.on("request", lambda request: visit.requests.append(request.url))
    listen(page, visit.complaints)
    page.goto(url, wait_until="networkidle")
    visit.nodes = page.evaluate("document.querySelectorAll('*').length")
    visit.cookies = [cookie["name"] for cookie in context.cookies()]  # type: ignore[typeddict-item]
    context.close()
    return visit


def listen(page: Page, complaints: list[str]) -> None:
    """Collect what the browser says against a page; a broken content security policy is an error there."""
    page.on("console", lambda m: complaints.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))


@cache
def axe_source() -> str:
    return (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()


def axe(page: Page) -> list[str]:
    """The violations, one line each. The page must be of a context with `bypass_csp`, for axe alone."""
    page.evaluate(axe_source())
    options = json.dumps({"runOnly": RULES, "resultTypes": ["violations"]})
    found = page.evaluate(f"axe.run({options})")["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"][:3]]


def unfold(page: Page) -> None:
    """Make the window as tall as the page: what is far below it is not laid out, and cannot be measured."""
    size = page.viewport_size
    assert size
    for _again in range(2):  # the first time, figures still stand for guesses at their height
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(size["height"], tall)})
        page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def too_wide(page: Page) -> str | None:
    """What sticks out of the window, if the page scrolls sideways."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => document.documentElement.scrollWidth <= innerWidth ? null :
        [...document.querySelectorAll('body *')].map(e => [e, e.getBoundingClientRect()])
        .filter(([e, box]) => box.right > innerWidth + 1 || (document.dir === 'rtl' && box.left < -1))
        .slice(0, 3).map(([e]) => e.outerHTML.slice(0, 90)).join(' | ') || 'something'"""
    )


def overlapping(page: Page) -> str | None:
    """The words of a table's row whose cells lie over one another: lines of text, boxes, pictures."""
    return page.evaluate(  # type: ignore[no-any-return]
        """() => {
            const lines = cell => {
                const found = [...cell.querySelectorAll('input, select, button, img, svg')];
                const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
                while (texts.nextNode()) {
                    if (texts.currentNode.parentElement.closest('.hidden')) continue;
                    const range = document.createRange();
                    range.selectNodeContents(texts.currentNode);
                    found.push(range);
                }
                return found.flatMap(one => [...one.getClientRects()])
                    .filter(box => box.width > 1 && box.height > 1);
            };
            const cross = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
            return [...document.querySelectorAll('tr')].filter(row => {
                const cells = [...row.cells].map(lines);
                return cells.some((one, i) => cells.slice(i + 1).some(
                    other => one.some(a => other.some(b => cross(a, b)))));
            }).slice(0, 2).map(row => row.innerText.slice(0, 60)).join(' | ') || null
        }"""
    )


def examine(browser: Browser, base: str, paths: list[str], state: Any = None) -> list[str]:
    """Every path on every screen: violations of axe, and pages that scroll sideways.

    Forced colours and Arabic are looked at once each, and Arabic only where the page has it.
    """
    problems = []
    for width, way in SCREENS:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if way == "dark" else "light",
            forced_colors="active" if way == "forced" else "none",
            bypass_csp=True,
            storage_state=state,
        )
        page = context.new_page()
        for path in [path for path in paths if way != "ar" or kind_of(path) in names_in_every_language()]:
            page.set_viewport_size({"width": width, "height": 900})
            page.goto(base + (f"/ar{path}" if way == "ar" else path))
            unfold(page)
            found = axe(page)
            if sticks_out := too_wide(page):
                found.append(f"scrolls sideways: {sticks_out}")
            if covered := overlapping(page):
                found.append(f"cells lie over one another: {covered}")
            problems += [f"{path} at {width} {way}: {what}" for what in found]
        context.close()
    return problems

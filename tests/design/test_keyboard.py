"""By keyboard alone: everything that acts is reached, its focus is seen, nothing keeps or loses it."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MOST = 900  # presses of Tab

# All that Tab should stop at: drawn, not switched off, not in something closed; once in a group of choices.
STOPS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
    .filter((e) => !e.disabled && e.tabIndex >= 0 && e.checkVisibility({ visibilityProperty: true }))
    .filter((e, _, all) => e.type !== 'radio' || e === all.find((other) => other.name === e.name))
    .map((e, place) => { e.dataset.stop = place; return e.outerHTML.slice(0, 100) })"""

# Where the focus is: which stop, and whether it is seen. Drawings show theirs in what is within.
HERE = """() => {
    const e = document.activeElement, style = getComputedStyle(e);
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const box = e.getBoundingClientRect();
    return { stop: e.dataset.stop ?? null, ring: ring || style.boxShadow !== 'none',
             drawn: box.width > 0 && box.height > 0, left: e === document.body,
             what: e.outerHTML.slice(0, 120) };
}"""


def tabbed(page: Page) -> tuple[set[int], list[str]]:
    """Tab until the focus leaves the page: the stops that were reached, and those whose focus nobody sees."""
    reached: set[int] = set()
    unseen = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        here = page.evaluate(HERE)
        if here["left"] or (here["stop"] is not None and int(here["stop"]) in reached):
            return reached, unseen
        if here["stop"] is None:
            unseen.append(f"focus went where nothing acts: {here['what']}")
            continue
        reached.add(int(here["stop"]))
        if not (here["ring"] and here["drawn"]):
            unseen.append(f"focus is not seen: {here['what']}")
    return reached, [*unseen, "the focus never leaves the page"]


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(
    "path",
    [
        "/nations/IN/",
        "/nations/",
        "/compare/?n=IN&n=BR",
        "/languages/?nation=IN",
        "/indicators/model/",
        "/weights/",
        "/commons/",
    ],
)
def test_tab_reaches_everything_and_is_seen_doing_so(
    live_stack: Any, browser: Browser, path: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(live_stack.url + path)
    stops = page.evaluate(STOPS)
    reached, problems = tabbed(page)
    problems += [f"Tab does not reach {stops[place]}" for place in set(range(len(stops))) - reached]
    context.close()
    assert len(stops) > 10
    assert not problems, "\n".join(problems)


def test_the_menu_of_a_phone_opens_and_closes_without_a_script(live_stack: Any, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_stack.url}/nations/IN/")
    languages = page.locator(".top__links nav a[href='/languages/']")
    assert not languages.is_visible()
    page.locator(".top__menu").focus()
    page.keyboard.press("Enter")
    assert languages.is_visible()
    page.keyboard.press("Tab")
    assert page.locator(".top__sheet :focus").count() == 1
    page.keyboard.press("Escape")
    assert not languages.is_visible()
    page.locator(".top__menu").click()
    languages.click()
    assert page.url == f"{live_stack.url}/languages/"
    context.close()


def test_the_readings_of_a_chart_are_walked_with_the_arrows(live_stack: Any, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_stack.url}/nations/IN/")
    group = page.locator("fieldset.reads:visible").first
    readings = group.locator("input[type=radio]")
    assert readings.count() > 3
    readings.first.focus()
    for place in range(1, readings.count()):
        page.keyboard.press("ArrowDown")
        assert readings.nth(place).is_checked()
        assert group.locator("label").nth(place).locator("span").is_visible()
    context.close()


def test_what_a_chart_tells_is_read_by_keyboard(live_stack: Any, browser: Browser) -> None:
    """The table under each drawing opens with Enter, without a script."""
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_stack.url}/nations/IN/")
    folded = page.locator("figure > details:has(table)")
    assert folded.count() >= 1
    for place in range(folded.count()):
        details = folded.nth(place)
        assert not details.locator("table").is_visible()
        details.locator("summary").first.focus()
        page.keyboard.press("Enter")
        assert details.locator("table").is_visible()
    context.close()

"""The rooms in a real browser: every page a demo person reaches by links, under axe and the policy."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.design.look import examine, listen
from tests.design.walk import walk

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PUBLIC = ("dashboards:", "account_signup", "account_login", "account_reset")
ROOM_OF = {
    "officer": "grants:desk",
    "reviewer1": "grants:reviews",
    "startup": "sandbox:home",
    "auditor": "grants:desk",
}


def sign_in(page: Page, base: str, who: str, password: str) -> None:
    page.goto(base + "/account/login/")
    page.fill("[name=login]", f"{who}@demo.example")
    page.fill("[name=password]", password)
    page.click("main .form .button")
    page.wait_for_url(lambda url: "/account/login" not in url)


@pytest.mark.parametrize("who", ROOM_OF)
def test_rooms_are_open_to_everybody_who_may_enter(live_stack: Any, browser: Browser, who: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    listen(page, complaints)
    sign_in(page, live_stack.url, who, live_stack.demo_password)

    def read(path: str) -> str | None:
        answer = page.goto(live_stack.url + path)
        if answer is None or not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            return None
        return page.content() if page.url == live_stack.url + path else None

    pages = walk("/account/", read)
    state = context.storage_state()
    context.close()
    assert ROOM_OF[who] in pages
    assert not complaints, "\n".join(complaints)
    rooms = [path for name, path in pages.items() if not name.startswith(PUBLIC)]
    problems = examine(browser, live_stack.url, rooms, state)
    assert not problems, "\n".join(problems)

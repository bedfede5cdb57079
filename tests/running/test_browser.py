"""The live stack's front page in a real browser: the ground every other browser test stands on."""

import pytest
from playwright.sync_api import Page

from tests.live import LiveStack


@pytest.mark.browser
@pytest.mark.slow
def test_the_front_page_opens_in_a_browser_and_obeys_its_own_policy(
    live_stack: LiveStack, page: Page
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    answer = page.goto(live_stack.url)
    assert answer is not None
    assert answer.status == 200
    assert page.locator("h1").count() == 1
    assert not [line for line in said if "Content Security Policy" in line]

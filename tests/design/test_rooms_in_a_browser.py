"""The rooms in a real browser: every page a demo person reaches by links, under axe and the policy."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.design.look import examine, listen
from tests.design.walk import walk
from tests.test_access import ROUTES

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PUBLIC = ("dashboards:", "account_signup", "account_login", "account_reset")
ROOM_OF = {
    "officer": "grants:desk",
    "reviewer1": "grants:reviews",
    "startup": "sandbox:home",
    "fellow": "grants:apply",
    "auditor": "grants:desk",
}
# Public pages, which other tests examine; downloads; and addresses that only take what a form sends.
NO_ROOMS = {
    "calls call start file application_receipt_pdf desk_receipt_pdf application_section_save",
    "desk_assign desk_bulk desk_call_publish desk_check desk_decide_many desk_message_read",
    "desk_message_write desk_note_write desk_panel_finish desk_panel_record desk_release desk_undo",
    "desk_view_delete desk_view_save file_remove notification notification_read notifications_read",
    "review_save reviewer_conflict reviewer_conflict_end",
    "contest desk_account_change desk_account_reverse desk_source_hurry desk_source_role desk_source_stop",
    "own_account_declare own_accounts_claim",
}
FLOORS = ("grants:", "contributions:")


def sign_in(page: Page, base: str, who: str, password: str) -> None:
    page.goto(base + "/account/login/")
    page.fill("[name=login]", f"{who}@demo.example")
    page.fill("[name=password]", password)
    page.click("main .form .button")
    page.wait_for_url(lambda url: "/account/login" not in url)


def rooms_of(live_stack: Any, browser: Browser, who: str) -> tuple[dict[str, str], Any]:
    """Every page somebody reaches by links, by the name of its view; and their cookies."""
    context = browser.new_context()
    page = context.new_page()
    sign_in(page, live_stack.url, who, live_stack.demo_password)
    sent_on: list[str] = []

    def read(path: str) -> str | None:
        answer = context.request.get(live_stack.url + path)
        if not answer.ok or "text/html" not in answer.headers.get("content-type", ""):
            return None
        if answer.url == live_stack.url + path:
            return str(answer.text())
        sent_on.append(answer.url.removeprefix(live_stack.url))
        return None

    pages = walk("/account/", read=read)
    for path in sent_on[:3]:  # a link may lead on to another page, and that to further ones
        pages = walk(path.split("?")[0], read=read) | pages
    if section := pages.get("grants:application_section"):  # a button of the form leads there
        pages["grants:files"] = f"/apply/{section.split('/')[2]}/files/evidence/"
    state = context.storage_state()
    context.close()
    assert ROOM_OF[who] in pages
    return {name: path for name, path in pages.items() if name and not name.startswith(PUBLIC)}, state


def complaints_about(browser: Browser, base: str, paths: list[str], state: Any) -> list[str]:
    """What the browser says of each page under its own policy."""
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    complaints: list[str] = []
    listen(page, complaints)
    for path in paths:
        page.goto(base + path)
    context.close()
    return complaints


def test_every_room_is_open_to_everybody_who_may_enter(live_stack: Any, browser: Browser) -> None:
    """Each kind of page once, by whoever of the demo's people comes to it first."""
    examined: set[str] = set()
    problems = []
    for who in ROOM_OF:
        pages, state = rooms_of(live_stack, browser, who)
        fresh = {name: path for name, path in pages.items() if name not in examined}
        problems += complaints_about(browser, live_stack.url, list(fresh.values()), state)
        problems += examine(browser, live_stack.url, list(fresh.values()), state)
        examined |= set(fresh)
    assert not problems, "\n".join(problems)
    missed = {name for name, _route, _view in ROUTES if name.startswith(FLOORS)} - examined
    missed -= {f"{floor}{name}" for floor in FLOORS for names in NO_ROOMS for name in names.split()}
    missed = {name for name in missed if ":api_" not in name and not name.endswith("_hook")}
    assert not missed, f"nobody came to these by following links: {sorted(missed)}"

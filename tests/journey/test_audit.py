"""A public figure is opened to its rows, contested by anybody, corrected by an officer, and recomputed."""

import csv
import io
import json
import re

import pytest
from playwright.sync_api import Browser

from tests.journey.test_commons import fetch, rollups_are_done
from tests.journey.visitor import Visitor
from tests.live import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FIGURE = "/numbers/merged_change/IN/"


def opened(house: LiveStack, path: str) -> tuple[float, list[dict[str, str]]]:
    """The figure as JSON tells it, and all rows of its CSV."""
    told = json.loads(fetch(house, f"{path}?format=json"))
    rows = list(csv.DictReader(io.StringIO(fetch(house, f"{path}?format=csv"))))
    (figure,) = next(each["rows"] for each in told["figures"] if each["figure"] == "figure")
    return float(figure["value"]["upper"]), rows


def total(rows: list[dict[str, str]]) -> float:
    return sum(float(row["share_upper"]) for row in rows)


def test_a_figure_is_opened_contested_corrected_and_recomputed(
    live_stack: LiveStack, browser: Browser
) -> None:
    rollups_are_done(live_stack)
    anybody = Visitor(browser, live_stack, javascript=False)
    anybody.go("/nations/IN/")
    anybody.follow("Every metric")
    anybody.page.locator("#latest summary").first.click()
    anybody.page.locator(f"main a[href^='{FIGURE}']:visible").first.click()
    path = anybody.path()
    assert re.fullmatch(rf"{FIGURE}\d{{4}}-\d{{2}}/", path)
    before, rows = opened(live_stack, path)
    assert before == pytest.approx(total(rows))
    assert before > 10
    assert all(row["evidence_url"].startswith("https://") for row in rows)
    assert not any("-dev" in row["who"] for row in rows), "people are not named"
    anybody.page.locator("main a[href*='/corrections/new/']").first.click()
    anybody.press("Send")
    anybody.reads("What is wrong")
    anybody.fill(text="The account sahyadri-dev1 is the release robot of the institute, not a person.")
    anybody.press("Send")
    anybody.reads("COR-")
    reference = re.search(r"COR-\d{4}-\d{4}", anybody.page.locator("main").inner_text())
    assert reference
    anybody.go("/corrections/")
    assert "release robot" not in anybody.page.content(), "what people write is for the officers"

    officer = Visitor(browser, live_stack).sign_in("officer@demo.example", live_stack.demo_password)
    officer.go("/desk/corrections/")
    officer.reads(reference[0])
    officer.page.locator(f"main a[href$='/{reference[0]}/']").click()
    officer.reads("release robot")
    officer.choose("outcome", "accept")
    officer.fill(public_summary="An account of the institute is a machine and no longer counts.")
    officer.page.get_by_text("An account: what it is").click()
    officer.fill(account="github:sahyadri-dev1")
    officer.choose("kind", "bot")
    officer.press("Decide")
    officer.reads("Accepted")
    officer.leave()

    rollups_are_done(live_stack)
    after, rows = opened(live_stack, path)
    assert after < before
    if rows:
        assert after == pytest.approx(total(rows))
    else:  # in some months a part of them had ten people and now has nine, of whom their rows would tell
        assert "which is suppressed, could be put together from them" in fetch(live_stack, path)
    anybody.leave()
    anybody = Visitor(browser, live_stack, javascript=False)  # whose browser has kept no page
    anybody.go("/corrections/")
    anybody.page.locator(f"main a[href$='/{reference[0]}/']").first.click()
    anybody.reads("no longer counts", "Person, now Bot")
    anybody.go("/bots/?q=sahyadri-dev1")
    anybody.reads("sahyadri-dev1", "officer")
    anybody.leave()
    said = live_stack.manage("recompute", "--check")
    assert re.search(r"[1-9][\d,]* .*compared", said), said

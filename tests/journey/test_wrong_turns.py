"""What goes wrong in real browsers: two writers, a double press, files that are not what they say. Each is
answered with a sentence, and nothing typed is lost."""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.journey.answering import answer_page
from tests.journey.visitor import Visitor
from tests.live import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.slow]
CALL = "datasets-for-languages-that-have-none"


@pytest.fixture
def founder(live_stack: LiveStack, browser: Browser) -> Iterator[Visitor]:
    visitor = Visitor(browser, live_stack)
    yield visitor.sign_in("startup@demo.example", live_stack.demo_password)
    visitor.leave()


@pytest.fixture
def draft(founder: Visitor) -> str:
    """The address of a draft of the demo's startup; begun by whichever test comes first."""
    founder.go(f"/calls/{CALL}/")
    begin = founder.page.locator(f"main form[action='/calls/{CALL}/start/'] button")
    begin.or_(founder.page.get_by_role("link", name="Go on with your application")).first.click()
    expect(founder.page).to_have_url(re.compile(r"/apply/A-\w+/$"))
    return founder.path()


def test_two_writers_on_one_page_both_find_their_words(
    founder: Visitor, draft: str, live_stack: LiveStack, browser: Browser
) -> None:
    """Without a script, so that nothing is saved in between: the second is shown both texts."""
    first, second = (
        Visitor(browser, live_stack, javascript=False).sign_in(
            "startup@demo.example", live_stack.demo_password
        )
        for _n in range(2)
    )
    for writer in (first, second):
        writer.go(f"{draft}basics/")
    first.fill(title="Words of the first", summary="The first was quicker.")
    first.page.locator("main [name=save-stay]").click()
    second.fill(title="Words of the second", summary="The second was slower.")
    second.page.locator("main [name=save-stay]").click()
    second.reads("Words of the first", "Words of the second", "Nothing is lost")
    assert second.field("title").input_value() == "Words of the second"
    for choice in second.page.locator("main input[type=radio][value=mine]").all():
        choice.check()
    second.page.locator("main [name=save-stay]").click()
    first.go(f"{draft}basics/")
    assert first.field("title").input_value() == "Words of the second"
    for writer in (first, second):
        writer.leave()


def test_a_script_that_saves_says_who_was_first_and_keeps_the_words(
    founder: Visitor, draft: str, live_stack: LiveStack, browser: Browser
) -> None:
    colleague = Visitor(browser, live_stack).sign_in("startup@demo.example", live_stack.demo_password)
    for writer in (founder, colleague):
        writer.go(f"{draft}basics/")
    founder.fill(summary="Saved first, by itself.")
    expect(founder.page.locator("main")).to_contain_text(re.compile(r"Saved at \d"))
    colleague.fill(summary="Typed at the same time.")
    expect(colleague.page.locator("[data-autosave-state]")).to_contain_text("saved")
    assert colleague.field("summary").input_value() == "Typed at the same time."
    colleague.page.locator("main [name=save-stay]").click()
    colleague.reads("Saved first, by itself.", "Typed at the same time.")
    colleague.leave()


def test_what_is_typed_before_the_script_has_come_is_saved_too(founder: Visitor, draft: str) -> None:
    held: list[Route] = []
    founder.page.route("**/autosave*.js", lambda route: held.append(route))
    founder.page.goto(f"{founder.house.url}{draft}basics/", wait_until="commit")
    founder.fill(title="Typed on a slow line")
    founder.field("title").blur()
    (late,) = held
    late.continue_()
    expect(founder.page.locator("[data-autosave-state]")).to_contain_text(re.compile(r"Saved at \d"))
    founder.page.unroute_all()
    founder.page.reload()
    assert founder.field("title").input_value() == "Typed on a slow line"


def test_files_that_are_not_what_they_say_are_refused_by_name(
    founder: Visitor, draft: str, tmp_path: Path
) -> None:
    """An executable that calls itself a PDF, and a document that unpacks to a gigabyte."""
    address = files_page(founder, draft)
    program = tmp_path / "letter.pdf"
    program.write_bytes(b"MZ\x90\x00" + bytes(4000))
    bomb = tmp_path / "plan.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        with package.open("word/document.xml", "w", force_zip64=True) as part:
            for _megabyte in range(1024):
                part.write(bytes(1 << 20))
    for path in (program, bomb):
        founder.go(address)
        founder.page.locator("main input[type=file]").set_input_files(path)
        founder.page.locator("main form button").last.click()
        expect(founder.page.locator("main [role=alert]")).to_contain_text(path.name)
    founder.go(address)
    founder.page.locator("main input[type=file]").set_input_files(
        {"name": "support.txt", "mimeType": "text/plain", "buffer": b"We support this work."}
    )
    founder.page.locator("main form button").last.click()
    founder.reads("was added", "support.txt")


def files_page(founder: Visitor, draft: str) -> str:
    """Found on the pages of the application, as a visitor would."""
    founder.go(draft)
    pages = [link.get_attribute("href") for link in founder.page.locator("main .task-list a").all()]
    for page in pages:
        founder.go(str(page))
        button = founder.page.locator("main [name=files]")
        if button.count():
            button.first.click()
            expect(founder.page).to_have_url(re.compile("/files/"))
            return founder.path()
    raise AssertionError("no page of this application asks for a file")


def test_pressed_twice_submitted_once(live_stack: LiveStack, browser: Browser) -> None:
    """Two windows on the last page; both press. One application, one receipt, and the other is told."""
    fellow = Visitor(browser, live_stack).sign_in("fellow@demo.example", live_stack.demo_password)
    fellow.go("/calls/mend-what-everybody-builds-on/")
    begin = fellow.page.locator("main form[action$='/start/'] button")
    begin.or_(fellow.page.get_by_role("link", name="Apply as yourself")).first.click()
    if "/start/" in fellow.path():
        if fellow.field("nation").count():
            fellow.choose("nation", "IN")
        fellow.page.locator("main form button").last.click()
    expect(fellow.page).to_have_url(re.compile(r"/apply/A-\w+/$"))
    reference = fellow.path().strip("/").rsplit("/", 1)[1]
    fellow.page.locator("main .task-list a").first.click()
    expect(fellow.page).not_to_have_url(re.compile(f"/{reference}/$"))
    for _page in range(12):
        if fellow.path().endswith("/check/"):
            break
        answer_page(fellow, hours="", money="90000")
        fellow.press("Save and continue")
    other = fellow.context.new_page()
    other.goto(f"{live_stack.url}/apply/{reference}/check/")
    for page in (fellow.page, other):
        for box in page.locator("main input[type=checkbox]").all():
            box.check()
    fellow.page.locator("main").get_by_role("button", name="Submit").dblclick(no_wait_after=True)
    expect(fellow.page).to_have_url(re.compile("/receipt/"))
    other.locator("main").get_by_role("button", name="Submit").click()
    expect(other).to_have_url(re.compile("/receipt/"))
    expect(other.locator("main")).to_contain_text("submitted already")
    fellow.go(f"/apply/{reference}/versions/1/")
    fellow.go(f"/apply/{reference}/versions/2/", status=404)
    fellow.leave()

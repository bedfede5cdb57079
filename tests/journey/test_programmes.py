"""Each of the seven kinds of programme, in a real browser: template, call, application, review, decision,
and an award that was accepted."""

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, expect

from tests.journey.answering import answer_page
from tests.journey.visitor import Visitor
from tests.live import LiveStack

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@dataclass(frozen=True)
class Kind:
    """What is asked for goes to the route with reviewers. `reviews` and the steps are the starter's own."""

    slug: str
    hours: str = ""
    money: str = ""
    applicant: str = "startup"
    reviews: int = 2
    steps: tuple[str, ...] = ("check", "technical")
    javascript: bool = True


KINDS = [
    Kind("compute", hours="2000"),
    Kind("fellowship", money="600000", applicant="fellow", steps=("check",)),
    Kind("dataset", money="900000", steps=("check",)),
    Kind("benchmark", hours="900", money="400000"),
    Kind("efficiency", hours="1500"),
    Kind("contribution", money="90000", steps=("check",), javascript=False),  # one kind without a script
    Kind("procurement", reviews=1),
]


class Cast:
    """The people of the demo, each in a browser of their own, signed in once."""

    def __init__(self, browser: Browser, house: LiveStack) -> None:
        self.browser, self.house = browser, house
        self.javascript = True
        self.here: dict[tuple[str, bool], Visitor] = {}

    def __getitem__(self, login: str) -> Visitor:
        key = (login, self.javascript)
        if key not in self.here:
            visitor = Visitor(self.browser, self.house, javascript=self.javascript)
            self.here[key] = visitor.sign_in(f"{login}@demo.example", self.house.demo_password)
        return self.here[key]


@pytest.fixture(scope="module")
def cast(live_stack: LiveStack, browser: Browser) -> Iterator[Cast]:
    made = Cast(browser, live_stack)
    yield made
    for visitor in made.here.values():
        visitor.leave()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_from_template_to_accepted_award(cast: Cast, kind: Kind) -> None:
    cast.javascript = kind.javascript
    call = open_call(cast["officer"], kind)
    application = apply(cast[kind.applicant], kind, call)
    pass_checks(cast["officer"], kind, application)
    review(cast, kind, application)
    if kind.slug == "fellowship":
        hold_panel(cast["officer"], application)
    decide(cast["officer"], kind, application)
    reference = accept(cast[kind.applicant], application)
    reader = Visitor(cast.browser, cast.house, javascript=False)
    assert reference.startswith("OSAI-")
    reader.go(f"/awards/{reference}/")
    reader.reads(title_of(kind))
    reader.leave()


def title_of(kind: Kind) -> str:
    return f"A journey down the {kind.slug} route"


def open_call(officer: Visitor, kind: Kind) -> str:
    """The starter, a title, dates, and nothing else: a good call in ten minutes."""
    officer.go("/desk/calls/begin/")
    officer.page.locator(f"main a[href='/desk/calls/new/?kind={kind.slug}']").click()
    today = datetime.datetime.now(datetime.UTC)
    officer.choose("time_zone", "UTC")
    officer.fill(
        title=f"Journey: {kind.slug}",
        summary="A call made from its template, and nothing else.",
        opens_at=(today - datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M"),
        closes_at=(today + datetime.timedelta(days=30)).strftime("%Y-%m-%dT%H:%M"),
    )
    officer.page.locator("main form button").last.click()
    expect(officer.page.locator("h1")).to_contain_text(f"Journey: {kind.slug}")
    slug = officer.path().rstrip("/").rsplit("/", 1)[1]
    officer.press("Publish")
    officer.reads("Published")
    return slug


def apply(applicant: Visitor, kind: Kind, call: str) -> str:
    """Page after page to the last one, check, declare, submit."""
    applicant.go(f"/calls/{call}/")
    begin = applicant.page.locator(f"main form[action='/calls/{call}/start/'] button")
    begin.or_(applicant.page.get_by_role("link", name="Apply as yourself")).first.click()
    if "/start/" in applicant.path():
        start_alone(applicant)
    expect(applicant.page).to_have_url(re.compile(r"/apply/A-\w+/$"))
    reference = applicant.path().rstrip("/").rsplit("/", 1)[1]
    applicant.page.locator("main .task-list a").first.click()
    expect(applicant.page).not_to_have_url(re.compile(f"/{reference}/$"))
    for _page in range(12):
        if applicant.path().endswith("/check/"):
            break
        answer_page(applicant, hours=kind.hours, money=kind.money)
        if applicant.field("title").count():
            applicant.fill(title=title_of(kind))
        here = applicant.path()
        applicant.press("Save and continue")
        expect(applicant.page).not_to_have_url(re.compile(f"{re.escape(here)}([?#].*)?$"))
    for box in applicant.page.locator("main input[type=checkbox]").all():
        box.check()
    applicant.press("Submit")
    expect(applicant.page).to_have_url(re.compile("/receipt/"))
    return reference


def start_alone(applicant: Visitor) -> None:
    """An individual says of which nation; who belongs to organisations may choose to stand alone."""
    if applicant.field("nation").count():
        applicant.choose("nation", "IN")
    applicant.page.locator("main form button").last.click()


def pass_checks(officer: Visitor, kind: Kind, application: str) -> None:
    for _step in kind.steps:
        officer.go(f"/desk/applications/{application}/checks/")
        officer.choose("outcome", "passed")
        officer.fill(note="All is there, and it fits the machines.")
        officer.press("Record")
        officer.reads("What was found")


def review(cast: Cast, kind: Kind, application: str) -> None:
    officer = cast["officer"]
    for login, name in [("reviewer1", "Tomás Rueda"), ("reviewer2", "Aiko Tanabe")][: kind.reviews]:
        officer.go(f"/desk/applications/{application}/reviews/")
        labels = officer.field("reviewer").locator("option").all_inner_texts()
        officer.choose_label("reviewer", next(text for text in labels if name in text))
        officer.field("reviewer").locator("xpath=ancestor::form").locator("button").first.click()
        officer.reads("was asked to review")
        score(cast[login], kind)


def score(reviewer: Visitor, kind: Kind) -> None:
    """The newest that waits; every criterion gets points and words."""
    reviewer.go("/reviews/")
    reviewer.page.locator("main li, main tr").filter(has_text=f"Journey: {kind.slug}").locator(
        "a"
    ).first.click()
    reviewer.choose("declaration", "none")
    reviewer.page.locator("main form button").last.click()
    expect(reviewer.page).to_have_url(re.compile(r"/reviews/\d+/$"))
    for comment in reviewer.page.locator("main textarea[name$='-comment']").all():
        criterion = (comment.get_attribute("name") or "").removesuffix("-comment")
        reviewer.choose(f"{criterion}-points", "4")
        comment.fill("Well argued.")
    reviewer.page.locator("main [name=submit]").first.click()
    reviewer.reads("Submitted. Thank you.")


def hold_panel(officer: Visitor, application: str) -> None:
    officer.go(f"/desk/applications/{application}/panel/")
    officer.fill(reasons="The panel follows the reviewers.")
    officer.page.locator("main [name=finish]").click()
    officer.reads("It goes on to the decision.")


def decide(officer: Visitor, kind: Kind, application: str) -> None:
    """As much as was asked for; the award is offered."""
    officer.go(f"/desk/applications/{application}/decide/")
    officer.choose("kind", "award")
    for name, amount in {"gpu_hours": kind.hours, "money": kind.money}.items():
        if amount:
            officer.fill(**{name: amount})
    officer.fill(reason="The reviewers recommend it.", feedback="Publish early.")
    officer.page.locator("main").get_by_role("button", name="Decide", exact=True).click()
    officer.reads("Award offered")


def accept(applicant: Visitor, application: str) -> str:
    """The terms are read, the award accepted, and it stands on the register."""
    applicant.go(f"/apply/{application}/offer/")
    applicant.field("terms_read").check()
    applicant.press("Accept the award")
    found = re.search(r"OSAI-\d{4}-\d+", applicant.page.locator("main").inner_text())
    assert found, applicant.page.locator("main").inner_text()
    return found[0]

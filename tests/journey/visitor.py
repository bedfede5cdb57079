"""Somebody in front of a real browser: what they fill in, press, and read."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.live import LiveStack


class Visitor:
    """One person, one browser of their own; complains when the page breaks its own rules."""

    def __init__(self, browser: Browser, house: LiveStack, *, javascript: bool = True) -> None:
        self.house = house
        self.context = browser.new_context(java_script_enabled=javascript, timezone_id="Asia/Kolkata")
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def leave(self) -> None:
        self.context.close()
        # A 404 or 409 that a step provoked on purpose is an error line of the browser, not of the page.
        broken = [line for line in self.complaints if "Failed to load resource" not in line]
        assert not broken, broken

    def go(self, path: str, status: int = 200) -> Page:
        answer = self.page.goto(self.house.url + path)
        assert answer is not None
        assert answer.status == status, f"{path} answered {answer.status}, not {status}"
        return self.page

    def sign_in(self, email: str, password: str) -> "Visitor":
        self.go("/account/login/")
        self.fill(login=email, password=password)
        self.press("Sign in")
        expect(self.page).not_to_have_url(re.compile("/account/login"))
        return self

    def fill(self, **values: str) -> None:
        """By the fields' names; `__` stands for a hyphen."""
        for name, value in values.items():
            self.field(name.replace("__", "-")).fill(value)

    def field(self, name: str) -> Locator:
        return self.page.locator(f"main [name='{name}']").first

    def choose(self, name: str, value: str) -> None:
        """In a list or a row of radio buttons, by value. The page may still be coming."""
        self.field(name).first.wait_for(state="attached")
        radio = self.page.locator(f"main input[type=radio][name='{name}'][value='{value}']")
        if radio.count():
            radio.check()
        else:
            self.field(name).select_option(value)

    def choose_label(self, name: str, label: str) -> None:
        self.field(name).select_option(label=label)

    def press(self, words: str) -> None:
        self.page.locator("main").get_by_role("button", name=words).first.click()

    def follow(self, words: str) -> None:
        self.page.locator("main").get_by_role("link", name=words).first.click()

    def reads(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each)

    def path(self) -> str:
        return self.page.url.removeprefix(self.house.url).split("?")[0]

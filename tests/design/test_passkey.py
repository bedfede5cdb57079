"""A passkey in a real browser: added, used alone, used as a second step, removed."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.design.look import listen

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WHO = "fellow"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_opens_the_account_under_the_strict_policy(live_stack: Any, browser: Browser) -> None:
    base = live_stack.url.replace("127.0.0.1", "localhost")  # browsers give no passkey to a number
    context = browser.new_context()
    page = context.new_page()
    complaints: list[str] = []
    listen(page, complaints)
    wire = context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    def password(names: dict[str, str]) -> None:
        for name, value in names.items():
            page.fill(f"[name={name}]", value)
        page.click("main .form .button")

    mine = {"login": f"{WHO}@demo.example", "password": live_stack.demo_password}
    page.goto(f"{base}/account/login/")
    password(mine)
    page.wait_for_selector(".visitor form")
    page.goto(f"{base}/account/2fa/webauthn/add/")
    password({"password": mine["password"]})
    page.check("[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_selector(".codes")

    page.click(".visitor button")
    page.goto(f"{base}/account/login/")
    page.click("#passkey_login")
    page.wait_for_selector(".visitor form")

    page.click(".visitor button")
    page.goto(f"{base}/account/login/")
    password(mine)
    page.click("#mfa_webauthn_authenticate")
    page.wait_for_selector(".visitor form")

    page.goto(f"{base}/account/2fa/webauthn/")
    page.click("text=Remove")
    if page.locator("[name=password]").count():
        password({"password": mine["password"]})
    page.click("main .button--warn")
    page.wait_for_selector(".empty")
    context.close()
    assert not complaints, "\n".join(complaints)

"""Pictures of the running house.

    python -m tests.design.screens http://127.0.0.1:8000 docs/screens nation=/nations/IN/

`name@320=/path/` makes a narrow one, `name@dark=/path/` a dark one, `name@rtl=/path/` one from right to left,
`name@full=/path/` the whole page, `name@officer=/path/` one as a demo login (its password in DEMO_PASSWORD).
`>` in a path follows the first link in the page whose address holds what comes next: `/apply/>/apply/A-`.
"""

import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None
)
LOGINS = {"officer", "reviewer1", "reviewer2", "reviewer3", "startup", "fellow", "auditor"}
COLOURS = 128  # of a picture: enough for pages, and a third of the bytes
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]


def picture(browser: Browser, base: str, folder: Path, order: str) -> Path:
    name, _, path = order.partition("=")
    name, *ways = name.split("@")
    width = next((int(way) for way in ways if way.isdigit()), 1280)
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if "dark" in ways else "light",
    )
    page = context.new_page()
    for login in LOGINS.intersection(ways):
        sign_in(page, base, login)
    follow(page, base, path)
    if "rtl" in ways:
        page.evaluate("document.documentElement.dir = 'rtl'")
    file = folder / f"{'-'.join([name, *(way for way in ways if way not in LOGINS | {'full'})])}.png"
    page.screenshot(path=file, full_page="full" in ways)
    context.close()
    with Image.open(file) as whole:
        whole.convert("RGB").quantize(COLOURS).save(file, optimize=True)
    return file


def sign_in(page: Page, base: str, login: str) -> None:
    page.goto(f"{base}/account/login/")
    page.fill("[name=login]", f"{login}@demo.example")
    page.fill("[name=password]", os.environ["DEMO_PASSWORD"])
    page.click("main .form .button")
    page.wait_for_url(lambda url: "/account/login" not in url)


def follow(page: Page, base: str, path: str) -> None:
    start, *links = path.split(">")
    page.goto(base + start, wait_until="networkidle")
    for part in links:
        found = page.locator(f"main a[href*='{part}']").first.get_attribute("href")
        page.goto(base + str(found), wait_until="networkidle")


def main(base: str, folder: str, *orders: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for order in orders:
            print(picture(browser, base.rstrip("/"), Path(folder), order))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Pictures of the running house.

    python -m tests.design.screens http://127.0.0.1:8000 docs/screens nation=/nations/IN/

`name@320=/path/` makes a narrow one, `name@dark=/path/` a dark one, `name@rtl=/path/` one from right to left.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser") if Path(path).exists()), None
)
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
    page.goto(base + path, wait_until="networkidle")
    if "rtl" in ways:
        page.evaluate("document.documentElement.dir = 'rtl'")
    file = folder / f"{'-'.join([name, *ways])}.png"
    page.screenshot(path=file, full_page="full" in ways)
    context.close()
    return file


def main(base: str, folder: str, *orders: str) -> None:
    Path(folder).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for order in orders:
            print(picture(browser, base.rstrip("/"), Path(folder), order))
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

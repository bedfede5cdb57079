"""One sheet of pictures for every kind of public page: three widths, each in light, dark and Arabic.

    python -m tests.design.sheets http://127.0.0.1:8000 docs/screens/public [only this kind …]

The running house is walked as the tests walk it. Each picture is the top of its page.
"""

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.design.screens import CHROMIUM, QUIET

WIDTHS = (1280, 768, 360)
HEIGHT, SCALE = 1700, 0.5  # pixels of the page; of the picture in the sheet
WAYS = ("light", "dark", "ar")
GAP, COLOURS = 24, 96


def shot(browser: Browser, url: str, width: int, dark: bool, file: Path) -> Image.Image:
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT}, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    page.goto(url)
    page.screenshot(path=file)
    context.close()
    with Image.open(file) as whole:
        size = (round(whole.width * SCALE), round(whole.height * SCALE))
        return whole.convert("RGB").resize(size, Image.Resampling.LANCZOS)


def sheet(browser: Browser, base: str, path: str, file: Path) -> None:
    """Columns: for each width light, dark, Arabic (where the page has an Arabic address)."""
    from mission.languages import names_in_every_language
    from tests.design.walk import kind_of

    spoken = {*names_in_every_language(), None}  # None: an address that leads nowhere
    ways = [way for way in WAYS if way != "ar" or kind_of(path) in spoken]
    with TemporaryDirectory() as folder:
        pictures = [
            shot(
                browser,
                base + (f"/ar{path}" if way == "ar" else path),
                width,
                way == "dark",
                Path(folder, "one.png"),
            )
            for width in WIDTHS
            for way in ways
        ]
    whole = Image.new(
        "RGB",
        (sum(one.width + GAP for one in pictures) + GAP, max(one.height for one in pictures) + 2 * GAP),
        "#888888",
    )
    across = GAP
    for one in pictures:
        whole.paste(one, (across, GAP))
        across += one.width + GAP
    whole.quantize(COLOURS).save(file, optimize=True)


def main(base: str, folder: str, *only: str) -> None:
    os.environ.setdefault("DEBUG", "1")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mission.settings")
    django.setup()
    from tests.design.public import public_pages

    pages = {**public_pages(base), "not_found": "/nowhere/"}
    Path(folder).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        for kind, path in pages.items():
            name = kind.split(":")[-1]
            if not only or name in only:
                sheet(browser, base, path, Path(folder, f"{name}.png"))
                print(name, path, flush=True)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])

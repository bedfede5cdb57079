"""Fills a page of questions as a careful applicant would: by the kind of each field, not by its name."""

import re

from playwright.sync_api import Locator

from tests.journey.visitor import Visitor

# By the end of a field's name; the first that fits.
WORDS = [
    (r"-by$", "2027-09-30"),
    (r"^ready_by$", "2027-05-31"),
    (r"orcid$", "0000-0002-1825-0097"),
    (r"-email$", "asha@kaveri.example"),
    (r"-parameters$", "7B"),
    (r"-tokens$", "1B"),
    (r"-hardware$", "H100"),
    (r"-(github|huggingface)$", ""),
    (r"^huggingface$", ""),
    (r"^github$", "octocat"),
    (r"^licence", "Apache-2.0"),
    (r"^languages", "Marathi"),
    (r"^rounds$", "4"),
    (r"^storage_tb$", "2"),
]
ADDRESS = "https://example.org/work"
PLAIN = "Open, small, measured in public."


def answer_page(who: Visitor, *, hours: str, money: str) -> None:
    """Everything the page asks; of tables as many rows as it shows, of lists the first box. An address
    changes before its page is there whole: fields are counted when it is."""
    who.page.wait_for_load_state("domcontentloaded")
    amounts = {"gpu_hours": hours, "money": money, "gpu_table-0-hours": hours}
    fields = who.page.locator("main form [name]:not([type=hidden]):not(button)")
    languages = 0
    for field in fields.all():
        name, kind = field.get_attribute("name") or "", field.get_attribute("type") or ""
        if not field.is_visible() or kind == "file":
            continue
        if kind in {"radio", "checkbox"}:
            check_first(who, field, name, kind)
        elif name.startswith("gpu_table-") and not name.startswith("gpu_table-0-"):
            continue
        elif name.startswith("languages"):
            languages += 1
            field.fill("Marathi" if languages == 1 else "")
        elif field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(index=1)
        else:
            field.fill(amounts.get(name, ADDRESS if kind == "url" else words_for(name)))


def check_first(who: Visitor, field: Locator, name: str, kind: str) -> None:
    if not who.page.locator(f"main [name='{name}']:checked").count():
        field.check()


def words_for(name: str) -> str:
    return next((words for pattern, words in WORDS if re.search(pattern, name)), PLAIN)

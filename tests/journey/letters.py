"""Letters as the house wrote them to files."""

import email
import email.policy
import re
import time
from email.message import EmailMessage

from tests.live import LiveStack


def letters_to(house: LiveStack, address: str) -> list[EmailMessage]:
    """All letters to an address so far."""
    found = []
    for file in (house.var_dir / "mail").glob("*.log"):
        for text in file.read_text().split("-" * 79):
            letter = email.message_from_string(text.strip(), policy=email.policy.default)
            if address in str(letter["To"] or ""):
                found.append(letter)
    return found


def await_letter(house: LiveStack, address: str, about: str, within: float = 30) -> str:
    """The text of a letter whose subject or text holds `about`; the workers may still be writing it."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        for letter in letters_to(house, address):
            text = str(letter.get_content())
            if about.lower() in f"{letter['Subject']}\n{text}".lower():
                return text
        time.sleep(0.2)
    seen = [str(letter["Subject"]) for letter in letters_to(house, address)]
    raise AssertionError(f"no letter about {about!r} to {address}; there are {seen}")


def link_in(text: str, part: str) -> str:
    """The path of the first address in a letter that holds `part`."""
    found = re.search(rf"https?://[^/\s]+(\S*{re.escape(part)}\S*)", text)
    assert found, f"no link with {part!r} in:\n{text}"
    return found[1]

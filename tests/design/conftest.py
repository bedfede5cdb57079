"""What the browser tests of public pages share."""

import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.design.walk import walk


@pytest.fixture(scope="session")
def pages(live_stack: Any) -> dict[str, str]:
    """One address of every public kind of page."""

    def read(path: str) -> str | None:
        try:
            with urllib.request.urlopen(live_stack.url + path) as answer:
                same = answer.url == live_stack.url + path
                html = "text/html" in answer.headers["Content-Type"]
                return answer.read().decode() if same and html else None
        except urllib.error.HTTPError:
            return None

    return walk("/", "/nations/IN/", read=read)  # the home nation, of which there is most to see

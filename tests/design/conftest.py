"""What the browser tests of public pages share."""

from typing import Any

import pytest

from tests.design.public import public_pages


@pytest.fixture(scope="session")
def pages(live_stack: Any) -> dict[str, str]:
    """One address of every public kind of page."""
    return public_pages(live_stack.url)

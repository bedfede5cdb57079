"""Whatever a test here starts is stopped at its end, also when it fails."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live import LiveStack


@pytest.fixture
def a_stack() -> Iterator[Callable[..., LiveStack]]:
    """Describe a stack; the test itself begins it."""
    made: list[LiveStack] = []

    def make(var_dir: Path, more: dict[str, str] | None = None, **facts: Any) -> LiveStack:
        made.append(LiveStack(var_dir, more or {}, **facts))
        return made[-1]

    yield make
    for stack in made:
        stack.stop()

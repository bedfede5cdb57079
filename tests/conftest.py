"""Fixtures that every folder of tests may use. The services themselves come from tests/services.py."""

import contextlib
import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.live import ROOT, LiveStack, serving

CHROMIUM_FLAGS = ["--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """A test marked `alone` waits until the other workers' tests have ended, and they wait for it."""
    folder = Path(os.environ["VAR_DIR"])
    with (folder / "gate").open("a") as gate, (folder / "tests").open("a") as tests:
        alone = item.get_closest_marker("alone") is not None
        fcntl.flock(gate, fcntl.LOCK_EX)  # whoever wants to be alone holds the gate: no more come in
        if alone:
            fcntl.flock(tests, fcntl.LOCK_EX)
        else:
            fcntl.flock(tests, fcntl.LOCK_SH)
            fcntl.flock(gate, fcntl.LOCK_UN)
        return (yield)


@pytest.fixture(autouse=True)
def empty_valkey() -> None:
    """Every test begins with an empty Valkey: unlike the database's rows, nothing in it is rolled back.
    Nor is what a process remembers."""
    from dashboards.stamp import forget

    forget()
    with redis.Redis.from_url(os.environ["REDIS_URL"]) as client:
        client.flushdb()


@pytest.fixture(scope="session")
def start_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., LiveStack]]:
    """Start a whole stack: `start_stack(GITHUB_API_URL="http://…")`. All are stopped at the end."""
    running: list[LiveStack] = []

    def start(**more: str) -> LiveStack:
        folder: Path = tmp_path_factory.mktemp("live") / "var"
        stack = LiveStack(folder, more)
        running.append(stack)
        return stack.start()

    yield start
    for stack in running:
        stack.stop()


@pytest.fixture(scope="session")
def live_stack_environment() -> Iterator[dict[str, str]]:
    """The house asks a GitHub and a Hugging Face of ours: a made-up organisation, and real models' facts."""
    models = ROOT.parent / "shared" / "data" / "huggingface" / "models.jsonl"
    with contextlib.ExitStack() as stack:
        github = stack.enter_context(serving("tests.local_github"))
        hub = ["--data", str(models)] if models.exists() else []
        places = {"GITHUB_API_URL": github}
        if hub:
            places["HF_ENDPOINT"] = stack.enter_context(serving("tests.local_huggingface", *hub))
        yield places | {"GITHUB_TOKENS": "local-token"}


@pytest.fixture(scope="session")
def live_stack(start_stack: Callable[..., LiveStack], live_stack_environment: dict[str, str]) -> LiveStack:
    """One whole stack with its demo world, for all tests that only look or that make their own rows."""
    return start_stack(**live_stack_environment)


def chromium() -> str | None:
    """An installed Chromium; None means Playwright's own."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(
        (found for name in names if (found := shutil.which(name))), None
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One headless Chromium for the whole run. Playwright's loop must not keep fixtures from the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    expect.set_options(timeout=20_000)  # milliseconds: a busy machine takes its time
    flags = [*CHROMIUM_FLAGS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page without cookies, 1280 pixels wide."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()

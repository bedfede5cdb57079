"""A real Celery worker process on the test's own database, which a test may kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.db import connection

from contributions.tasks import sync_due


def test_database_url() -> str:
    url = urlsplit(os.environ["DATABASE_URL"])
    return url._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


test_database_url.__test__ = False  # type: ignore[attr-defined]


class Worker:
    def __init__(self, environment: Mapping[str, Any]) -> None:
        command = [sys.executable, "-m", "celery", "-A", "mission", "worker", "--concurrency", "2"]
        command += ["--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        own = {"DATABASE_URL": test_database_url(), "SYNC_LEASE_SECONDS": "1"}
        more = {name: str(value) for name, value in environment.items()}
        self.process = subprocess.Popen(command, env={**os.environ, **own, **more}, start_new_session=True)

    def kill(self) -> None:
        """SIGKILL to the worker and all its children at once, as a dying machine would."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)


def wait_for(condition: Callable[[], Any], *, seconds: float = 60, wake: bool = False) -> None:
    """`wake` plays the clock (beat): what a dead worker held is claimed again once its lease is over."""
    deadline, woken = time.monotonic() + seconds, 0.0
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("what the test waits for did not come")
        if wake and time.monotonic() - woken > 1:  # faster than a busy machine answers, they pile up
            sync_due.delay()
            woken = time.monotonic()
        time.sleep(0.1)

"""PostgreSQL and Valkey of their own for a benchmark that needs no web server, in a temporary folder."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.house import OWN
from mission import embedded
from mission.processes import Child


@contextlib.contextmanager
def stores() -> Iterator[dict[str, str]]:
    """The environment in which Django finds them, and nothing of ours besides."""
    folder = Path(tempfile.mkdtemp(prefix="mission-bench-"))
    environment = {key: value for key, value in os.environ.items() if key not in OWN}
    running: list[Child] = []
    try:
        for name, start in (("DATABASE_URL", embedded.postgres), ("REDIS_URL", embedded.valkey)):
            program, environment[name] = start(folder, hasty=True)
            running.append(Child(program, folder / "log"))
        for child in running:
            child.wait_ready()
        yield environment | {"VAR_DIR": str(folder), "DEBUG": "1", "LOG_LEVEL": "WARNING"}
    finally:
        while running:
            running.pop().stop()
        shutil.rmtree(folder, ignore_errors=True)

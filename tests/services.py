"""A pytest plugin: one PostgreSQL and one Valkey for the whole run, started before Django is set up.

Loaded by `-p tests.services` in pyproject.toml. With DATABASE_URL or REDIS_URL in the environment that
one is used instead. Under xdist only the controller starts them; each worker takes a Valkey database of
its own (and pytest-django gives it a PostgreSQL database of its own).
"""

import atexit
import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from mission import embedded
from mission.processes import Child, Program

_running: list[Child] = []


def _settings() -> None:
    """What tests always run with, whatever the developer's own environment says."""
    os.environ |= {
        "TESTING": "1",
        "DEBUG": "0",
        "HTTPS": "0",
        "ALLOWED_HOSTS": "*",
        "METRICS_TOKEN": "",
        "GITHUB_TOKENS": "",
        "HF_TOKEN": "",
        "CLAMD_URL": "",
        "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABC",
        "EMAIL_URL": "memorymail://",
        "LOG_LEVEL": "WARNING",
        # Nothing in the test suite may reach the real ones by accident.
        "GITHUB_API_URL": "http://127.0.0.1:9",
        "HF_ENDPOINT": "http://127.0.0.1:9",
        "LLM_URL": "http://127.0.0.1:9",
    }


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="mission-tests-"))
    os.environ["VAR_DIR"] = str(folder)
    (folder / "static").mkdir()
    atexit.register(_stop, folder, os.getpid())

    def run(started: tuple[Program, str]) -> str:
        program, url = started
        _running.append(Child(program, folder / "log"))
        return url

    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = run(embedded.postgres(folder, hasty=True, more=embedded.ROLLED_BACK))
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = run(embedded.valkey(folder, hasty=True))
    for child in _running:
        child.wait_ready()


def _stop(folder: Path, pid: int) -> None:
    if os.getpid() != pid:  # a fork of ours
        return
    while _running:
        _running.pop().stop()
    with contextlib.suppress(OSError):
        shutil.rmtree(folder)


def _own_valkey_database(worker: str) -> None:
    """gw0 → database 1, gw1 → 2, …: Valkey has 16."""
    url = urlsplit(os.environ["REDIS_URL"])
    os.environ["REDIS_URL"] = url._replace(path=f"/{1 + int(worker.removeprefix('gw')) % 15}").geturl()


_settings()
if worker := os.environ.get("PYTEST_XDIST_WORKER"):
    _own_valkey_database(worker)
else:
    _start()

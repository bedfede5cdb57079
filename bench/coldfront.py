"""ColdFront, another open system that hands out computing: in an environment of its own, from its wheel.

It has its own database on the same PostgreSQL server, its own migrations and first settings, and gunicorn
serves it, as its documentation says. Nothing of it comes into our environment.
"""

import contextlib
import json
import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from bench.house import OWN, ROOT, House
from mission.embedded import free_port

VERSION = "1.1.10"
PACKAGES = [f"coldfront=={VERSION}", "psycopg[binary]"]
PATIENCE = 300  # seconds for one step of the set-up


class Unavailable(Exception):
    """It cannot be installed or started here; why."""


@dataclass(frozen=True)
class ColdFront:
    url: str
    database: str  # a URL
    name: str
    password: str


@contextlib.contextmanager
def coldfront(made: House, titles: list[str]) -> Iterator[ColdFront]:
    """ColdFront with a project and an allocation for each of the titles, ready to be signed in to."""
    folder = Path(made.environment["VAR_DIR"]).parent / "coldfront"
    port = free_port()
    python = install(folder)
    there = ColdFront(
        f"http://127.0.0.1:{port}", new_database(made), "administrator", secrets.token_urlsafe(16)
    )
    environment = settings(folder, there.database)
    for words in (["initial_setup", "-f"], ["collectstatic", "--noinput"]):
        command(folder, [str(python.with_name("coldfront")), *words], environment)
    seed = json.dumps({"titles": titles, "name": there.name, "password": there.password})
    # -P: the folder of this file, which has ColdFront's name, is not to be looked into.
    command(folder, [str(python), "-P", str(ROOT / "bench" / "coldfront_world.py")], environment, text=seed)
    serve = f"-m gunicorn coldfront.config.wsgi --workers 1 --bind 127.0.0.1:{port} --log-level warning"
    process = subprocess.Popen([str(python), *serve.split()], cwd=folder, env=environment)
    try:
        yield there
    finally:
        process.terminate()
        process.wait(20)


def install(folder: Path) -> Path:
    """Its Python, in a virtual environment of its own."""
    folder.mkdir(parents=True)
    environment = plain_environment()
    command(folder, [sys.executable, "-m", "venv", str(folder / "venv")], environment)
    python = folder / "venv" / "bin" / "python"
    pip = "-m pip install --quiet --disable-pip-version-check"
    command(folder, [str(python), *pip.split(), *PACKAGES], environment)
    return python


def new_database(made: House) -> str:
    """Another database beside ours; its URL."""
    ours = made.services["DATABASE_URL"]
    with psycopg.connect(ours, autocommit=True) as connection:
        connection.execute("CREATE DATABASE coldfront")
    return urlsplit(ours)._replace(path="/coldfront").geturl()


def settings(folder: Path, database: str) -> dict[str, str]:
    """Its defaults; but connections are kept, since ours are too."""
    return plain_environment() | {
        "DJANGO_SETTINGS_MODULE": "coldfront.config.settings",
        "DB_URL": database.replace("postgres://", "psql://", 1) + "?conn_max_age=600",
        "SECRET_KEY": secrets.token_urlsafe(40),
        "STATIC_ROOT": str(folder / "static"),
    }


def plain_environment() -> dict[str, str]:
    """Without what is meant for our settings."""
    ours = {*OWN, "DEBUG", "DJANGO_SETTINGS_MODULE", "PYTHONPATH", "VIRTUAL_ENV"}
    return {key: value for key, value in os.environ.items() if key not in ours}


def command(folder: Path, words: list[str], environment: dict[str, str], *, text: str = "") -> None:
    """One step of the set-up, with what it says in the reason why it could not be done."""
    try:
        done = subprocess.run(
            words,
            cwd=folder,
            env=environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(str(error)) from error
    if done.returncode:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise Unavailable(said[-1])

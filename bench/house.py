"""A whole house of its own for a benchmark: `manage.py up` with data in a temporary folder."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mission.embedded import free_port

ROOT = Path(__file__).resolve().parent.parent
OWN = ("DATABASE_URL", "REDIS_URL", "LLM_URL", "SECRET_KEY", "ALLOWED_HOSTS", "TESTING")


@dataclass(frozen=True)
class House:
    url: str
    environment: dict[str, str]

    @property
    def services(self) -> dict[str, str]:
        """Addresses of what `up` started."""
        lines = (Path(self.environment["VAR_DIR"]) / "run.env").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    def manage(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise SystemExit(f"manage.py {' '.join(command)} failed:\n{done.stderr}")
        return done.stdout


@contextlib.contextmanager
def house() -> Iterator[House]:
    folder, port = Path(tempfile.mkdtemp(prefix="mission-bench-")), free_port()
    environment = {key: value for key, value in os.environ.items() if key not in OWN}
    environment |= {"VAR_DIR": str(folder / "var"), "PORT": str(port), "LOG_LEVEL": "WARNING"}
    with (folder / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    made = House(f"http://127.0.0.1:{port}", environment | {"DEBUG": "1"})
    try:
        wait_ready(made.url, process, folder / "up.log")
        yield made
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def wait_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the house did not start:\n{log.read_text()}")
        with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=5) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    raise SystemExit(f"the house took too long to start:\n{log.read_text()}")

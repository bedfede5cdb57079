"""The whole thing, running for real: `manage.py up` in a folder and on a port of its own."""

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from mission.embedded import free_port
from mission.processes import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
# What tests/services.py sets for the test process itself, which the real thing must not inherit.
OURS = {
    *("DATABASE_URL", "REDIS_URL", "LLM_URL", "GITHUB_API_URL", "HF_ENDPOINT", "EMAIL_URL", "LOG_LEVEL"),
    *("TESTING", "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "HTTPS", "VAR_DIR", "PORT"),
    *("METRICS_TOKEN", "GITHUB_TOKENS", "HF_TOKEN", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE"),
    *("MAKEFLAGS", "MAKELEVEL", "MFLAGS"),
}


def clean_environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in OURS} | more


def status_of(url: str, timeout: float = 10) -> int:
    """The HTTP status; 0 when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@contextlib.contextmanager
def serving(module: str, *arguments: str) -> Iterator[str]:
    """Run one of our local servers as a process; the line it prints is its address."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline().strip() if process.stdout else ""
            assert line.startswith("http://"), f"{module} did not start: {line!r}"
            yield line
        finally:
            process.terminate()


@dataclass
class LiveStack:
    """One `manage.py up`. `more` is added to its environment; `command` may put another program before it."""

    var_dir: Path
    more: dict[str, str] = field(default_factory=dict)
    root: Path = ROOT
    command: tuple[str, ...] = ()
    port: int = field(default_factory=free_port)
    output_name: str = "output.txt"
    begun: "subprocess.Popen[bytes] | None" = None

    @property
    def process(self) -> "subprocess.Popen[bytes]":
        assert self.begun is not None, "begin() it first"
        return self.begun

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output_file(self) -> Path:
        return self.var_dir.with_name(f"{self.var_dir.name}-{self.output_name}")

    @property
    def output(self) -> str:
        return self.output_file.read_text()

    @property
    def demo_password(self) -> str:
        return (self.var_dir / "demo_password").read_text().strip()

    def environment(self) -> dict[str, str]:
        outside = {"GITHUB_API_URL": "http://127.0.0.1:9", "HF_ENDPOINT": "http://127.0.0.1:9"}
        return clean_environment(**outside, VAR_DIR=str(self.var_dir), PORT=str(self.port)) | self.more

    def begin(self) -> "LiveStack":
        """Start it, without waiting."""
        with self.output_file.open("wb") as output:
            self.begun = subprocess.Popen(
                [*(self.command or (sys.executable, "manage.py", "up"))],
                cwd=self.root,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent(signal.SIGTERM),
                start_new_session=True,  # like a terminal of its own: a signal to its group is a Ctrl-C
            )
        return self

    def start(self, seconds: float = 300) -> "LiveStack":
        """Start it and wait until /readyz finds everything well."""
        self.begin()
        deadline = time.monotonic() + seconds
        while "Ready after" not in self.output or status_of(f"{self.url}/readyz") != 200:
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise AssertionError(f"it did not get ready:\n{self.output}\n{self.logs()}")
            time.sleep(0.1)
        return self

    def stop(self, number: signal.Signals = signal.SIGINT, seconds: float = 40) -> int:
        """Ctrl-C, and wait for the end. Returns the exit status."""
        if self.begun is None:
            return 0
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)
        return self.process.wait(seconds)

    def manage(self, *arguments: str, timeout: float = 120) -> str:
        """Run a management command beside it, as a person in a second terminal would."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=self.root,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def logs(self) -> str:
        """The ends of all its logs, for a failing test's message."""
        found = sorted((self.var_dir / "log").glob("*.log"))
        return "\n".join(f"== {path.name}\n{path.read_text(errors='replace')[-1500:]}" for path in found)

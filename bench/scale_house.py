"""A PostgreSQL and a Valkey of its own for the bench of scale, and how much memory their work takes."""

import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from mission import embedded
from mission.processes import Child

MB = 1024 * 1024


@contextlib.contextmanager
def services() -> Iterator[int]:
    """Started as `manage.py up` starts them, durable; gives PostgreSQL's process id. Sets up Django."""
    folder = Path(tempfile.mkdtemp(prefix="mission-scale-", dir=os.environ.get("SCALE_DIR")))
    folder.chmod(0o711)
    running = []
    try:
        for variable, start in (("DATABASE_URL", embedded.postgres), ("REDIS_URL", embedded.valkey)):
            program, url = start(folder)
            running.append(Child(program, folder / "log"))
            os.environ[variable] = url
        for child in running:
            child.wait_ready(60)
        os.environ |= {
            "VAR_DIR": str(folder),
            "DEBUG": "1",
            "DATABASE_NO_POOL": "1",
            "LOG_LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "mission.settings",
        }
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("load_reference", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        yield running[0].pid
    finally:
        for child in reversed(running):
            child.stop()
        shutil.rmtree(folder, ignore_errors=True)


class Memory:
    """The most memory taken while it looks, in bytes: of this process, and of PostgreSQL's.

    `ours`: resident, without what it shares. `theirs`: all of PostgreSQL's processes together, without the
    cache they share. `cache`: that, as far as it was touched.
    """

    def __init__(self, postgres: int) -> None:
        self.postgres = postgres
        self.ours = self.theirs = self.cache = 0
        self._over = threading.Event()

    def __enter__(self) -> "Memory":
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.1):
            self.ours = max(self.ours, resident(os.getpid())[0])
            theirs = [resident(pid) for pid in (self.postgres, *children(self.postgres))]
            self.theirs = max(self.theirs, sum(own for own, _shared in theirs))
            self.cache = max(self.cache, max(shared for _own, shared in theirs))

    def __str__(self) -> str:
        ours, theirs, cache = (round(n / MB) for n in (self.ours, self.theirs, self.cache))
        return f"{ours} MB of ours + {theirs} MB of PostgreSQL's + {cache} MB of its shared cache"


def children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def resident(pid: int) -> tuple[int, int]:
    """Bytes: its own, and shared memory it touched."""
    with contextlib.suppress(OSError):
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        sizes = {line.split(":")[0]: int(line.split()[1]) * 1024 for line in lines if line.startswith("Rss")}
        return sizes.get("RssAnon", 0), sizes.get("RssShmem", 0)
    return 0, 0

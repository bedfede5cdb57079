"""Everything that runs together for `manage.py up`: started in order, watched, stopped in order."""

import contextlib
import fcntl
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from mission.embedded import write_private
from mission.processes import Child, Program, StartFailure, end_leftover, fingerprint, nap, undisturbed

# What needs the others stops first. Those of one row stop together.
STOP_ORDER = [("prepare", "web", "beat"), ("worker", "model"), ("valkey",), ("postgres",)]
DEATHS_ALLOWED, WITHIN = 4, 120.0  # seconds


class AlreadyRunning(Exception):
    """Another `up` holds this VAR_DIR; `facts` are its `pid` and `address`."""

    def __init__(self, facts: dict[str, str]) -> None:
        super().__init__(facts)
        self.facts = facts


@contextlib.contextmanager
def only_one(var_dir: Path, facts: dict[str, str]) -> Iterator[None]:
    """Hold VAR_DIR: the system itself lets go when this process ends, however it ends."""
    with (var_dir / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            raise AlreadyRunning(json.loads(lock.read() or "{}")) from None
        lock.truncate(0)
        lock.write(json.dumps(facts))
        lock.flush()
        yield


class Stack:
    """The running children by name. `say` prints one line for the person at the terminal."""

    def __init__(self, var_dir: Path, say: Callable[[str], None]) -> None:
        self.say = say
        self.log_folder = var_dir / "log"
        self.record = var_dir / "up.pids"
        self.children: dict[str, Child] = {}
        self.deaths: dict[str, list[float]] = {}
        self.optional: set[str] = set()

    def start(self, program: Program) -> Child:
        with undisturbed():
            child = self.children[program.name] = Child(program, self.log_folder)
            self._write_record()
        return child

    def run_to_end(self, program: Program) -> None:
        """Run a program that ends by itself, and pass on what it says. Raises StartFailure when it fails."""
        child = self.start(program)
        with child.log.open("rb") as log:
            log.seek(child.log_begins)
            going = True
            while going:
                going = child.alive()
                for line in log.read().decode(errors="replace").splitlines():
                    self.say(line)
                nap(0.05 if going else 0)
        child.kill()
        del self.children[program.name]
        if child.process.returncode:
            raise StartFailure(f"{program.name} failed. Its log is {child.log}")

    def watch(self) -> None:
        """Until interrupted: bring back what dies. Raises StartFailure when that happens too often."""
        while True:
            nap(0.3)
            for child in list(self.children.values()):
                if not child.alive():
                    child.kill()
                    self._bring_back(child)

    def _bring_back(self, child: Child) -> None:
        name, now = child.program.name, time.monotonic()
        recent = [then for then in self.deaths.get(name, []) if now - then < WITHIN]
        self.deaths[name] = [*recent, now]
        self.say(f"{name} ended unexpectedly ({_ending(child.process.returncode)}). {child.tail()}")
        if len(recent) >= DEATHS_ALLOWED:
            if name not in self.optional:
                raise StartFailure(f"{name} ended {len(recent) + 1} times within {WITHIN:.0f} s; giving up.")
            self.say(f"{name} is left off; everything else goes on without it.")
            del self.children[name]
            return
        wait = 2.0 ** len(recent) - 1  # 0, 1, 3, 7 seconds
        self.say(f"Starting {name} again" + (f" in {wait:.0f} s." if wait else "."))
        nap(wait)
        self.start(child.program)

    def stop(self) -> None:
        for row in STOP_ORDER:
            children = [self.children[name] for name in row if name in self.children]
            for child in children:
                child.ask_to_stop()
            for child in children:
                child.stop()
        self.record.unlink(missing_ok=True)

    def kill(self) -> None:
        """At once, for whoever presses Ctrl-C a second time."""
        for child in self.children.values():
            child.kill()

    def _write_record(self) -> None:
        rows = [
            [child.pid, fingerprint(child.pid), int(child.program.stop_signal)]
            for child in self.children.values()
        ]
        write_private(self.record, json.dumps(rows))

    def end_leftovers(self) -> None:
        """End what an earlier `up` that was killed left behind: those very processes, nothing by name."""
        with contextlib.suppress(OSError, ValueError):
            for pid, expected, stop_signal in reversed(json.loads(self.record.read_text())):
                if end_leftover(pid, expected, stop_signal):
                    self.say(f"Ended process {pid}, left over from an earlier start.")
            self.record.unlink()


def _ending(returncode: int | None) -> str:
    return f"by signal {-returncode}" if returncode and returncode < 0 else f"exit status {returncode}"

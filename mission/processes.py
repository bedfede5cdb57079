"""Child processes that are started, watched and stopped, and that never outlive us.

Every child leads a session of its own, so Ctrl-C in the terminal reaches only the parent, which stops
its children in order. Should the parent be killed outright, Linux sends each child its stop signal.
Standard library only: the test suite uses this before Django is set up.
"""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1


class StartFailure(Exception):
    """Something did not start; the message is a sentence for the person at the terminal."""


@dataclass(frozen=True)
class Program:
    """What to run. `ready` says whether it answers; `become` runs in the child just before `exec`."""

    name: str
    command: Sequence[str]
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 8.0  # seconds from the stop signal to SIGKILL
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[], bool] = lambda: True
    become: Callable[[], None] = lambda: None


STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
stop_asked = threading.Event()


def heed_stop_signals() -> None:
    """Ctrl-C and its like raise KeyboardInterrupt, and are remembered where Python swallows that."""

    def asked(_number: int, _frame: object) -> None:
        stop_asked.set()
        raise KeyboardInterrupt

    for number in STOP_SIGNALS:
        signal.signal(number, asked)


def nap(seconds: float) -> None:
    """Sleep between two looks; raises KeyboardInterrupt when somebody asked to stop meanwhile."""
    time.sleep(seconds)
    if stop_asked.is_set():
        raise KeyboardInterrupt


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits: it must not come between making a child and writing it down."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def disturbed_again() -> None:
    """In the child, which was made undisturbed: stop signals end it, as they end any program."""
    for number in STOP_SIGNALS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def die_with_parent(stop_signal: signal.Signals) -> Callable[[], None]:
    """For the child: ask Linux for `stop_signal` when the parent dies; elsewhere nothing is asked."""
    parent = os.getpid()

    def ask() -> None:
        if sys.platform == "linux":
            _libc.prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
            if os.getppid() != parent:  # it died before we asked
                os._exit(1)

    return ask


class Child:
    """One running program and its log, `<folder>/<name>.log`."""

    def __init__(self, program: Program, log_folder: Path) -> None:
        self.program = program
        self.log = log_folder / f"{program.name}.log"
        log_folder.mkdir(parents=True, exist_ok=True)
        ask = die_with_parent(program.stop_signal)

        def in_child() -> None:
            program.become()
            ask()  # after changing user, which forgets it
            disturbed_again()

        with self.log.open("ab") as log:
            self.log_begins = log.tell()
            self.process = subprocess.Popen(
                program.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **program.environment},
                start_new_session=True,
                preexec_fn=in_child,  # safe: the parent has one thread
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def alive(self) -> bool:
        """Without reaping: while it is a zombie its process group cannot be mistaken for another's."""
        if self.process.returncode is not None:
            return False
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def wait_ready(self, seconds: float = 30.0) -> None:
        """Until it answers. Raises StartFailure when it ends before, or takes too long."""
        deadline = time.monotonic() + seconds
        while not self.program.ready():
            if not self.alive():
                raise StartFailure(f"{self.program.name} ended instead of starting. {self.tail()}")
            if time.monotonic() > deadline:
                self.stop()
                raise StartFailure(
                    f"{self.program.name} did not answer within {seconds:.0f} s. {self.tail()}"
                )
            nap(0.03)

    def ask_to_stop(self) -> None:
        if self.alive():
            self.process.send_signal(self.program.stop_signal)

    def stop(self) -> None:
        """Ask, wait up to `grace` seconds, then kill whatever is left of its process group."""
        self.ask_to_stop()
        deadline = time.monotonic() + self.program.grace
        while self.alive() and time.monotonic() < deadline:
            time.sleep(0.02)
        self.kill()

    def kill(self) -> None:
        """SIGKILL to the whole group, then reap. Harmless when it has already ended."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)
            self.process.wait()

    def tail(self, lines: int = 12) -> str:
        """The last lines this run wrote to the log."""
        with self.log.open("rb") as log:
            log.seek(self.log_begins)
            said = log.read().decode(errors="replace").strip().splitlines()
        return f"Its log, {self.log}, ends:\n" + "\n".join(f"    {line}" for line in said[-lines:])


def fingerprint(pid: int) -> str:
    """What tells a process from a later one with its number: when it began, in which boot. Linux only."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        state, *numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if state == "Z" else f"{boot} {numbers[18]}"


def end_leftover(pid: int, expected: str, stop_signal: int, grace: float = 8.0) -> bool:
    """End a process of an earlier run, if `pid` is still that very process. True when there was one."""
    if not expected or fingerprint(pid) != expected:
        return False
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, stop_signal)
        deadline = time.monotonic() + grace
        while fingerprint(pid) == expected and time.monotonic() < deadline:
            time.sleep(0.05)
        if fingerprint(pid) == expected:
            os.killpg(pid, signal.SIGKILL)
    return True

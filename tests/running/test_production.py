"""Production: Django's own deployment check is silent, and a weak or missing secret key stops the start."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.live import ROOT, clean_environment

STRONG = "kA5dnGOXWUpj-3lq0-yWJmDE9v_Ztb7HfRcSx2iLoN8eBgQ4uT6aMPwVrsz1"


EXAMPLE = ROOT / ".env.example"


def manage(var_dir: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    services = {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=clean_environment(VAR_DIR=str(var_dir), **services, **more),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_deployment_check_finds_no_issue(tmp_path: Path) -> None:
    done = manage(
        tmp_path,
        "check",
        "--deploy",
        "--fail-level",
        "INFO",
        SECRET_KEY=STRONG,
        ALLOWED_HOSTS="mission.example",
    )
    assert "no issues (0 silenced)" in done.stdout, done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize("key", ["", "short", "a" * 60, "django-insecure-" + STRONG])
def test_a_missing_or_weak_secret_key_stops_the_start_with_a_sentence(tmp_path: Path, key: str) -> None:
    done = manage(tmp_path, "check", SECRET_KEY=key, ALLOWED_HOSTS="mission.example")
    assert done.returncode != 0
    assert "SECRET_KEY is missing or weak. Set it to at least 50 random characters" in done.stderr


def test_no_demo_world_in_production(tmp_path: Path) -> None:
    done = manage(tmp_path, "seed_demo", SECRET_KEY=STRONG, ALLOWED_HOSTS="mission.example")
    assert done.returncode != 0
    assert "only made while DEBUG is on" in done.stderr
    assert not (tmp_path / "demo_password").exists()


def test_the_example_filled_in_is_fit_for_production(tmp_path: Path) -> None:
    lines = re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE.read_text(), re.M)
    filled = {name: value.strip('"') for name, value in lines} | {"SECRET_KEY": STRONG}
    assert {"ALLOWED_HOSTS", "POSTGRES_PASSWORD", "EMAIL_URL"} <= set(filled)
    assert filled["POSTGRES_PASSWORD"] == filled["VALKEY_PASSWORD"] == ""
    done = manage(tmp_path, "check", "--deploy", **filled)
    assert "no issues" in done.stdout, done.stderr


def test_every_setting_of_the_environment_is_explained_in_the_example() -> None:
    settings = (ROOT / "mission" / "settings.py").read_text()
    explained = EXAMPLE.read_text()
    names = set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", settings)) - {"TESTING"}
    assert len(names) > 20
    missing = sorted(name for name in names if not re.search(rf"^#? ?{name}=", explained, re.M))
    assert not missing, f".env.example does not explain {missing}"


@pytest.mark.parametrize(("more", "demo"), [({"SECRET_KEY": STRONG}, False), ({}, True)])
def test_what_a_killed_demo_left_behind_makes_no_demo_of_production(
    tmp_path: Path, more: dict[str, str], demo: bool
) -> None:
    (tmp_path / "run.env").write_text("DEBUG=1\n")
    ask = "from django.conf import settings; print('demo:', settings.DEMO, 'https:', settings.HTTPS)"
    done = manage(tmp_path, "shell", "-c", ask, **more)
    assert f"demo: {demo} https: {not demo}" in done.stdout, done.stderr

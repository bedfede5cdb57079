"""`manage.py prepare`: what must be true before the web and the workers start. Safe to run any time."""

import hashlib
import logging
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.cache import cache
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from contributions.actions.releases import adopt_outdated, begin_releases
from dashboards.ahead import draw_due
from dashboards.measures import EVERY_METRIC
from mission.actions import nations
from mission.tasks import HEARTBEAT_KEY, heartbeat

logger = logging.getLogger(__name__)

DRAWS_FOR = 30  # seconds at most
UNUSED_STATIC = ["rest_framework", "admin"]  # of installed packages whose pages we do not serve


class Command(BaseCommand):
    help = "Bring the database and static files up to date; in a demo, seed it once. `up` does this itself."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        self.migrate()
        loaded = nations.load_reference()
        if loaded.changed:
            self.say(f"Reference data: {loaded.nations} nations, {loaded.languages} languages")
        self.releases()
        self.collect_static()
        if settings.DEMO:
            self.seed()
        self.draw_ahead()
        cache.delete(HEARTBEAT_KEY)
        heartbeat.delay()  # /readyz knows the worker as soon as it works, before beat's first turn

    def say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def migrate(self) -> None:
        try:
            connection.ensure_connection()
        except OperationalError as error:
            raise CommandError(f"The database of DATABASE_URL does not answer: {error}") from error
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            self.say(f"Database: {len(plan)} migrations")
            call_command("migrate", interactive=False, verbosity=0)

    def releases(self) -> None:
        """A changed rule makes the metric's history anew before the new code serves anybody."""
        begin_releases(metrics=EVERY_METRIC)
        for release in adopt_outdated(metrics=EVERY_METRIC, told=self.say):
            self.say(f"{release.metric}: rule {release.rule_version} is in force")

    def collect_static(self) -> None:
        """Only when a source file has changed. (Outside VAR_DIR they are part of the image.)"""
        if not Path(settings.STATIC_ROOT).is_relative_to(settings.VAR_DIR):
            return
        stamp = Path(settings.VAR_DIR) / "static.stamp"
        now = _fingerprint()
        if not Path(settings.STATIC_ROOT).exists() or not stamp.exists() or stamp.read_text() != now:
            self.say("Static files: collecting and compressing")
            ignore = [f"{name}/*" for name in UNUSED_STATIC]
            call_command("collectstatic", interactive=False, verbosity=0, clear=True, ignore_patterns=ignore)
            stamp.write_text(now)

    def draw_ahead(self) -> None:
        """The new code's pages, while the old code may still answer. A page that cannot be drawn is no reason
        to have none: the worker comes to it again, and says so."""
        if not settings.DRAW_AHEAD:
            return
        self.say("Pages: drawing what takes longest")
        try:
            self.say(f"Pages: {draw_due(DRAWS_FOR)} parts drawn")
        except Exception:
            logger.exception("drawing ahead")

    def seed(self) -> None:
        """Once for each VAR_DIR. A seed that was interrupted runs again."""
        seeded = Path(settings.VAR_DIR) / "demo.seeded"
        if "seed_demo" in get_commands() and not seeded.exists():
            self.say("Demo world: seeding")
            call_command("seed_demo", stdout=self.stdout)
            seeded.touch()


def _fingerprint() -> str:
    """Names, sizes and times of all static source files."""
    facts = []
    for finder in get_finders():
        for name, storage in finder.list(UNUSED_STATIC):
            stat = Path(storage.path(name)).stat()
            facts.append(f"{storage.location} {name} {stat.st_size} {stat.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(facts)).encode()).hexdigest()

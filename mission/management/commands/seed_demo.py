"""A demo world for a first look: invented, labelled as such on every page, and only while DEBUG is on."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from contributions.actions.exchange import recompute_due
from dashboards.actions.releases import publish_release
from dashboards.actions.rollups import every_month, recompute_ledger
from dashboards.models import DataRelease
from mission.management.demo import adding, applying, claiming, following, giving, people, programmes, serving
from mission.models import Nation, User


def demo_password() -> str:
    """One password for all demo logins: made once, kept in VAR_DIR, readable by its owner only."""
    kept = settings.VAR_DIR / "demo_password"
    if not kept.exists():
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(9))
    password: str = kept.read_text().strip()
    return password


class Command(BaseCommand):
    help = "Make the demo world, once, by the same actions the pages call. Needs DEBUG=1 and load_reference."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("The demo world is only made while DEBUG is on. Nothing was changed.")
        if not Nation.objects.exists():
            raise CommandError("There are no nations yet. Run `manage.py load_reference` first.")
        if User.objects.filter(email="officer@demo.example").exists():
            self.stdout.write("The demo world is there already. Nothing was changed.")
            self.publish()
            return
        password = demo_password()
        with transaction.atomic():  # all of it or nothing: a start that was interrupted begins again
            self.make(password)
        self.publish()
        self.stdout.write("The demo world is ready.")

    def publish(self) -> None:
        """So that /data/ is never empty. After the rest is in: a release is of what everybody sees."""
        if not DataRelease.objects.published().exists():
            release = publish_release(actor=None).release
            self.stdout.write(f"  release {release} of the data: {release.rows:,} rows")

    def make(self, password: str) -> None:
        say = self.stdout.write
        cast = people.make_cast(password)
        say(f"  {len(cast.people)} people in {len(cast.organisations)} organisations")
        giving.open_pool(cast)
        serving.publish_model()
        calls = giving.open_calls(cast) | programmes.open_programmes(cast)
        told = [giving.tell(cast, calls["home"], story) for story in giving.HOME_STORIES]
        told += [giving.tell(cast, calls["partner"], story) for story in giving.PARTNER_STORIES]
        others = applying.apply_to(cast, calls) + following.follow(cast, calls)
        say(f"  {len(calls)} calls, {len(told) + len(others)} applications, {sum(map(bool, told))} awards")
        say(f"  {adding.make_commons(cast)} contributions to the commons")
        claiming.claim_and_contest(cast)
        recompute_due()
        recompute_ledger(months=every_month())

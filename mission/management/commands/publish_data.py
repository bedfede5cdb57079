"""`manage.py publish_data`: a release of all tables, now. The clock makes one every month by itself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from dashboards.actions.releases import publish_release
from mission.errors import Refused


class Command(BaseCommand):
    help = "Publish all tables as a dated release, unless nothing has changed since the last one."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            release, is_new = publish_release(actor=None)
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        if not is_new:
            self.stdout.write(f"Nothing has changed since release {release.name}. Nothing was published.")
            return
        files = release.files.count()
        self.stdout.write(f"Release {release.name}: {release.rows:,} rows in {files} files.")

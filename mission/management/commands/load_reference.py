"""`manage.py load_reference`: the nations and languages of the world, from the installed packages."""

from typing import Any

from django.core.management.base import BaseCommand

from mission.actions import nations


class Command(BaseCommand):
    help = "Load 249 nations, the languages, and the speakers of each language by nation. Needs no network."

    def handle(self, *args: Any, **options: Any) -> None:
        loaded = nations.load_reference()
        self.stdout.write(
            f"{loaded.nations} nations, {loaded.languages} languages, {loaded.speakers} counts of speakers; "
            + (f"{loaded.changed} rows changed." if loaded.changed else "nothing changed.")
        )

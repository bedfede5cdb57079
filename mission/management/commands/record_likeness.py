"""`manage.py record_likeness`: sketch submitted applications now, so that those alike are found."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from grants.actions.likeness import forget_likeness, record_due_likeness


class Command(BaseCommand):
    help = "Sketch submitted applications, so that the desk is shown which are alike. The clock does so, too."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--all", action="store_true", help="forget every sketch first, and make all anew")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["all"]:
            forget_likeness()
        done = record_due_likeness(limit=10_000_000)
        self.stdout.write(f"Sketched {done} applications.")

"""`manage.py import_registry ror FILE.json --nation IN`, or `national FILE.csv --source URL --as-of DAY`."""

import datetime
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contributions.actions.registries import import_national, import_ror
from contributions.tasks import recompute_stale
from mission.errors import Refused


class Command(BaseCommand):
    help = "Bring organisations in and up to date from ROR's data dump or a national register."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("registry", choices=["ror", "national"])
        parser.add_argument("file", type=Path, help="ROR: the JSON of its data dump; national: a CSV file")
        parser.add_argument(
            "--nation", action="append", default=[], help="ROR: all of this nation (IN or IND)"
        )
        parser.add_argument("--id", action="append", default=[], help="ROR: this organisation, by its ROR id")
        parser.add_argument("--source", help="national: the web address of the register")
        parser.add_argument(
            "--as-of", type=datetime.date.fromisoformat, help="national: how it stood on that day"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["registry"] == "national" and not (options["source"] and options["as_of"]):
            raise CommandError("A national register needs --source and --as-of.")
        try:
            if options["registry"] == "ror":
                done = import_ror(
                    actor=None, file=options["file"], nations=options["nation"], ids=options["id"]
                )
            else:
                done = import_national(
                    actor=None,
                    file=options["file"],
                    source_url=options["source"],
                    as_of=options["as_of"],
                )
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        for note in done.notes:
            self.stdout.write(note)
        if done.tied:
            recompute_stale.delay()
        self.stdout.write(
            f"{done.read:,} organisations read, {done.created:,} new, {done.changed:,} brought up to date, "
            f"{done.tied:,} accounts tied."
        )

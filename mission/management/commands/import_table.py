"""`manage.py import_table SCHEMA.json DATA.csv`: a yearly table by nation, as its schema describes it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contributions.actions.yearly_tables import import_table
from mission.errors import Refused


class Command(BaseCommand):
    help = "Load a yearly table by nation from a CSV file and its description; see docs/yearly-tables.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("schema", type=Path, help="JSON: a Data Resource with a Table Schema")
        parser.add_argument("data", type=Path, help="the CSV file")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            imported = import_table(actor=None, schema=options["schema"], data=options["data"])
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        table = imported.table
        self.stdout.write(
            f"{table.title} ({table.publisher}, {table.licence}): "
            f"{imported.rows:,} values read, {imported.changed:,} changed."
        )

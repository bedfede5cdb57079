"""`manage.py import_innovation_graph [DIR]`: load the GitHub Innovation Graph, from DIR or the network."""

import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from contributions.actions.innovation_graph import import_innovation_graph
from contributions.innovation_graph import PUBLISHER, download
from mission.errors import Refused


class Command(BaseCommand):
    help = "Load the GitHub Innovation Graph: developers, pushes and more by economy and quarter (CC0)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "dir", nargs="?", help="directory with the seven CSV files; without it they are fetched"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        began = time.monotonic()
        try:
            if options["dir"]:
                imported = import_innovation_graph(
                    actor=None, folder=Path(options["dir"]), source_url=PUBLISHER
                )
            else:
                with tempfile.TemporaryDirectory(prefix="innovation-graph-") as folder:
                    self.stdout.write(f"Fetching {settings.INNOVATION_GRAPH_URL} ...")
                    download(Path(folder))
                    imported = import_innovation_graph(
                        actor=None, folder=Path(folder), source_url=settings.INNOVATION_GRAPH_URL
                    )
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        took = time.monotonic() - began
        release = imported.release
        self.stdout.write(
            f"GitHub Innovation Graph up to {release.name} ({release.licence}): "
            f"{imported.rows:,} rows read, {imported.changed:,} changed, in {took:.1f} s."
        )

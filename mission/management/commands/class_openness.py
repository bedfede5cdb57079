"""`manage.py class_openness FILE...`: the class of each Model Openness Framework entry, and why, in words.

With `--record`, an entry about a model of the catalogue is recorded there and decides its class. With
`--catalogue` and no file, every model of the catalogue is classed anew: after a change of rule.
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contributions import osaid
from contributions.actions.openness import class_all, record_entry
from contributions.models.artifacts import OpennessClass
from contributions.openness import ROMAN, Classed, class_release
from contributions.openness_entries import Entry, read_entry
from mission.errors import Refused

MET = {True: "met", False: "not met", None: "not known"}


class Command(BaseCommand):
    help = "Class entries of the Model Openness Framework (YAML), with the reasons in words."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="*", metavar="FILE", help="an entry, or a directory of entries")
        parser.add_argument("--record", action="store_true", help="record it for the model it is about")
        parser.add_argument(
            "--catalogue", action="store_true", help="class every model of the catalogue anew"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["catalogue"]:
            self.stdout.write(f"{class_all():,} models came out different.")
        if not options["files"]:
            return
        files: list[Path] = []
        for given in map(Path, options["files"]):
            files += sorted(given.glob("*.y*ml")) if given.is_dir() else [given]
        counts: dict[int | None, int] = {}
        for file in files:
            entry = self._read(file)
            classed = class_release(entry.parts)
            counts[classed.openness_class] = counts.get(classed.openness_class, 0) + 1
            self._tell(entry, classed)
            if options["record"]:
                self._record(file)
        told = [f"{counts.get(each, 0)} in class {ROMAN[each]}" for each in (1, 2, 3)]
        told.append(f"{counts.get(None, 0)} in none")
        self.stdout.write(f"Entries: {len(files)} ({', '.join(told)}).")

    def _read(self, file: Path) -> Entry:
        try:
            return read_entry(file.read_text(encoding="utf-8"), where=str(file))
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        except Refused as refused:
            raise CommandError(refused.sentence) from refused

    def _record(self, file: Path) -> None:
        try:
            artifact = record_entry(actor=None, text=file.read_text(encoding="utf-8"), where=str(file))
            self.stdout.write(f"  Recorded for {artifact}.\n\n")
        except Refused as refused:
            self.stdout.write(f"  Not recorded. {refused.sentence}\n\n")

    def _tell(self, entry: Entry, classed: Classed) -> None:
        earned = classed.openness_class
        self.stdout.write(f"{entry.name}: {OpennessClass(earned).label if earned else 'No class'}")
        for finding in classed.findings:
            self.stdout.write(f"  {finding.why}")
        if classed.next_class:
            self.stdout.write(f"  For class {ROMAN[classed.next_class]} it lacks:")
            for lack in classed.missing:
                self.stdout.write(f"    {lack}")
        for name, element in osaid.elements(classed.findings, complete=True).items():
            label = osaid.ELEMENTS[name]
            self.stdout.write(f"  Open Source AI Definition, {label}: {MET[element.met]}. {element.why}")
        self.stdout.write("")

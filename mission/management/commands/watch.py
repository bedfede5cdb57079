"""`manage.py watch github:OWNER/REPO --role inference`: a project the whole world builds on."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import QuerySet

from contributions.actions.sources import watch
from contributions.github import search_merged
from contributions.models import CommonsRole, Platform, Source
from contributions.outside import OutsideTrouble
from mission.errors import Refused


class Command(BaseCommand):
    help = (
        "Put a repository on the watch list, whose merged changes are upstream work wherever they come from."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", nargs="?", help="github:OWNER/REPO")
        parser.add_argument("--role", choices=CommonsRole.values, default="")
        parser.add_argument("--list", action="store_true", help="show what is on the list")
        parser.add_argument("--merged-by", metavar="LOGIN", help="ask GitHub what somebody merged upstream")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["source"]:
            platform, _colon, name = options["source"].partition(":")
            if not options["role"]:
                raise CommandError(f"Say what it is: --role {'|'.join(CommonsRole.values)}")
            try:
                source = watch(
                    actor=None, platform=platform, name=name.strip("/"), commons_role=options["role"]
                )
            except Refused as refused:
                raise CommandError(refused.sentence) from refused
            self.stdout.write(f"{source} is on the watch list as {source.get_commons_role_display()}.")
        if options["list"]:
            self._list()
        elif options["merged_by"]:
            self._search(options["merged_by"])
        elif not options["source"]:
            raise CommandError("Name a repository as github:OWNER/REPO, or ask for --list.")

    def _search(self, login: str) -> None:
        """One search over all projects on the list; what counts comes in by looking at them, not by this."""
        names = list(_listed().filter(platform=Platform.GITHUB).values_list("name", flat=True))
        if not names:
            raise CommandError("Nothing of GitHub is on the watch list.")
        try:
            found = search_merged(login, names)
        except OutsideTrouble as trouble:
            raise CommandError(trouble.sentence) from trouble
        whole = "" if found.complete else " GitHub stopped searching in the middle; there may be more."
        self.stdout.write(f"{login}: {found.total:,} merged pull requests in {len(names)} projects.{whole}")
        for url in found.urls:
            self.stdout.write(f"  {url}")

    def _list(self) -> None:
        listed = _listed()
        for source in listed:
            looked = f"{source.synced_at:%Y-%m-%d %H:%M} UTC" if source.synced_at else "not yet"
            self.stdout.write(f"{source.commons_role:10} {source}  last looked through: {looked}")
        if not listed:
            self.stdout.write("Nothing is on the watch list.")


def _listed() -> QuerySet[Source]:
    return Source.objects.exclude(commons_role="").order_by("commons_role", "name")

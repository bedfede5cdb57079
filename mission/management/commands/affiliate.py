"""`manage.py affiliate github:LOGIN --nation IN …`: enter dated evidence of whose an account is."""

import datetime
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from contributions.actions.attribution import affiliate
from contributions.models import Account
from contributions.models.attribution import GRADES_OF, Grade, Method
from contributions.tasks import recompute_stale
from mission.errors import Refused
from mission.models import Nation, Organisation


class Command(BaseCommand):
    help = "Tie an account that a sync brought in to an organisation or a nation, with the evidence for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", help="github:LOGIN or huggingface:LOGIN")
        target = parser.add_mutually_exclusive_group(required=True)
        target.add_argument("--organisation", help="its registration number, or its exact name")
        target.add_argument("--nation", help="ISO 3166-1 alpha-2, such as IN")
        target.add_argument("--international", action="store_true", help="of no single nation")
        parser.add_argument("--since", type=datetime.date.fromisoformat, default=datetime.date(2000, 1, 1))
        parser.add_argument(
            "--until", type=datetime.date.fromisoformat, help="the first day it no longer held"
        )
        parser.add_argument("--grade", choices=Grade.values, default=Grade.B)
        parser.add_argument("--method", choices=Method.values, default=Method.REGISTRY)
        parser.add_argument("--source", required=True, help="address of the evidence")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["grade"] not in GRADES_OF[options["method"]]:
            allowed = ", ".join(sorted(GRADES_OF[options["method"]]))
            raise CommandError(
                f"Evidence by {options['method']} has the grade {allowed}. Nothing was changed."
            )
        try:
            made = affiliate(
                actor=None,
                account=self.account(options["account"]),
                **self.target(options),
                valid_from=options["since"],
                valid_to=options["until"],
                method=options["method"],
                grade=options["grade"],
                source_url=options["source"],
            )
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        recompute_stale.delay()
        self.stdout.write(
            f"{made}, from {made.valid_from}. Figures are recomputed ({timezone.now():%H:%M:%S})."
        )

    def account(self, said: str) -> Account:
        platform, _colon, login = said.partition(":")
        found = Account.objects.named(platform, login).first()
        if found is None:
            raise CommandError(f"No account {said} has come in. Run `manage.py sync {said}` first.")
        return found

    def target(self, options: dict[str, Any]) -> dict[str, Any]:
        if options["international"]:
            return {"international": True}
        if options["nation"]:
            nation = Nation.objects.filter(pk=options["nation"].upper()).first()
            if nation is None:
                raise CommandError(f"{options['nation']} is no nation's code. India's is IN.")
            return {"nation": nation}
        name = options["organisation"]
        found = list(Organisation.objects.filter(registry_id=name) or Organisation.objects.filter(name=name))
        if len(found) != 1:
            raise CommandError(f"{len(found)} organisations are called {name}. Give the registration number.")
        return {"organisation": found[0]}

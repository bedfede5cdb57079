"""`manage.py sync github:ORG_OR_REPO`: look at it now, through Celery, and tell what came in."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from contributions.actions.sources import hurry, watch
from contributions.models import Artifact, Contribution, Rollup, Source
from contributions.tasks import recompute_stale, sync_due, sync_source
from mission.errors import Refused

STEP = 0.5  # seconds between two looks at the progress
SILENCE = 30.0  # seconds after which a worker that took nothing is not there


class Command(BaseCommand):
    help = "Look at an organisation or repository now: github:ORG, github:ORG/REPO or huggingface:ORG."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="github:ORG, github:ORG/REPO or huggingface:ORG")
        parser.add_argument("--no-wait", action="store_true", help="only start it")
        parser.add_argument("--timeout", type=float, default=600, help="seconds to wait (600)")

    def handle(self, *args: Any, **options: Any) -> None:
        platform, _colon, name = options["source"].partition(":")
        try:
            source = watch(actor=None, platform=platform, name=name.strip("/"))
        except Refused as refused:
            raise CommandError(refused.sentence) from refused
        began = timezone.now()
        before = _totals(source)
        hurry(source=source)
        sync_source.delay(source.pk)
        if options["no_wait"]:
            self.stdout.write(f"{source} is being looked at.")
            return
        self._wait(source, began, options["timeout"])
        self._tell(source, before)

    def _wait(self, source: Source, began: Any, timeout: float) -> None:
        """Until all of it was looked through, or nothing but waiting is left."""
        start, told = time.monotonic(), ""
        while (passed := time.monotonic() - start) < timeout:
            family = _family(source)
            open_ = family.filter(Q(synced_at=None) | Q(synced_at__lt=began) | Q(backfill__has_key="cursors"))
            busy = open_.filter(trouble="")
            if not open_.exists():
                return
            if not busy.exists():
                self._tell_trouble(open_)
                return
            if passed > SILENCE and not family.exclude(leased_until=None, requests=0).exists():
                raise CommandError("No worker took it. Start one: make run, or celery -A mission worker.")
            line = f"{family.count() - open_.count()} of {family.count()} looked through"
            sums = _totals(source)
            if sums["slices"] > sums["done"]:
                line += f"; {sums['done']:,} of about {sums['slices']:,} slices of the past"
            if line != told:
                self.stdout.write(f"  {line}")
                told = line
            if busy.claimable(timezone.now()).exists():
                sync_due.delay()  # also where no beat runs, and what a dead worker left
            time.sleep(STEP)
        self.stdout.write("It goes on by itself; stopped waiting.")

    def _tell_trouble(self, sources: QuerySet[Source]) -> None:
        for source in sources:
            when = f"{source.due_at:%Y-%m-%d %H:%M:%S} UTC" if source.due_at else "never"
            self.stderr.write(f"  {source}: {source.trouble} Next look: {when}.")
        if not sources.filter(synced_at__isnull=False).exists() and sources.count() == 1:
            raise CommandError("Nothing could be looked at now; it goes on by itself at that time.")

    def _tell(self, source: Source, before: dict[str, int]) -> None:
        recompute_stale.delay()
        deadline = time.monotonic() + 30
        while Rollup.objects.stale().exists() and time.monotonic() < deadline:
            time.sleep(STEP)
        source.refresh_from_db()
        after = _totals(source)
        asked, free = after["requests"] - before["requests"], after["free"] - before["free"]
        new, changed = after["new"] - before["new"], after["changed"] - before["changed"]
        self.stdout.write(
            f"{source}: {new:,} rows new, {changed:,} changed; {asked:,} requests, {free:,} of them free; "
            f"{after['quota'] - before['quota']:,} points of quota."
        )
        ids = list(_family(source).values_list("platform_id", flat=True))
        artifacts = Artifact.objects.filter(platform=source.platform).filter(
            Q(platform_id__in=ids) | Q(owner__platform_id=source.platform_id)
        )
        kinds = (
            Contribution.objects.filter(artifact__in=artifacts).values_list("kind").annotate(n=Count("pk"))
        )
        self.stdout.write(f"  {artifacts.count():,} artefacts")
        for kind, number in kinds.order_by("kind"):
            self.stdout.write(f"  {number:,} × {kind.replace('_', ' ')}")


def _family(source: Source) -> Any:
    return Source.objects.filter(Q(pk=source.pk) | Q(parent=source.pk))


def _totals(source: Source) -> dict[str, int]:
    sums = _family(source).aggregate(
        new=Sum("rows_new"),
        changed=Sum("rows_changed"),
        requests=Sum("requests"),
        free=Sum("requests_free"),
        quota=Sum("quota"),
        done=Sum("backfill_done"),
        slices=Sum("backfill_slices"),
    )
    return {name: value or 0 for name, value in sums.items()}

"""`manage.py recompute`: figures again from their rows; `--check` proves them; `--adopt` a changed rule."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from contributions.actions.exchange import recompute_due
from contributions.actions.releases import adopt, begin_releases, recompute_all
from contributions.actions.rollups import outdated
from contributions.measures import Metric
from contributions.proof import Proof, prove, prove_exchange
from dashboards.measures import EVERY_METRIC
from mission.errors import Refused


class Command(BaseCommand):
    help = "Recompute rollups from their rows; with --check only prove them, and write nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--metric", metavar="SLUG", action="append", help="only this one; may be repeated"
        )
        parser.add_argument(
            "--check", action="store_true", help="compare and write nothing; 1 on a difference"
        )
        parser.add_argument(
            "--adopt", action="store_true", help="put a changed rule in force, with its history"
        )
        parser.add_argument("--note", default="", help="what changed in the rule, and why: for --adopt")

    def handle(self, *args: Any, **options: Any) -> None:
        metrics = self._chosen(options["metric"])
        self.every = not options["metric"]
        if options["check"]:
            self._check(metrics)
        elif options["adopt"]:
            self._adopt(metrics, options["note"])
        else:
            self._recompute(metrics)

    def _chosen(self, slugs: list[str] | None) -> dict[str, Metric]:
        known = dict(EVERY_METRIC)
        if strange := [slug for slug in slugs or [] if slug not in known]:
            raise CommandError(f"No such metric: {', '.join(strange)}. There are: {', '.join(known)}.")
        return {slug: known[slug] for slug in slugs} if slugs else known

    def _check(self, metrics: dict[str, Metric]) -> None:
        late, proofs = outdated(metrics), list[Proof]()
        for slug, metric in metrics.items():
            if slug in late:
                self._say(
                    f"{slug}: rule {metric.rule_version} is not adopted yet; its figures are of the old one"
                )
                continue
            proofs.append(self._tell(prove(metric)))
        if self.every:
            proofs.append(self._tell(prove_exchange()))
        cells = sum(proof.cells for proof in proofs)
        wrong = sum(len(proof.differences) for proof in proofs)
        waiting = sum(proof.waiting for proof in proofs)
        self._say(f"{cells} cells compared, {wrong} differences, {waiting} months stale")
        if wrong:
            raise CommandError(f"{wrong} stored figures are not what their rows say.")

    def _tell(self, proof: Proof) -> Proof:
        self._say(
            f"{proof.metric}: {proof.months} months, {proof.cells} cells, "
            f"{len(proof.differences)} differences"
            + (f", {proof.waiting} months wait to be recomputed" if proof.waiting else "")
        )
        for line in proof.differences:
            self._say(f"  {line}")
        return proof

    def _adopt(self, metrics: dict[str, Metric], note: str) -> None:
        begin_releases(metrics=metrics)
        late = outdated(metrics)
        if not late:
            self._say("Every metric's rule is in force. Nothing to adopt.")
        for slug in sorted(late):
            try:
                release = adopt(actor=None, metric=metrics[slug], note=note, told=self._say)
            except Refused as refused:
                raise CommandError(refused.sentence) from refused
            self._say(f"{slug}: rule {release.rule_version} is in force")

    def _recompute(self, metrics: dict[str, Metric]) -> None:
        begin_releases(metrics=metrics)
        late = outdated(metrics)
        for slug, metric in metrics.items():
            if slug in late:
                self._say(f"{slug}: its rule changed; adopt it first (--adopt --note …)")
                continue
            months = recompute_all(metric=metric, told=lambda _line: None)
            self._say(f"{slug}: {months} months recomputed")
        if self.every:
            self._say(f"exchange: {recompute_due()} months recomputed")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

"""One act of somebody on an artefact: a merged change, a review, a release, a published model …"""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contributions.models.accounts import MACHINES, Account, Platform
from contributions.models.artifacts import Artifact


class ContributionKind(models.TextChoices):
    MERGED_CHANGE = "merged_change", _("Merged change")
    REVIEW = "review", _("Review")
    RELEASE = "release", pgettext_lazy("of software", "Release")
    MODEL = "model", _("Model")
    DATASET = "dataset", _("Dataset")
    BENCHMARK = "benchmark", _("Benchmark")
    EVALUATION = "evaluation", _("Evaluation")
    APPLICATION = "application", _("Application")


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def countable(self) -> "ContributionQuerySet":
        """Without bots and coding agents, a class of their own, and without what is done on copies."""
        return self.exclude(account__kind__in=MACHINES).filter(artifact__duplicate_of=None)


class Contribution(models.Model):
    """`account` is empty where the platform does not know who it was (a commit with an unknown address).

    `revision` is the commit (or the Hub's sha) that carries the act. With it a change that came by a
    pull request is told from one pushed directly, so that none is counted twice.
    """

    account = models.ForeignKey(
        Account, null=True, on_delete=models.PROTECT, related_name="contributions", db_index=False
    )
    artifact = models.ForeignKey(
        Artifact, on_delete=models.PROTECT, related_name="contributions", db_index=False
    )
    kind = models.CharField(max_length=14, choices=ContributionKind)
    happened_at = models.DateTimeField()
    platform = models.CharField(max_length=12, choices=Platform)
    external_id = models.CharField(max_length=150, help_text="github:pull:123")
    evidence_url = models.URLField(max_length=400)
    revision = models.CharField(max_length=64, blank=True)
    fetch = models.ForeignKey(
        "Fetch", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    observed_at = models.DateTimeField(default=timezone.now)
    gone_at = models.DateTimeField(
        _("no longer shown by the platform since"),
        null=True,
        blank=True,
        help_text=_("It happened, and counts; its evidence is no longer there"),
    )

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ["-happened_at"]
        constraints = [models.UniqueConstraint(fields=["external_id"], name="contribution_once")]
        indexes = [
            # A month of a metric (measures/): it is counted from this index alone, the table is not read.
            models.Index(
                fields=["kind", "happened_at"],
                name="contribution_month",
                include=["id", "account", "artifact"],
            ),
            # What people of a nation did in a month (cell_rows.py); a new affiliation
            # (actions/attribution.py); and the foreign key.
            models.Index(fields=["account", "happened_at"], name="contribution_account"),
            # The artefact's page; who published it first (measures/lineage_sql.py); and the foreign key.
            models.Index(fields=["artifact", "-happened_at"], name="contribution_artifact"),
            # Commits and the pull requests that carried them (actions/contributions.py, actions/bulk.py).
            models.Index(
                fields=["artifact", "revision"],
                name="contribution_revision",
                condition=~models.Q(revision=""),
            ),
        ]

    def __str__(self) -> str:
        return self.external_id

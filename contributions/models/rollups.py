"""What it comes to: nation × month × metric, recomputed from rows, never incremented."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.measures import METRICS, Metric
from mission.models import Nation


class RollupQuerySet(models.QuerySet["Rollup"]):
    def current(self) -> "RollupQuerySet":
        """Under the rule in force. Cells of an earlier release stay, with the day they were superseded."""
        return self.filter(superseded_at=None)

    def fresh(self) -> "RollupQuerySet":
        """In force, and computed once or more. A stale cell keeps its figures until it is recomputed."""
        return self.current().exclude(computed_at=None)

    def shown(self) -> "RollupQuerySet":
        """With a figure to show: computed, and not suppressed."""
        return self.fresh().filter(suppressed=False)

    def nations(self) -> "RollupQuerySet":
        """Cells of a nation: without the unknown and the international ones."""
        return self.exclude(nation=None)

    def unknown(self) -> "RollupQuerySet":
        return self.filter(nation=None, international=False)

    def stale(self) -> "RollupQuerySet":
        return self.current().filter(stale=True)


class Rollup(models.Model):
    """`nation` empty and not international is what no evidence ties to a nation.

    `lower` counts evidence of grades A and B, `upper` all grades. Both are empty where the cell is
    suppressed. Only `lower` is empty where one of the two would tell of fewer than ten people.
    `unknown_share` is how much of the metric, in that month and over all nations, is unknown; empty where
    that would tell. `top_share` is the largest single part, `spike` says that the month is an outlier.
    """

    nation = models.ForeignKey(
        Nation, null=True, on_delete=models.CASCADE, related_name="rollups", db_index=False
    )
    international = models.BooleanField(default=False)
    month = models.DateField(help_text=_("the first day of the month"))
    metric = models.CharField(max_length=40)
    lower = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    upper = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    suppressed = models.BooleanField(default=False)
    unknown_share = models.DecimalField(max_digits=6, decimal_places=5, null=True)
    top_share = models.DecimalField(max_digits=6, decimal_places=5, null=True)
    spike = models.BooleanField(default=False)
    superseded_at = models.DateTimeField(_("a later rule holds since"), null=True)
    rule_version = models.PositiveSmallIntegerField()
    computed_at = models.DateTimeField(null=True)
    stale = models.BooleanField(default=True)
    stale_since = models.DateTimeField(db_default=Now())

    objects = RollupQuerySet.as_manager()

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(
                fields=["nation", "metric", "month", "international"],
                name="rollup_once",
                condition=Q(superseded_at=None),
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="rollup_suppressed_tells_nothing",
                condition=Q(suppressed=False) | Q(lower=None, upper=None),
            ),
            models.CheckConstraint(
                name="rollup_bounds_in_order", condition=Q(lower=None) | Q(lower__lte=models.F("upper"))
            ),
            models.CheckConstraint(name="rollup_first_of_month", condition=Q(month__day=1)),
            models.CheckConstraint(
                name="rollup_international_has_no_nation", condition=Q(international=False) | Q(nation=None)
            ),
        ]
        indexes = [
            models.Index(
                fields=["metric", "month"], name="rollup_month"
            ),  # the world at one month; recomputing
            models.Index(fields=["-computed_at"], name="rollup_computed"),  # is a drawn page still good?
            models.Index(fields=["stale_since"], name="rollup_stale", condition=Q(stale=True)),
            models.Index(fields=["nation", "month"], name="rollup_nation"),  # a nation's page
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.nation_id or '?'} {self.month:%Y-%m}"

    @property
    def described(self) -> Metric:
        return METRICS[self.metric]


class MetricRelease(models.Model):
    """Which rule of a metric held from when to when, and what changed. Its cells carry the version."""

    metric = models.CharField(max_length=40)
    rule_version = models.PositiveSmallIntegerField()
    definition = models.TextField()
    note = models.TextField(_("what changed, and why"), blank=True)
    began_at = models.DateTimeField(default=timezone.now)
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["metric", "-rule_version"]
        constraints = [
            models.UniqueConstraint(fields=["metric", "rule_version"], name="metric_release_once"),
            models.UniqueConstraint(
                fields=["metric"], condition=Q(superseded_at=None), name="metric_release_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric}, rule {self.rule_version}"


class Exchange(models.Model):
    """Give and take: what people of `taker` built in a month on what people of `giver` had published.

    One row a pair, month and kind of link, shared by fractions on both sides; nation empty and not
    international is unknown. Recomputed after the steps of lineage it is made of, suppressed by the same
    rule as rollups.
    """

    giver = models.ForeignKey(Nation, null=True, on_delete=models.CASCADE, related_name="+")
    giver_international = models.BooleanField(default=False)
    taker = models.ForeignKey(Nation, null=True, on_delete=models.CASCADE, related_name="+")
    taker_international = models.BooleanField(default=False)
    month = models.DateField()
    kind = models.CharField(max_length=10)  # LinkKind
    lower = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    upper = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    suppressed = models.BooleanField(default=False)
    rule_version = models.PositiveSmallIntegerField(default=1)
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["giver", "giver_international", "taker", "taker_international", "month", "kind"],
                name="exchange_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="exchange_international_has_no_nation",
                condition=(Q(giver_international=False) | Q(giver=None))
                & (Q(taker_international=False) | Q(taker=None)),
            ),
            models.CheckConstraint(
                name="exchange_suppressed_tells_nothing",
                condition=Q(suppressed=False) | Q(lower=None, upper=None),
            ),
        ]
        indexes = [
            models.Index(fields=["month", "kind"], name="exchange_month"),  # recomputing; the page's period
            models.Index(fields=["-computed_at"], name="exchange_computed"),  # is a drawn page still good?
        ]

    def __str__(self) -> str:
        return f"{self.giver_id or '?'} to {self.taker_id or '?'}, {self.month:%Y-%m}"

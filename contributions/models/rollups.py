"""What it comes to: nation × month × metric, recomputed from rows, never incremented."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from contributions.models.metrics import METRICS, Metric
from mission.models import Nation


class RollupQuerySet(models.QuerySet["Rollup"]):
    def fresh(self) -> "RollupQuerySet":
        """Computed at least once. A stale cell keeps its last figures until it is recomputed."""
        return self.exclude(computed_at=None)

    def shown(self) -> "RollupQuerySet":
        """With a figure to show: computed, and not suppressed."""
        return self.fresh().filter(suppressed=False)

    def nations(self) -> "RollupQuerySet":
        """Cells of a nation: without the unknown and the international ones."""
        return self.exclude(nation=None)

    def unknown(self) -> "RollupQuerySet":
        return self.filter(nation=None, international=False)

    def stale(self) -> "RollupQuerySet":
        return self.filter(stale=True)


class Rollup(models.Model):
    """`nation` empty and not international is what no evidence ties to a nation.

    `lower` counts evidence of grades A and B, `upper` all grades. Both are empty where the cell is
    suppressed. `unknown_share` is how much of the metric, in that month and over all nations, is unknown.
    """

    nation = models.ForeignKey(Nation, null=True, on_delete=models.CASCADE, related_name="rollups")
    international = models.BooleanField(default=False)
    month = models.DateField(help_text=_("the first day of the month"))
    metric = models.CharField(max_length=40)
    lower = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    upper = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    suppressed = models.BooleanField(default=False)
    unknown_share = models.DecimalField(max_digits=6, decimal_places=5, default=0)
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
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.nation_id or '?'} {self.month:%Y-%m}"

    @property
    def described(self) -> Metric:
        return METRICS[self.metric]

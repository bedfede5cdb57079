"""The GitHub Innovation Graph: how much each economy does on GitHub. A baseline and a denominator."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mission.models import Nation

EUROPEAN_UNION = "EU"  # equal to the sum of its 27 members, so it is in no ranking and no total


class BaselineMetric(models.TextChoices):
    DEVELOPERS = "developers", _("Developers")
    REPOSITORIES = "repositories", _("Repositories")
    ORGANIZATIONS = "organizations", _("Organisations")
    GIT_PUSHES = "git_pushes", _("Git pushes")
    LICENSES = "licenses", _("Pushers by licence")
    TOPICS = "topics", _("Pushers by topic")
    ECONOMY_COLLABORATORS = "economy_collaborators", _("Pushes and pull requests to another economy")


class BaselineRelease(models.Model):
    """One import: which files, from where, when, under which licence."""

    name = models.CharField(max_length=60, help_text=_("the last quarter in it: 2025 Q3"))
    source_url = models.URLField(max_length=400)
    licence = models.CharField(max_length=40, default="CC0-1.0")
    retrieved_at = models.DateTimeField(default=timezone.now)
    checksum = models.CharField(_("SHA-256 over the files"), max_length=64, unique=True)
    rows = models.PositiveIntegerField()

    class Meta:
        ordering = ["-retrieved_at"]
        get_latest_by = "retrieved_at"

    def __str__(self) -> str:
        return self.name


class BaselineQuerySet(models.QuerySet["Baseline"]):
    def nations(self) -> "BaselineQuerySet":
        """Without the European Union, which would count its members twice. Kosovo (XK) stays."""
        without_target = ~Q(metric=BaselineMetric.ECONOMY_COLLABORATORS, dimension=EUROPEAN_UNION)
        return self.exclude(economy=EUROPEAN_UNION).filter(without_target)

    def of(self, metric: str, *, dimension: str = "") -> "BaselineQuerySet":
        return self.filter(metric=metric, dimension=dimension)

    def quarter(self, year: int, quarter: int) -> "BaselineQuerySet":
        return self.filter(year=year, quarter=quarter)

    def latest_quarter(self) -> tuple[int, int] | None:
        """The newest quarter among these rows."""
        return self.order_by("-year", "-quarter").values_list("year", "quarter").first()


class Baseline(models.Model):
    """A missing row is suppressed by the publisher (fewer than 100 developers): never read it as zero."""

    metric = models.CharField(max_length=22, choices=BaselineMetric)
    economy = models.CharField(max_length=2, help_text=_("ISO 3166-1, and EU and XK"))
    nation = models.ForeignKey(Nation, null=True, on_delete=models.SET_NULL, related_name="baselines")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    dimension = models.CharField(
        max_length=100, blank=True, help_text=_("SPDX licence, topic, or economy of destination")
    )
    value = models.BigIntegerField()
    release = models.ForeignKey(
        BaselineRelease, on_delete=models.PROTECT, db_index=False, related_name="baselines"
    )

    objects = BaselineQuerySet.as_manager()

    class Meta:
        ordering = ["year", "quarter"]
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "economy", "year", "quarter", "dimension"], name="baseline_once"
            ),
            models.CheckConstraint(name="baseline_quarter", condition=Q(quarter__gte=1, quarter__lte=4)),
            models.CheckConstraint(name="baseline_not_negative", condition=Q(value__gte=0)),
        ]
        indexes = [
            models.Index(
                fields=["metric", "year", "quarter", "dimension"], name="baseline_world"
            ),  # map, ranking
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.economy} {self.year} Q{self.quarter}"


class YearlyTable(models.Model):
    """Another publisher's yearly figures by nation, as its described schema says."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    definition = models.TextField()
    unit = models.CharField(max_length=60)
    publisher = models.CharField(max_length=200)
    source_url = models.URLField(max_length=400)
    licence = models.CharField(max_length=60)
    schema: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField()
    checksum = models.CharField(_("SHA-256 of the file"), max_length=64)
    rows = models.PositiveIntegerField(default=0)
    retrieved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class YearlyValue(models.Model):
    """A missing row is unknown, never zero."""

    table = models.ForeignKey(YearlyTable, on_delete=models.CASCADE, related_name="values", db_index=False)
    nation = models.ForeignKey(Nation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    dimension = models.CharField(max_length=100, blank=True)
    value = models.DecimalField(max_digits=24, decimal_places=6)

    class Meta:
        ordering = ["year"]
        constraints = [
            models.UniqueConstraint(fields=["table", "nation", "year", "dimension"], name="yearly_value_once")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.nation_id} {self.year}"

"""Programmes: the instruments of the mission. All of them go down one pipeline, as data."""

from django.db import models
from django.utils.translation import gettext_lazy


class ProgrammeKind(models.TextChoices):
    COMPUTE = "compute", gettext_lazy("Compute grant")
    FELLOWSHIP = "fellowship", gettext_lazy("Fellowship")
    DATASET = "dataset", gettext_lazy("Public dataset grant")
    BENCHMARK = "benchmark", gettext_lazy("Benchmark lab")
    EFFICIENCY = "efficiency", gettext_lazy("Efficient-AI research")
    CONTRIBUTION = "contribution", gettext_lazy("Contribution incentive")
    PROCUREMENT = "procurement", gettext_lazy("Procurement preference")


PROGRAMME_NAMES = {
    ProgrammeKind.COMPUTE: "Compute grants",
    ProgrammeKind.FELLOWSHIP: "Fellowships",
    ProgrammeKind.DATASET: "Public dataset grants",
    ProgrammeKind.BENCHMARK: "Benchmark labs",
    ProgrammeKind.EFFICIENCY: "Efficient-AI research",
    ProgrammeKind.CONTRIBUTION: "Contribution incentives",
    ProgrammeKind.PROCUREMENT: "Procurement preference",
}


class Programme(models.Model):
    """An instrument of the mission; its calls share a kind and a name."""

    slug = models.SlugField(unique=True)
    kind = models.CharField(max_length=12, choices=ProgrammeKind)
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

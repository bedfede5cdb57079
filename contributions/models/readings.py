"""What the platforms' counters said, day by day."""

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from contributions.models.artifacts import Artifact


class Reading(models.Model):
    """What the platform's counters said on a day. `downloads` rolls over 30 days: never add them up."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="readings", db_index=False)
    day = models.DateField()
    downloads = models.BigIntegerField(_("downloads, last 30 days"), null=True, blank=True)
    downloads_all_time = models.BigIntegerField(null=True, blank=True)
    likes = models.IntegerField(null=True, blank=True)
    stars = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [  # a month of one artefact's downloads lies together here; its rows lie days apart
            models.UniqueConstraint(
                fields=["artifact", "day"], include=["downloads"], name="reading_once_a_day"
            )
        ]
        indexes = [BrinIndex(fields=["day"], name="reading_day")]  # a month of everybody's readings

    def __str__(self) -> str:
        return f"{self.artifact} on {self.day}"

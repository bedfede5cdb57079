"""How artefacts came from each other, and how models did on which benchmark."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.models.artifacts import Artifact, ArtifactKind


class LinkKind(models.TextChoices):
    """How an artefact came from another."""

    BASE = "base", _("built on")
    FINETUNE = "finetune", _("fine-tuned from")
    ADAPTER = "adapter", _("adapter for")
    QUANTIZED = "quantized", _("quantised from")
    MERGE = "merge", _("merged from")
    DATASET = "dataset", _("trained on")
    EVALUATED = "evaluated", _("evaluated on")


class ArtifactLink(models.Model):
    """One step of lineage. `parent` is empty while nobody has looked at the artefact named."""

    child = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="parents", db_index=False)
    kind = models.CharField(max_length=10, choices=LinkKind)
    first_seen_at = models.DateTimeField(default=timezone.now)
    parent_kind = models.CharField(max_length=12, choices=ArtifactKind)
    parent_name = models.CharField(max_length=250)
    parent = models.ForeignKey(Artifact, null=True, on_delete=models.SET_NULL, related_name="children")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "kind", "parent_name"], name="link_once"),
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("child")),
                name="link_not_to_itself",
            ),
        ]
        indexes = [models.Index(fields=["parent_kind", "parent_name"], name="link_parent_name")]

    def __str__(self) -> str:
        return f"{self.child} {self.get_kind_display()} {self.parent_name}"


class Evaluation(models.Model):
    """A result somebody published for a model. `benchmark` is empty while nobody has looked at it."""

    artifact = models.ForeignKey(
        Artifact, on_delete=models.CASCADE, related_name="evaluations", db_index=False
    )
    benchmark_name = models.CharField(max_length=250)
    benchmark = models.ForeignKey(
        Artifact, null=True, blank=True, on_delete=models.SET_NULL, related_name="evaluated_models"
    )
    task = models.CharField(max_length=100, blank=True)
    measure = models.CharField(_("what was measured"), max_length=100)
    value = models.FloatField()
    verified = models.BooleanField(_("the platform ran it itself"), default=False)
    source_url = models.URLField(max_length=400, blank=True)
    observed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["artifact", "benchmark_name", "task", "measure"], name="evaluation_once"
            )
        ]
        indexes = [models.Index(fields=["benchmark_name"], name="evaluation_benchmark")]

    def __str__(self) -> str:
        return f"{self.artifact}: {self.measure} {self.value} on {self.benchmark_name}"

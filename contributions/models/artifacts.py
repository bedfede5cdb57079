"""What lies in the commons: repositories, models, datasets, spaces; their lineage and daily readings."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from contributions.models.accounts import Account, Platform
from mission.models import Language


class ArtifactKind(models.TextChoices):
    REPOSITORY = "repository", _("Repository")
    MODEL = "model", _("Model")
    DATASET = "dataset", _("Dataset")
    SPACE = "space", _("Application (space)")


class OpennessClass(models.IntegerChoices):
    """Classes of the Model Openness Framework; each holds what the one above it holds, and more."""

    OPEN_MODEL = 3, _("Class III: open model")
    OPEN_TOOLING = 2, _("Class II: open tooling")
    OPEN_SCIENCE = 1, _("Class I: open science")


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    def there(self) -> "ArtifactQuerySet":
        """Not deleted, made private or taken down, as far as the last look tells."""
        return self.filter(gone_at=None)

    def of_kind(self, kind: str) -> "ArtifactQuerySet":
        return self.filter(kind=kind)

    def openly_licensed(self) -> "ArtifactQuerySet":
        """With a licence from the SPDX list; LicenseRef-… is somebody's own text."""
        return self.exclude(licence="").exclude(licence__startswith="LicenseRef-")


class Artifact(models.Model):
    kind = models.CharField(max_length=12, choices=ArtifactKind)
    platform = models.CharField(max_length=12, choices=Platform)
    platform_id = models.CharField(_("the platform's own id"), max_length=64)
    name = models.CharField(_("full name"), max_length=250, help_text=_("owner/name"))
    url = models.URLField(max_length=400)
    owner = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="artifacts")
    summary = models.CharField(_("in one line"), max_length=400, blank=True)
    licence = models.CharField(
        _("licence (SPDX)"), max_length=100, blank=True, help_text=_("Unknown where empty")
    )
    openness_class = models.PositiveSmallIntegerField(choices=OpennessClass, null=True, blank=True)
    task = models.CharField(max_length=60, blank=True)
    parameters = models.BigIntegerField(_("number of parameters"), null=True, blank=True)
    gated = models.BooleanField(_("asks for consent before download"), default=False)
    languages = models.ManyToManyField(Language, related_name="artifacts", blank=True)
    created_at = models.DateTimeField(_("published on the platform"))
    observed_at = models.DateTimeField(_("last looked at"), default=timezone.now)
    gone_at = models.DateTimeField(_("not found since"), null=True, blank=True)

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "kind", "platform_id"], name="artifact_once"),
        ]
        indexes = [
            models.Index(
                fields=["platform", "kind", "name"], name="artifact_name"
            ),  # lineage finds parents by name
            models.Index(fields=["kind", "-created_at"], name="artifact_newest"),  # the commons page
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("dashboards:artifact", args=[self.pk])


class ArtifactAlias(models.Model):
    """A name the artefact had before a rename or a transfer."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=250)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["artifact", "name"], name="artifact_alias_once")]

    def __str__(self) -> str:
        return f"{self.name}, now {self.artifact}"


class LinkKind(models.TextChoices):
    """How an artefact came from another."""

    BASE = "base", _("built on")
    FINETUNE = "finetune", _("fine-tuned from")
    ADAPTER = "adapter", _("adapter for")
    QUANTIZED = "quantized", _("quantised from")
    MERGE = "merge", _("merged from")
    DATASET = "dataset", _("trained on")


class ArtifactLink(models.Model):
    """One step of lineage. `parent` is empty while nobody has looked at the artefact named."""

    child = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="parents")
    kind = models.CharField(max_length=10, choices=LinkKind)
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


class Reading(models.Model):
    """What the platform's counters said on a day. `downloads` rolls over 30 days: never add them up."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="readings")
    day = models.DateField()
    downloads = models.BigIntegerField(_("downloads, last 30 days"), null=True, blank=True)
    downloads_all_time = models.BigIntegerField(null=True, blank=True)
    likes = models.IntegerField(null=True, blank=True)
    stars = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["artifact", "day"], name="reading_once_a_day")]

    def __str__(self) -> str:
        return f"{self.artifact} on {self.day}"

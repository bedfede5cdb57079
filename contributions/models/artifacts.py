"""What lies in the commons: repositories, models, datasets, spaces; their lineage and daily readings."""

from functools import lru_cache

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from contributions.models.accounts import Account, Platform
from mission.models import Language
from mission.search import SearchWords


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


class CommonsRole(models.TextChoices):
    """Projects of the commons that the whole world builds on: the watch list."""

    INFERENCE = "inference", _("Inference engine")
    TRAINING = "training", _("Training framework")
    EVALUATION = "evaluation", _("Evaluation harness")


class RunsOn(models.TextChoices):
    """The smallest machine whose memory holds the model after quantisation; see sizes.py."""

    PHONE = "phone", _("Phone")
    LAPTOP = "laptop", _("Laptop")
    SERVER = "server", _("Server")


class DuplicateOf(models.TextChoices):
    """Why an artefact is not counted: it is another one again."""

    FORK = "fork", _("Fork")
    MIRROR = "mirror", _("Mirror")
    REUPLOAD = "reupload", _("Uploaded again: the same files")
    OFFICER = "officer", _("Found by an officer")


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    def there(self) -> "ArtifactQuerySet":
        """Not deleted, made private or taken down, as far as the last look tells."""
        return self.filter(gone_at=None)

    def originals(self) -> "ArtifactQuerySet":
        """Without mirrors, forks and re-uploads, which are counted with their original."""
        return self.filter(duplicate_of=None)

    def of_kind(self, kind: str) -> "ArtifactQuerySet":
        return self.filter(kind=kind)

    def openly_licensed(self) -> "ArtifactQuerySet":
        """With a licence from the SPDX list; LicenseRef-… is somebody's own text."""
        return self.exclude(licence="").exclude(licence__contains="LicenseRef-")


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
    licence_url = models.CharField(
        _("where the licence can be read"),
        max_length=400,
        blank=True,
        help_text=_("Where it is a text of its own"),
    )
    openness_class = models.PositiveSmallIntegerField(choices=OpennessClass, null=True, blank=True)
    task = models.CharField(max_length=60, blank=True)
    parameters = models.BigIntegerField(_("number of parameters"), null=True, blank=True)
    osaid: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField(
        _("Open Source AI Definition"), default=dict, blank=True
    )
    openness: "models.JSONField[dict[str, object], dict[str, object]]" = models.JSONField(
        _("evidence of the class, component by component"), default=dict, blank=True
    )
    files: "models.JSONField[list[dict[str, object]], list[dict[str, object]]]" = models.JSONField(
        _("files: path, size, digest"), default=list, blank=True
    )
    revision = models.CharField(_("the platform's revision at the last look"), max_length=64, blank=True)
    files_revision = models.CharField(_("revision whose files were asked"), max_length=64, blank=True)
    fingerprint = models.CharField(
        _("digest over the weights or data, whoever uploads them"), max_length=64, blank=True
    )
    size_bytes = models.BigIntegerField(_("size in bytes"), null=True, blank=True)
    quantised_bytes = models.BigIntegerField(_("size after quantisation, in bytes"), null=True, blank=True)
    runs_on = models.CharField(max_length=8, choices=RunsOn, blank=True)
    is_benchmark = models.BooleanField(_("others evaluate on it"), default=False)
    is_archived = models.BooleanField(default=False)
    derivatives = models.PositiveIntegerField(
        _("models built on it, as the platform counts"), null=True, blank=True
    )
    papers: "models.JSONField[list[str], list[str]]" = models.JSONField(
        _("papers named, by arXiv id"), default=list, blank=True
    )
    languages_unread = models.CharField(
        _("languages named that are in no register"), max_length=200, blank=True
    )
    copied_from = models.CharField(
        _("what it says it is a copy of"),
        max_length=400,
        blank=True,
        help_text=_("fork: and the platform's id, or mirror: and an address"),
    )
    commons_role = models.CharField(max_length=12, choices=CommonsRole, blank=True)
    duplicate_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="duplicates"
    )
    duplicate_why = models.CharField(max_length=10, choices=DuplicateOf, blank=True)
    fetch = models.ForeignKey(
        "Fetch", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )
    gated = models.BooleanField(_("asks for consent before download"), default=False)
    languages = models.ManyToManyField(Language, related_name="artifacts", blank=True)
    created_at = models.DateTimeField(_("published on the platform"))
    observed_at = models.DateTimeField(_("last looked at"), default=timezone.now)
    missing_since = models.DateTimeField(_("in none of its owner's lists since"), null=True, blank=True)
    gone_at = models.DateTimeField(_("not found since"), null=True, blank=True)

    objects = ArtifactQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["platform", "kind", "platform_id"], name="artifact_once"),
            models.CheckConstraint(
                name="artifact_not_its_own_copy",
                condition=models.Q(duplicate_of=None) | ~models.Q(duplicate_of=models.F("id")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["platform", "kind", "name"], name="artifact_name"
            ),  # lineage finds parents by name
            models.Index(fields=["kind", "-created_at"], name="artifact_newest"),  # the commons page
            models.Index(
                fields=["fingerprint"], name="artifact_fingerprint", condition=~models.Q(fingerprint="")
            ),  # re-uploads
            models.Index(
                fields=["copied_from"], name="artifact_copied_from", condition=~models.Q(copied_from="")
            ),  # forks and mirrors waiting for their original
            models.Index(
                fields=["commons_role"], name="artifact_role", condition=~models.Q(commons_role="")
            ),  # the watch list (measures/upstream.py)
            GinIndex(SearchWords("name", "summary"), name="artifact_words"),  # search
            # The catalogue without a filter, and with those that most rows pass.
            models.Index(
                fields=["-created_at", "-id"],
                name="artifact_catalogue",
                condition=models.Q(gone_at=None),
            ),
            # What is there for each language: nothing but this is read of the artefacts.
            models.Index(
                fields=["id"],
                include=["kind", "is_benchmark", "task"],
                name="artifact_counted",
                condition=models.Q(gone_at=None, duplicate_of=None),
            ),
            models.Index(fields=["-observed_at"], name="artifact_observed"),  # how new pages say they are
            # The catalogue by one of these, newest first; and which values there are to choose from.
            models.Index(
                fields=["licence", "-created_at"],
                name="artifact_licence",
                condition=models.Q(gone_at=None),
            ),
            models.Index(
                fields=["task", "-created_at"],
                name="artifact_task",
                condition=models.Q(gone_at=None),
            ),
            models.Index(
                fields=["runs_on", "-created_at"],
                name="artifact_runs_on",
                condition=models.Q(gone_at=None) & ~models.Q(runs_on=""),
            ),
            models.Index(
                fields=["openness_class", "-created_at"],
                name="artifact_openness",
                condition=models.Q(gone_at=None, openness_class__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return artifact_address(self.pk)


def artifact_address(key: int) -> str:
    """Of its public page."""
    return _address(key, get_language())


@lru_cache(maxsize=8192)
def _address(key: int, _language: str | None) -> str:
    """Kept, because lists ask for a hundred at once. In the language spoken now, which the caller names."""
    return reverse("dashboards:artifact", args=[key])


class ArtifactAlias(models.Model):
    """A name the artefact had before a rename or a transfer."""

    artifact = models.ForeignKey(Artifact, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=250)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["artifact", "name"], name="artifact_alias_once")]

    def __str__(self) -> str:
        return f"{self.name}, now {self.artifact}"

"""Nouns of the sandbox: models that are served, keys that open them, and one row for every request."""

import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from grants.models import Award
from grants.models.compute import Lot
from mission.models import Organisation, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class Engine(models.TextChoices):
    """What serves a model: how it is asked to count tokens as it goes differs."""

    LLAMA_CPP = "llama.cpp", "llama.cpp"
    VLLM = "vllm", "vLLM"


class DeploymentQuerySet(models.QuerySet["Deployment"]):
    def published(self) -> "DeploymentQuerySet":
        return self.filter(published=True)


class Deployment(models.Model):
    """A model served somewhere, under the name `/v1/models` shows, at a published rate."""

    name = models.SlugField(_("model id"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=120)
    about = models.CharField(_("about"), max_length=300, blank=True)
    licence = models.CharField(_("licence"), max_length=40, blank=True, help_text=_("SPDX"))
    engine = models.CharField(_("served by"), max_length=10, choices=Engine, default=Engine.LLAMA_CPP)
    address = models.URLField(_("address"), blank=True, help_text=_("LLM_URL of the settings where empty"))
    upstream_model = models.CharField(_("model name there"), max_length=120, blank=True)
    context_tokens = models.PositiveIntegerField(_("context, tokens"), default=2048)
    prompt_ms_per_ktoken = models.PositiveIntegerField(_("GPU-milliseconds per 1,000 prompt tokens"))
    completion_ms_per_ktoken = models.PositiveIntegerField(_("GPU-milliseconds per 1,000 answer tokens"))
    published = models.BooleanField(_("published"), default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DeploymentQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(completion_ms_per_ktoken__gt=0), name="deployment_answers_cost_something"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def url(self) -> str:
        return (self.address or settings.LLM_URL).rstrip("/")

    def cost(self, prompt_tokens: int, completion_tokens: int) -> int:
        """GPU-milliseconds for a request, rounded up to a whole one."""
        thousandths = (
            prompt_tokens * self.prompt_ms_per_ktoken + completion_tokens * self.completion_ms_per_ktoken
        )
        return -(-thousandths // 1000)

    def affordable(self, gpu_ms: int, prompt_tokens: int) -> int:
        """How many answer tokens an amount pays for, after the prompt."""
        rest = gpu_ms * 1000 - prompt_tokens * self.prompt_ms_per_ktoken
        return max(0, rest // self.completion_ms_per_ktoken)


class KeyKind(models.TextChoices):
    API = "api", _("API key")
    PLAYGROUND = "playground", _("Playground")


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def live(self) -> "ApiKeyQuerySet":
        return self.filter(revoked_at=None)

    def visible_to(self, user: "User | AnonymousUser") -> "ApiKeyQuerySet":
        """Keys to awards of organisations the person belongs to today."""
        return self.filter(award__organisation__in=Organisation.objects.of(user))


class ApiKey(models.Model):
    """A key to an award's lots: only its first letters and an HMAC are kept, never the key.

    A key of the kind playground has no secret; short-lived passes are signed for it.
    """

    award = models.ForeignKey(Award, on_delete=models.PROTECT, related_name="api_keys")
    kind = models.CharField(max_length=10, choices=KeyKind, default=KeyKind.API)
    label = models.CharField(_("label"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=16, unique=True)
    digest = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["award", "created_by"],
                condition=Q(kind=KeyKind.PLAYGROUND, revoked_at=None),
                name="playground_key_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"


class UsageStatus(models.TextChoices):
    DONE = "done", _("Answered")
    LEFT = "left", _("Client left")
    BROKEN = "broken", _("Broken off")
    LOST = "lost", _("Lost, not charged")


class UsageQuerySet(models.QuerySet["Usage"]):
    def visible_to(self, user: "User | AnonymousUser") -> "UsageQuerySet":
        return self.filter(lot__award__organisation__in=Organisation.objects.of(user))

    def by_day(self, since: datetime.date) -> "QuerySet[Any, Any]":
        """One row a day: requests, tokens and GPU-milliseconds, newest first."""
        days = self.filter(at__date__gte=since).annotate(day=TruncDate("at")).order_by("-day").values("day")
        return days.annotate(
            requests=Count("pk"),
            prompt=Sum("prompt_tokens"),
            completion=Sum("completion_tokens"),
            gpu_ms=Sum("gpu_ms"),
        )


class Usage(models.Model):
    """One request to a model: how much, never what."""

    request_id = models.CharField(max_length=40, unique=True)
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, related_name="usage")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="usage")
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="usage")
    prompt_tokens = models.PositiveIntegerField()
    completion_tokens = models.PositiveIntegerField()
    gpu_ms = models.BigIntegerField(_("GPU-milliseconds charged"))
    status = models.CharField(max_length=6, choices=UsageStatus)
    at = models.DateTimeField(default=timezone.now)

    objects = UsageQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(gpu_ms__gte=0), name="usage_not_negative")]
        indexes = [models.Index(fields=["lot", "at"], name="usage_of_lot")]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.prompt_tokens}+{self.completion_tokens} tokens"

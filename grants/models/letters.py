"""Letters: what the mission wrote to whom. Written in the transaction of the act, sent afterwards."""

from django.db import models
from django.utils import timezone

from grants.models.applications import Application


class LetterQuerySet(models.QuerySet["Letter"]):
    def due(self) -> "LetterQuerySet":
        """Not sent, and nobody is at it."""
        return self.filter(sent_at=None, next_try_at__lte=timezone.now())


class Letter(models.Model):
    """`next_try_at` is the lease: whoever moves it forward, by one conditional UPDATE, may send."""

    application = models.ForeignKey(Application, null=True, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=30)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    written_at = models.DateTimeField(default=timezone.now)
    next_try_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["next_try_at"], condition=models.Q(sent_at=None), name="letter_due")]

    def __str__(self) -> str:
        return f"{self.kind} to {self.to}"

"""What the commons holds for each language, counted from artefacts, never incremented."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mission.models import Language

SPEECH = (
    "automatic-speech-recognition",
    "text-to-speech",
    "text-to-audio",
    "audio-to-audio",
    "audio-classification",
    "voice-activity-detection",
)


class LanguageHolding(models.Model):
    """Artefacts that name a language, by what they are for. Copies are counted with their original.

    Speech is models and datasets of a task of `SPEECH`, which stand among the models and datasets too.
    `counted_at` is when a number here changed last.
    """

    language = models.OneToOneField(
        Language, on_delete=models.CASCADE, primary_key=True, related_name="holding"
    )
    model = models.PositiveIntegerField(_("models"))
    dataset = models.PositiveIntegerField(_("datasets"))
    evaluation = models.PositiveIntegerField(_("benchmarks"))
    speech = models.PositiveIntegerField(_("for hearing or speaking"))
    space = models.PositiveIntegerField(_("applications"))
    counted_at = models.DateTimeField()

    class Meta:
        ordering = ["language"]

    def __str__(self) -> str:
        return f"{self.language_id}: {self.model} models, {self.dataset} datasets"

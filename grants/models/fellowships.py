"""What a fellow works on. Fellowships go down the same pipeline as every other programme."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Track(models.TextChoices):
    TRAINING = "training", _("Training")
    INFERENCE = "inference", _("Inference")
    EVALUATIONS = "evaluations", _("Evaluations")
    DATASETS = "datasets", _("Datasets")
    LANGUAGES = "languages", _("Language support")
    OPTIMISATION = "optimisation", _("Optimisation")

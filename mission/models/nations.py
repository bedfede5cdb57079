"""Nations and languages: reference data, loaded by `manage.py load_reference`."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mission import local_names
from mission.search import SearchWords


class Nation(models.Model):
    """An entry of ISO 3166-1: 249 of them. `name` is its short English name."""

    code = models.CharField(_("ISO 3166-1 alpha-2"), primary_key=True, max_length=2)
    alpha3 = models.CharField(_("ISO 3166-1 alpha-3"), max_length=3, unique=True)
    numeric = models.CharField(_("ISO 3166-1 numeric"), max_length=3, unique=True)
    name = models.CharField(max_length=100)
    official_name = models.CharField(max_length=200, blank=True)
    region = models.CharField(_("continent"), max_length=40, blank=True)
    population = models.BigIntegerField(_("people"), null=True, help_text=_("GeoNames; unknown where empty"))

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return local_names.nation(self.code, self.name)

    def get_absolute_url(self) -> str:
        return reverse("dashboards:nation", args=[self.code])


class Language(models.Model):
    """A language of ISO 639-3, keyed on its three-letter code; `alpha2` where ISO 639-1 has one."""

    code = models.CharField(_("ISO 639-3"), primary_key=True, max_length=3)
    alpha2 = models.CharField(_("ISO 639-1"), max_length=2, null=True, unique=True)
    name = models.CharField(max_length=100)
    autonym = models.CharField(_("own name"), max_length=100, blank=True)

    class Meta:
        ordering = ["name"]
        indexes = [GinIndex(SearchWords("name", "autonym"), name="language_words")]

    def __str__(self) -> str:
        return local_names.language(self.code, self.name)


class LanguageSpeakers(models.Model):
    """How many people of a nation speak a language (first or further language), after CLDR."""

    language = models.ForeignKey(Language, on_delete=models.CASCADE, related_name="speakers")
    nation = models.ForeignKey(Nation, on_delete=models.CASCADE, related_name="languages")
    speakers = models.BigIntegerField(_("people"))

    class Meta:
        ordering = ["-speakers"]
        constraints = [
            models.UniqueConstraint(fields=["language", "nation"], name="speakers_once"),
            models.CheckConstraint(condition=models.Q(speakers__gt=0), name="speakers_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.language} in {self.nation}: {self.speakers}"

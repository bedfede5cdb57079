"""Languages by speakers, beside what the commons holds for each. A zero here is a gap somebody could fill."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _

from contributions.models import Artifact, ArtifactKind
from dashboards.charts import words
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.figures.places import Place
from mission.models import LanguageSpeakers

KINDS = (ArtifactKind.MODEL, ArtifactKind.DATASET, ArtifactKind.SPACE)


@dataclass(frozen=True, slots=True)
class Spoken:
    code: str
    name: str
    autonym: str
    speakers: int
    counts: dict[str, int]


def spoken(place: Place | None = None, limit: int | None = None) -> list[Spoken]:
    """Languages of a nation, or of the world, most spoken first, with counts of artefacts. Two queries."""
    rows = LanguageSpeakers.objects.order_by()
    if place:
        rows = rows.filter(nation_id=place.code)
    columns = ("language_id", "language__name", "language__autonym")
    by_language = (
        rows.values_list(*columns).annotate(people=Sum("speakers")).order_by("-people", "language__name")
    )
    found = list(by_language[:limit])
    counts = artifact_counts([code for code, *_rest in found])
    return [Spoken(code, name, autonym, people, counts[code]) for code, name, autonym, people in found]


def artifact_counts(codes: list[str]) -> dict[str, dict[str, int]]:
    """One query over the artefacts that name these languages."""
    found = Artifact.objects.there().filter(languages__in=codes).order_by()
    counts: dict[str, dict[str, int]] = defaultdict(dict)
    for code, kind, count in found.values_list("languages", "kind").annotate(count=Count("pk")):
        counts[code][kind] = count
    return counts


def languages_figure(found: list[Spoken], place: Place | None = None, *, slug: str = "languages") -> Figure:
    """One query, for the day of the last look."""
    looked = Artifact.objects.aggregate(last=Max("observed_at"))["last"]
    return Figure(
        slug=slug,
        title=takeaway(found, place),
        sentence=in_full(found),
        columns=(
            Column("language", _("Language"), names=True),
            Column("autonym", _("Own name")),
            Column("code", _("ISO 639-3"), in_table=False),
            Column("speakers", _("Speakers"), number=True),
            *(Column(kind.value, plurals()[kind], number=True) for kind in KINDS),
        ),
        rows=tuple(language_row(language) for language in found),
        source=Source(
            _("Speakers: Unicode CLDR. Artefacts: Hugging Face, as far as their cards name a language"),
            "https://cldr.unicode.org/",
            "Unicode-3.0",
            looked,
        ),
        unit=_("people, and artefacts"),
        note=_(
            "First and further languages are counted, so a nation's speakers may be more than its people."
        ),
        open_table=True,
        empty=Empty(
            _("No languages have been loaded yet"),
            _("Whoever runs this site loads them with: manage.py load_reference"),
        ),
    )


def plurals() -> dict[ArtifactKind, str]:
    return {
        ArtifactKind.MODEL: _("Models"),
        ArtifactKind.DATASET: _("Datasets"),
        ArtifactKind.SPACE: _("Applications"),
    }


def language_row(language: Spoken) -> Row:
    return Row(
        language.code,
        {
            "language": language.name,
            "autonym": language.autonym,
            "code": language.code,
            "speakers": Reading.of(language.speakers),
            **{kind.value: Reading.of(language.counts.get(kind, 0)) for kind in KINDS},
        },
    )


def missing(found: list[Spoken]) -> list[Spoken]:
    return [language for language in found if not language.counts.get(ArtifactKind.MODEL)]


def takeaway(found: list[Spoken], place: Place | None) -> str:
    if not found:
        return _("Languages and what the commons holds for them")
    without = missing(found)
    facts = {"without": len(without), "count": len(found), "nation": place.name if place else ""}
    if not without:
        return _("Each of these languages has a model in the catalogue")
    if place:
        return (
            _("%(without)s of the %(count)s main languages of %(nation)s have no model in the catalogue")
            % facts
        )
    return _("%(without)s of the %(count)s most spoken languages have no model in the catalogue") % facts


def in_full(found: list[Spoken]) -> str:
    without = missing(found)
    if not without:
        return ""
    largest = without[0]
    return _("The largest without one is %(language)s, with %(speakers)s speakers.") % {
        "language": largest.name,
        "speakers": words.number(largest.speakers),
    }

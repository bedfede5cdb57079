"""Languages by speakers, beside what the commons holds for each. A zero is a gap somebody could fill."""

import datetime
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet, Sum
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contributions.models import Artifact, LanguageHolding
from dashboards.charts import words
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.charts.matrix import Matrix
from dashboards.figures.places import Place
from dashboards.updates import Updates
from grants.models import ProgrammeKind
from mission import local_names
from mission.models import LanguageSpeakers
from mission.remembered import Subject, remembered_while
from mission.written import written_once


@dataclass(frozen=True, slots=True)
class Need:
    """What a language needs of the commons, and which programmes give for it, the nearest first."""

    key: str
    label: Any
    programmes: tuple[ProgrammeKind, ...]


NEEDS = (
    Need("model", gettext_lazy("Models"), (ProgrammeKind.COMPUTE, ProgrammeKind.EFFICIENCY)),
    Need("dataset", gettext_lazy("Datasets"), (ProgrammeKind.DATASET,)),
    Need("evaluation", gettext_lazy("Evaluations"), (ProgrammeKind.BENCHMARK,)),
    Need("speech", gettext_lazy("Speech"), (ProgrammeKind.DATASET, ProgrammeKind.COMPUTE)),
    Need("space", gettext_lazy("Applications"), (ProgrammeKind.FELLOWSHIP, ProgrammeKind.CONTRIBUTION)),
)
KEYS = tuple(need.key for need in NEEDS)


@dataclass(frozen=True, slots=True)
class Spoken:
    """`counts` by the key of a need."""

    code: str
    name: str
    autonym: str
    speakers: int
    counts: dict[str, int]

    @property
    def local_name(self) -> str:
        return local_names.language(self.code, self.name)

    @property
    def lacks(self) -> list[Need]:
        return [need for need in NEEDS if not self.counts.get(need.key)]

    def lacks_this(self, missing: str) -> bool:
        """Of a need's key, or “any” of them."""
        return bool(self.lacks) if missing == "any" else not self.counts.get(missing)


@remembered_while(Subject.HOLDINGS)
def counts_by_language() -> dict[str, dict[str, int]]:
    """One query over all languages, kept while the data stay as they are."""
    rows = LanguageHolding.objects.order_by().values_list("language_id", *KEYS)
    return {code: dict(zip(KEYS, told, strict=True)) for code, *told in rows}


@remembered_while(Subject.COMMONS)
def looked_at() -> datetime.datetime | None:
    """When an artefact was looked at last: the end of artifact_observed. One query."""
    last: datetime.datetime | None = Artifact.objects.aggregate(last=Max("observed_at"))["last"]
    return last


@remembered_while(Subject.HOLDINGS)
def spoken(place: Place | None = None, limit: int | None = None) -> list[Spoken]:
    """Languages of a nation, or of the world, most spoken first. Two queries."""
    found = _spoken_in(place.code) if place else _spoken()
    counts = counts_by_language()
    return [
        Spoken(code, name, autonym, people, counts.get(code, {}))
        for code, name, autonym, people in found[:limit]
    ]


@written_once
def _spoken() -> "QuerySet[LanguageSpeakers, tuple[str, str, str, int]]":
    columns = ("language_id", "language__name", "language__autonym")
    by_language = LanguageSpeakers.objects.order_by().values_list(*columns).annotate(people=Sum("speakers"))
    return by_language.order_by("-people", "language__name")


@written_once
def _spoken_in(code: str) -> "QuerySet[LanguageSpeakers, tuple[str, str, str, int]]":
    columns = ("language_id", "language__name", "language__autonym", "speakers")
    rows = LanguageSpeakers.objects.filter(nation=code).order_by("-speakers", "language__name")
    return rows.values_list(*columns)


def languages_figure(
    found: Sequence[Spoken],
    place: Place | None = None,
    *,
    slug: str = "languages",
    whole: Sequence[Spoken] | None = None,
    funding: Callable[[Spoken], tuple[str, str]] | None = None,
    drawn: bool = False,
    empty: Empty | None = None,
) -> Figure:
    """One query, for the day of the last look. `whole`: all languages the takeaway is about, where `found` is
    a page of them. `funding`: the open call for what a language lacks, and its address; see funding.py."""
    all_of_them = found if whole is None else whole
    return Figure(
        slug=slug,
        title=takeaway(all_of_them, place),
        sentence=in_full(all_of_them),
        columns=(
            Column("language", _("Language"), names=True),
            Column("autonym", _("Own name")),
            Column("code", _("ISO 639-3"), in_table=False),
            *((Column("call", _("Open call for what is missing")),) if funding is not None else ()),
            Column("speakers", _("Speakers"), number=True),
            *(Column(need.key, str(need.label), number=True) for need in NEEDS),
        ),
        rows=tuple(language_row(language, funding) for language in found),
        source=Source(
            _("Speakers: Unicode CLDR. Artefacts: Hugging Face, as far as their cards name a language"),
            "https://cldr.unicode.org/",
            "Unicode-3.0",
            looked_at(),
            updates=Updates.SYNC,
        ),
        unit=_("people, and artefacts"),
        note=_(
            "First and further languages are counted, so a nation's speakers may be more than its people. "
            "An evaluation is a benchmark that names the language. Speech is models and datasets for hearing "
            "or speaking, which stand among the models and datasets too. Copies are not counted."
        ),
        chart=Matrix(tuple(need.key for need in NEEDS)) if drawn else None,
        open_table=not drawn,
        dense=True,
        empty=empty
        or Empty(
            _("No languages have been loaded yet"),
            _("Whoever runs this site loads them with: manage.py load_reference"),
        ),
    )


def language_row(language: Spoken, funding: Callable[[Spoken], tuple[str, str]] | None) -> Row:
    links = {
        need.key: f"{reverse('dashboards:commons')}?{urlencode({'language': language.code})}"
        for need in NEEDS
        if language.counts.get(need.key)
    }
    cells: dict[str, Any] = {
        "language": language.local_name,
        "autonym": language.autonym,
        "code": language.code,
        "speakers": Reading.of(language.speakers),
        **{need.key: Reading.of(language.counts.get(need.key, 0)) for need in NEEDS},
    }
    if funding is not None:
        cells["call"], links["call"] = funding(language)
    return Row(language.code, cells, links={key: url for key, url in links.items() if url})


def missing_of(found: Sequence[Spoken]) -> Counter[str]:
    """By need, how many of these languages lack it."""
    return Counter(need.key for language in found for need in language.lacks)


def takeaway(found: Sequence[Spoken], place: Place | None) -> str:
    if not found:
        return _("Languages and what the commons holds for them")
    without = [language for language in found if not language.counts.get("model")]
    facts = {
        "without": words.number(len(without)),
        "count": words.number(len(found)),
        "nation": place.name if place else "",
    }
    if not without:
        return _("Each of these languages has a model in the catalogue")
    if place:
        return (
            _("%(without)s of the %(count)s main languages of %(nation)s have no model in the catalogue")
            % facts
        )
    return _("%(without)s of %(count)s languages have no model in the catalogue") % facts


def in_full(found: Sequence[Spoken]) -> str:
    without = [language for language in found if not language.counts.get("model")]
    if not without:
        return ""
    largest = without[0]
    return _("The largest without one is %(language)s, with %(speakers)s speakers.") % {
        "language": largest.local_name,
        "speakers": words.number(largest.speakers),
    }

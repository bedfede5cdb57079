"""Search across the house: nations, organisations, artefacts, awards, calls, metrics and languages.

Only what is public anyway: no draft, nothing withdrawn, and no account or organisation that is a person.
Each kind reads an index of words (mission/search.py) and at most a few hundred rows.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Case, Exists, F, Model, OuterRef, QuerySet, Value, When
from django.db.models.functions import Length, Right
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from contributions.models import Account, AccountKind, Artifact, ArtifactKind, Platform
from contributions.models.artifacts import artifact_address
from dashboards.charts.figure import Column, Figure, Row, Source
from dashboards.figures.places import places
from dashboards.measures import EVERY_METRIC
from grants.addresses import award_address, call_address
from grants.models import Award, Call
from mission import local_names, numerals
from mission.models import Language, Organisation
from mission.models.organisations import OrganisationType, public_name
from mission.remembered import Subject, remembered_while
from mission.search import SearchWords, all_begin, begin, begin_some, folded_all, having
from mission.written import written_once

T = TypeVar("T", bound=Model)
LOOKED_AT = 300  # rows with the words, of which the best are shown
FEW, MANY = 5, 100


@dataclass(frozen=True, slots=True)
class Found:
    title: str
    url: str
    about: str = ""


def matching(rows: "QuerySet[T]", words: str, *columns: Any) -> "QuerySet[T]":
    """At most LOOKED_AT of the rows in whose columns each word begins a word: so many are ranked at most.
    `words`: see `all_begin`."""
    asked = rows.alias(words=SearchWords(*columns)).filter(words=having(words)).order_by()
    return rows.model._default_manager.filter(pk__in=asked.values("pk")[:LOOKED_AT])


def nations(words: list[str], said: str, limit: int) -> list[Found]:
    hit = [place for place in places().values() if begin(words, place.name, place.code)]
    hit.sort(key=lambda place: (place.code != said.upper(), place.name))
    return [Found(place.name, place.url) for place in hit[:limit]]


def organisations(words: list[str], said: str, limit: int) -> list[Found]:
    """Those with an award, and organisations' accounts on the platforms. Two queries."""
    known = places()
    found = [
        Found(name, f"{reverse('dashboards:awards')}?{urlencode({'q': name[:100]})}", known[nation].name)
        for name, nation in _awarded(all_begin(words), limit=limit)
    ]
    accounts = _accounts(all_begin(words), said, limit=limit)[: limit - len(found)]
    return found + [_account(*account) for account in accounts]


@written_once
def _awarded(words: str, *, limit: int) -> "QuerySet[Organisation, tuple[str, str]]":
    awarded = Exists(Award.objects.filter(organisation=OuterRef("pk")))
    rows = Organisation.objects.exclude(type=OrganisationType.INDIVIDUAL).filter(awarded)
    return matching(rows, words, "name", Value("")).order_by("name").values_list("name", "nation")[:limit]


@written_once
def _accounts(words: str, said: str, *, limit: int) -> "QuerySet[Account, tuple[str, str, str]]":
    rows = Account.objects.filter(kind=AccountKind.ORGANISATION, gone_at=None)
    exact = Case(When(login__iexact=said, then=0), default=1)
    ranked = matching(rows, words, "login", "name").order_by(exact, Length("login"), "login")
    return ranked.values_list("login", "name", "platform")[:limit]


def _account(login: str, name: str, platform: str) -> Found:
    title = f"{name} ({login})" if name else login
    asked = urlencode({"q": login})
    return Found(title, f"{reverse('dashboards:commons')}?{asked}", _platform(platform))


def artifacts(words: list[str], said: str, limit: int) -> list[Found]:
    """What is named so first, then what most models were built on. One query."""
    return [
        Found(name, artifact_address(pk), _(", ").join(filter(None, (_kind(kind), _platform(on), summary))))
        for pk, name, kind, on, summary in _artifacts(all_begin(words), said, f"/{said}", limit=limit)
    ]


def _kind(kind: str) -> str:
    return str(ArtifactKind(kind).label)


def _platform(platform: str) -> str:
    return str(Platform(platform).label)


@written_once
def _artifacts(words: str, said: str, end: str, *, limit: int) -> "QuerySet[Artifact, tuple[Any, ...]]":
    there = Artifact.objects.there().originals()
    rows = matching(there, words, "name", "summary").alias(end=Right("name", Length(Value(end))))
    named = Case(When(name__iexact=said, then=0), When(end__iexact=end, then=1), default=2)
    ranked = rows.order_by(named, F("derivatives").desc(nulls_last=True), "-created_at", "pk")
    return ranked.values_list("pk", "name", "kind", "platform", "summary")[:limit]


def awards(words: list[str], said: str, limit: int) -> list[Found]:
    """By title, summary, reference, and the organisation's name where it is no person. One query."""
    return [
        Found(title, award_address(reference), _(", ").join((reference, public_name(name, kind))))
        for reference, title, name, kind in _awards(all_begin(words), said.upper(), limit=limit)
    ]


@written_once
def _awards(words: str, reference: str, *, limit: int) -> "QuerySet[Award, tuple[str, str, str, str]]":
    organisations = Organisation.objects.exclude(type=OrganisationType.INDIVIDUAL)
    by_name = matching(organisations, words, "name", Value("")).values("pk")
    keys = matching(Award.objects.all(), words, "title", "summary").values("pk").union(
        Award.objects.filter(organisation__in=by_name).order_by().values("pk"),
        Award.objects.filter(reference=reference).order_by().values("pk"),
    )  # fmt: skip
    rows = Award.objects.public().filter(pk__in=keys).order_by("-awarded_at", "-pk")
    return rows.values_list("reference", "title", "organisation__name", "organisation__type")[:limit]


def calls(words: list[str], said: str, limit: int) -> list[Found]:
    """Published ones, those that close last first. One query."""
    return [
        Found(title, call_address(slug), _("Closes on %(date)s") % {"date": numerals.date(at, "DATE_FORMAT")})
        for title, slug, at in _calls(all_begin(words), limit=limit)
    ]


@written_once
def _calls(words: str, *, limit: int) -> "QuerySet[Call, tuple[str, str, datetime.datetime]]":
    rows = matching(Call.objects.public(), words, "title", "summary").order_by("-closes_at", "-pk")
    return rows.values_list("title", "slug", "closes_at")[:limit]


def metrics(words: list[str], said: str, limit: int) -> list[Found]:
    hit = [m for m in EVERY_METRIC.values() if begin(words, m.label, m.slug, m.unit)]
    return [
        Found(str(m.label), reverse("dashboards:indicator", args=[m.slug]), str(m.definition))
        for m in hit[:limit]
    ]


def languages(words: list[str], said: str, limit: int) -> list[Found]:
    """What the commons holds for it, or else where what is missing stands. No query of its own."""
    hit = [
        (len(name), name, code, autonym)
        for code, name, autonym, folded in every_language()
        if code == said.lower() or begin_some(words, folded)
    ]
    named = languages_named() if hit else frozenset()
    first = sorted((one[2] not in named, *one) for one in hit)
    return [
        Found(
            name,
            reverse("dashboards:languages")
            if absent
            else f"{reverse('dashboards:commons')}?{urlencode({'language': code})}",
            _(", ").join(filter(None, (autonym, code))),
        )
        for absent, _length, name, code, autonym in first[:limit]
    ]


@remembered_while(Subject.NATIONS)
def every_language() -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Code, name, own name, and all words by which it is found: some hundreds. One query."""
    rows = Language.objects.order_by().values_list("code", "name", "autonym")
    names = [(code, local_names.language(code, english), english, own) for code, english, own in rows]
    return [(code, name, own, folded_all(name, english, own)) for code, name, english, own in names]


@remembered_while(Subject.COMMONS)
def languages_named() -> frozenset[str]:
    """Codes of those that an artefact names. One query."""
    there = Artifact.languages.through.objects.filter(language=OuterRef("pk"))
    return frozenset(Language.objects.order_by().filter(Exists(there)).values_list("code", flat=True))


@dataclass(frozen=True, slots=True)
class Kind:
    plural: Any
    look: Callable[[list[str], str, int], list[Found]]


KINDS: dict[str, Kind] = {
    "nations": Kind(gettext_lazy("Nations"), nations),
    "organisations": Kind(gettext_lazy("Organisations"), organisations),
    "artifacts": Kind(gettext_lazy("Artefacts"), artifacts),
    "awards": Kind(gettext_lazy("Awards"), awards),
    "calls": Kind(gettext_lazy("Calls"), calls),
    "metrics": Kind(pgettext_lazy("what is counted", "Metrics"), metrics),
    "languages": Kind(gettext_lazy("Languages"), languages),
}


def group(slug: str, found: Iterable[Found]) -> Figure:
    """What was found of a kind, as a list and as data."""
    return Figure(
        slug=slug,
        title=str(KINDS[slug].plural),
        sentence="",
        columns=(
            Column("name", _("Name"), names=True),
            Column("about", _("About")),
            Column("url", _("Address"), in_table=False),
        ),
        rows=tuple(
            Row(one.url, {"name": one.title, "about": one.about, "url": one.url}, url=one.url)
            for one in found
        ),
        source=Source(_("This site")),
    )

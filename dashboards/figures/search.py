"""Search across the house: nations, organisations, artefacts, awards, calls, metrics and languages.

Only what is public anyway: no draft, nothing withdrawn, and no account or organisation that is a person.
Each kind reads an index of words (mission/search.py) and at most a few hundred rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Exists, F, Model, OuterRef, QuerySet, Value, When
from django.db.models.functions import Length
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from contributions.models import Account, AccountKind, Artifact, ArtifactKind, Platform
from dashboards.charts.figure import Column, Figure, Row, Source
from dashboards.figures.catalogue import platform_name
from dashboards.figures.places import places
from dashboards.measures import EVERY_METRIC
from grants.models import Award, Call
from mission import local_names, numerals
from mission.models import Language, Organisation
from mission.models.organisations import OrganisationType
from mission.remembered import Subject, remembered_while
from mission.search import SearchWords, begin, begin_some, beginning_with, folded_all

LOOKED_AT = 300  # rows with the words, of which the best are shown
FEW, MANY = 5, 100


@dataclass(frozen=True, slots=True)
class Found:
    title: str
    url: str
    about: str = ""


def matching(rows: "QuerySet[Any]", words: list[str], *columns: Any) -> "QuerySet[Any]":
    """At most LOOKED_AT of the rows in whose columns each word begins a word: so many are ranked at most."""
    asked = rows.alias(words=SearchWords(*columns)).filter(words=beginning_with(words)).order_by()
    model: type[Model] = rows.model
    return model._default_manager.filter(pk__in=asked.values("pk")[:LOOKED_AT])


def nations(words: list[str], said: str, limit: int) -> list[Found]:
    hit = [place for place in places().values() if begin(words, place.name, place.code)]
    hit.sort(key=lambda place: (place.code != said.upper(), place.name))
    return [Found(place.name, place.url) for place in hit[:limit]]


def organisations(words: list[str], said: str, limit: int) -> list[Found]:
    """Those with an award, and organisations' accounts on the platforms. Two queries."""
    awarded = Exists(Award.objects.filter(organisation=OuterRef("pk")))
    rows = Organisation.objects.exclude(type=OrganisationType.INDIVIDUAL).filter(awarded)
    register = matching(rows, words, "name", Value("")).select_related("nation").order_by("name")[:limit]
    found = [
        Found(one.name, f"{reverse('dashboards:awards')}?{urlencode({'q': one.name[:100]})}", str(one.nation))
        for one in register
    ]
    accounts = Account.objects.filter(kind=AccountKind.ORGANISATION, gone_at=None)
    exact = Case(When(login__iexact=said, then=0), default=1)
    ranked = matching(accounts, words, "login", "name").order_by(exact, Length("login"), "login")
    shown = ranked.only("login", "name", "platform")[: limit - len(found)]
    return found + [_account(account) for account in shown]


def _account(account: Account) -> Found:
    asked = urlencode({"q": account.login})
    title = f"{account.name} ({account.login})" if account.name else account.login
    return Found(title, f"{reverse('dashboards:commons')}?{asked}", str(Platform(account.platform).label))


def artifacts(words: list[str], said: str, limit: int) -> list[Found]:
    """What is named so first, then what most models were built on. One query."""
    rows = matching(Artifact.objects.there().originals(), words, "name", "summary")
    named = Case(When(name__iexact=said, then=0), When(name__iendswith=f"/{said}", then=1), default=2)
    ranked = rows.order_by(named, F("derivatives").desc(nulls_last=True), "-created_at", "pk")
    columns = ("id", "name", "kind", "platform", "summary")
    return [
        Found(
            one.name,
            one.get_absolute_url(),
            _(", ").join(filter(None, (str(ArtifactKind(one.kind).label), platform_name(one), one.summary))),
        )
        for one in ranked.only(*columns)[:limit]
    ]


def awards(words: list[str], said: str, limit: int) -> list[Found]:
    """By title, summary, reference, and the organisation's name where it is no person. One query."""
    organisations = Organisation.objects.exclude(type=OrganisationType.INDIVIDUAL)
    by_name = matching(organisations, words, "name", Value("")).values("pk")
    public = Award.objects.public().select_related(None).select_related("organisation")
    columns = ("reference", "title", "awarded_at", "organisation__name", "organisation__type")
    keys = matching(Award.objects.all(), words, "title", "summary").values("pk").union(
        Award.objects.filter(organisation__in=by_name).order_by().values("pk"),
        Award.objects.filter(reference=said.upper()).order_by().values("pk"),
    )  # fmt: skip
    return [
        Found(one.title, one.get_absolute_url(), _(", ").join((one.reference, one.organisation.public_name)))
        for one in public.filter(pk__in=keys).only(*columns).order_by("-awarded_at", "-pk")[:limit]
    ]


def calls(words: list[str], said: str, limit: int) -> list[Found]:
    """Published ones, those that close last first. One query."""
    rows = matching(Call.objects.public(), words, "title", "summary")
    return [
        Found(
            one.title,
            one.get_absolute_url(),
            _("Closes on %(date)s") % {"date": numerals.date(one.closes_at, "DATE_FORMAT")},
        )
        for one in rows.order_by("-closes_at", "-pk").only("title", "slug", "closes_at")[:limit]
    ]


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

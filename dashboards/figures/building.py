"""Who builds on artefacts: organisations by name, and all others together."""

from collections.abc import Iterable

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contributions.models import AccountKind, Affiliation, ArtifactLink
from dashboards.charts import words
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.figures.places import places
from dashboards.updates import Updates
from mission.written import any_of, array, written_once

MOST = 20


def builders_figure(parents: Iterable[int], own: Iterable[int], *, slug: str = "builders") -> Figure:
    """Two queries beside the nations. `own`: accounts of whoever made the parents; what they build on their
    own is left out. People are counted together and never placed in a nation. Walks the index on parent."""
    found = sorted(_counted(array(parents), array(own)), key=lambda row: (-row[3], row[1]))
    total = sum(row[3] for row in found)
    text = ngettext("%(n)s artefact by others builds on it", "%(n)s artefacts by others build on it", total)
    return Figure(
        slug=slug,
        title=text % {"n": words.number(total)} if total else _("Who builds on it"),
        sentence="",
        columns=(
            Column("who", _("Who"), names=True),
            Column("nation", _("Nation")),
            Column("built", _("Artefacts"), number=True),
        ),
        rows=tuple(_rows(found)),
        source=Source(_("Cards on Hugging Face that name what they were made from"), updates=Updates.SYNC),
        open_table=True,
        empty=Empty(_("Nobody is known to build on it yet")),
    )


@written_once
def _counted(parents: str, own: str) -> "QuerySet[ArtifactLink, tuple[int, str, str, int]]":
    links = ArtifactLink.objects.filter(any_of("parent", parents), child__gone_at=None).order_by()
    others = links.exclude(any_of("child__owner", own)).exclude(child__owner=None)
    columns = ("child__owner", "child__owner__login", "child__owner__kind")
    return others.values_list(*columns).annotate(built=Count("child", distinct=True))


def _rows(found: list[tuple[int, str, str, int]]) -> list[Row]:
    named = [row for row in found if row[2] == AccountKind.ORGANISATION]
    where = nations_of([row[0] for row in named[:MOST]])
    told: list[tuple[str, str, str, int]] = [
        (str(pk), login, where.get(pk, _("unknown")), built) for pk, login, _kind, built in named[:MOST]
    ]
    if rest := sum(row[3] for row in named[MOST:]):
        told.append(("more", _("Other organisations"), "", rest))
    if people := sum(row[3] for row in found if row[2] != AccountKind.ORGANISATION):
        told.append(("people", _("People, taken together"), _("not told"), people))
    return [
        Row(key, {"who": who, "nation": nation, "built": Reading.of(built)})
        for key, who, nation, built in told
    ]


def nations_of(accounts: list[int]) -> dict[int, str]:
    """Names of the nations these accounts are tied to today. One query, and none for nobody."""
    if not accounts:
        return {}
    known = places()
    found: dict[int, str] = {}
    for account, nation, of in _tied(array(accounts)):
        if place := known.get(nation or of or ""):
            found.setdefault(account, place.name)
    return found


@written_once
def _tied(accounts: str) -> "QuerySet[Affiliation, tuple[int, str | None, str | None]]":
    ties = Affiliation.objects.standing().filter(any_of("account", accounts), valid_to=None)
    return ties.order_by("grade").values_list("account", "nation", "organisation__nation")

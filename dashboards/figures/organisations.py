"""The organisations of a nation that publish or were awarded something."""

from collections import Counter
from collections.abc import Collection, Mapping
from heapq import nsmallest

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from contributions.models import Artifact
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.figures.places import Place
from dashboards.figures.ties import Its, Ties, ties
from grants.models import Award
from mission.models.organisations import OrganisationType
from mission.written import any_of, array, written_once

MOST = 10


def organisations_figure(place: Place, *, slug: str = "organisations") -> Figure:
    """Two queries besides its ties: those with most awards and accounts, and what these accounts hold now."""
    known = ties(place.code)
    found = publishing(known)
    held = _held({key: known.accounts.get(key, ()) for key, _awards in found})
    return Figure(
        slug=slug,
        title=_("Organisations in %(nation)s") % {"nation": place.name},
        sentence="",
        columns=(
            Column("organisation", _("Organisation"), names=True),
            Column("type", _("Type")),
            Column("awards", _("Awards"), number=True),
            Column("artifacts", _("In the commons"), number=True),
        ),
        rows=tuple(_row(key, known.organisations[key], awards, held[key]) for key, awards in found),
        source=Source(_("The Mission's register; GitHub and Hugging Face")),
        note=_("At most ten: those with most awards first. Artefacts are those of their own accounts."),
        open_table=True,
        empty=Empty(
            _("No organisation of %(nation)s is known to publish yet") % {"nation": place.name},
            _("They appear here once their account on GitHub or Hugging Face is tied to them."),
        ),
    )


def publishing(known: Ties) -> list[tuple[int, int]]:
    """With an award or an account of their own: their keys, and how many awards. No individual: that is a
    person. One query."""
    some = {key: one for key, one in known.organisations.items() if one.type != OrganisationType.INDIVIDUAL}
    awards = Counter(dict(_awards(array(some)) if some else []))
    accounts = Counter({key: len(its) for key, its in known.accounts.items()})
    shown = (key for key in some if awards[key] or accounts[key])
    first = nsmallest(MOST, shown, key=lambda key: (-awards[key], -accounts[key], some[key].name))
    return [(key, awards[key]) for key in first]


def _row(key: int, one: Its, awards: int, held: int) -> Row:
    return Row(
        str(key),
        {
            "organisation": one.name,
            "type": str(OrganisationType(one.type).label),
            "awards": Reading.of(awards),
            "artifacts": Reading.of(held),
        },
    )


def _held(accounts: Mapping[int, Collection[int]]) -> dict[int, int]:
    """Artefacts of each organisation's accounts. One query."""
    owners = {account for its in accounts.values() for account in its}
    counts = dict(_artifacts(array(owners)) if owners else [])
    return {one: sum(counts.get(account, 0) for account in its) for one, its in accounts.items()}


@written_once
def _awards(organisations: str) -> "QuerySet[Award, tuple[int, int]]":
    rows = Award.objects.filter(any_of("organisation", organisations)).order_by()
    return rows.values_list("organisation").annotate(n=Count("pk"))


@written_once
def _artifacts(owners: str) -> "QuerySet[Artifact, tuple[int, int]]":
    rows = Artifact.objects.there().filter(any_of("owner", owners)).order_by()
    return rows.values_list("owner").annotate(n=Count("pk"))

"""The organisations of a nation that publish or were awarded something."""

from collections import Counter
from heapq import nsmallest

from django.db.models import Count
from django.utils.translation import gettext as _

from contributions.models import AccountKind, Affiliation, Artifact
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.figures.places import Place
from grants.models import Award
from mission.models import Organisation
from mission.models.organisations import OrganisationType

MOST = 10


def organisations_figure(place: Place, *, slug: str = "organisations") -> Figure:
    """Four queries: those with most awards and accounts, and what these accounts hold now."""
    found = publishing(place)
    held = _held([one.pk for one, _awards in found])
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
        rows=tuple(_row(one, awards, held.get(one.pk, 0)) for one, awards in found),
        source=Source(_("The Mission's register; GitHub and Hugging Face")),
        note=_("At most ten: those with most awards first. Artefacts are those of their own accounts."),
        open_table=True,
        empty=Empty(
            _("No organisation of %(nation)s is known to publish yet") % {"nation": place.name},
            _("They appear here once their account on GitHub or Hugging Face is tied to them."),
        ),
    )


def publishing(place: Place) -> list[tuple[Organisation, int]]:
    """With an award or an account of their own, and how many awards. No individual: that is a person. Three
    queries."""
    organisations = Organisation.objects.exclude(type=OrganisationType.INDIVIDUAL).filter(nation=place.code)
    ties = Affiliation.objects.standing().filter(valid_to=None, account__kind=AccountKind.ORGANISATION)
    awards, accounts = (
        Counter(
            dict(
                rows.filter(organisation__in=organisations)
                .order_by()
                .values_list("organisation")
                .annotate(n=Count("pk"))
            )
        )
        for rows in (Award.objects.all(), ties)
    )
    known = organisations.filter(pk__in=awards.keys() | accounts.keys())
    first = nsmallest(MOST, known, key=lambda one: (-awards[one.pk], -accounts[one.pk], one.name))
    return [(one, awards[one.pk]) for one in first]


def _row(one: Organisation, awards: int, held: int) -> Row:
    return Row(
        str(one.pk),
        {
            "organisation": one.name,
            "type": str(one.get_type_display()),
            "awards": Reading.of(awards),
            "artifacts": Reading.of(held),
        },
    )


def _held(organisations: list[int]) -> dict[int, int]:
    rows = (
        Artifact.objects.there()
        .filter(
            owner__kind=AccountKind.ORGANISATION,
            owner__affiliations__organisation__in=organisations,
            owner__affiliations__valid_to=None,
            owner__affiliations__revoked_at=None,
        )
        .order_by()
        .values_list("owner__affiliations__organisation")
        .annotate(n=Count("pk", distinct=True))
    )
    return {organisation: count for organisation, count in rows if organisation is not None}

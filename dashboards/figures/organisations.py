"""The organisations of a nation that publish or were awarded something."""

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from contributions.models import AccountKind, Affiliation, Artifact
from dashboards.charts.figure import Column, Empty, Figure, Reading, Row, Source
from dashboards.figures.places import Place
from grants.models import Award
from mission.models import Organisation
from mission.models.organisations import OrganisationType

MOST = 10


def organisations_figure(place: Place, *, slug: str = "organisations") -> Figure:
    """Two queries: those with most awards and accounts, and what these accounts hold now."""
    found = publishing(place)
    held = _held([one.pk for one in found])
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
        rows=tuple(_row(one, held.get(one.pk, 0)) for one in found),
        source=Source(_("The Mission's register; GitHub and Hugging Face")),
        note=_("At most ten: those with most awards first. Artefacts are those of their own accounts."),
        open_table=True,
        empty=Empty(
            _("No organisation of %(nation)s is known to publish yet") % {"nation": place.name},
            _("They appear here once their account on GitHub or Hugging Face is tied to them."),
        ),
    )


def publishing(place: Place) -> list[Organisation]:
    """With an award or an account of their own; adds `awards_given`. No individual: that is a person. One
    query."""
    awards = Award.objects.filter(organisation=OuterRef("pk")).order_by().values("organisation")
    ties = Affiliation.objects.standing().filter(
        organisation=OuterRef("pk"), valid_to=None, account__kind=AccountKind.ORGANISATION
    )
    accounts = ties.order_by().values("organisation").annotate(n=Count("pk")).values("n")
    organisations = Organisation.objects.exclude(type=OrganisationType.INDIVIDUAL)
    rows = organisations.filter(nation=place.code).annotate(
        awards_given=Coalesce(Subquery(awards.annotate(n=Count("pk")).values("n")), 0),
        accounts=Coalesce(Subquery(accounts), 0),
    )
    known = rows.filter(Q(awards_given__gt=0) | Q(accounts__gt=0))
    return list(known.order_by("-awards_given", "-accounts", "name")[:MOST])


def _row(one: Organisation, held: int) -> Row:
    return Row(
        str(one.pk),
        {
            "organisation": one.name,
            "type": str(one.get_type_display()),
            "awards": Reading.of(int(getattr(one, "awards_given"))),  # noqa: B009  (an annotation)
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

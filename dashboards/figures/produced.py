"""What came of an award: what its organisation has published since, and who builds on that."""

import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contributions.models import AccountKind, Affiliation, Artifact
from contributions.models.artifacts import artifact_address
from dashboards.charts.figure import Cell, Column, Empty, Figure, Row, Source
from dashboards.figures.building import builders_figure
from dashboards.figures.catalogue import Item, kind_in_words
from dashboards.figures.register import Whole
from dashboards.updates import Updates
from mission import numerals
from mission.models.organisations import OrganisationType
from mission.written import any_of, array, written_once

MOST = 50


def produced_figures(award: Whole) -> list[Figure]:
    """At most four queries. Of an award to a person nothing is gathered: only what it hands in is told."""
    if award.told.recipient == OrganisationType.INDIVIDUAL:
        return []
    own = _accounts(award.organisation)
    since = award.told.awarded_at
    found = [Item._make(one) for one in _published(array(own), since)] if own else []
    figure = _since(award, found)
    return [figure, builders_figure([one.pk for one in found], own)] if found else [figure]


@written_once
def _published(owners: str, since: datetime.datetime) -> "QuerySet[Artifact, tuple[Any, ...]]":
    rows = Artifact.objects.there().originals().filter(any_of("owner", owners), created_at__gte=since)
    return rows.order_by("-created_at", "-pk").values_list(*Item._fields)[:MOST]


@written_once
def _accounts(organisation: int) -> "QuerySet[Affiliation, int]":
    ties = Affiliation.objects.standing().filter(organisation=organisation, valid_to=None)
    return ties.filter(account__kind=AccountKind.ORGANISATION).order_by().values_list("account", flat=True)


def _since(award: Whole, found: list[Item]) -> Figure:
    """No query."""
    since = award.told.awarded_at
    evidence = [one for one in award.deliverables if one.evidence_url]
    handed_in = {one.evidence_url.rstrip("/"): one.title for one in evidence}
    return Figure(
        slug="produced",
        title=_("What the organisation has published since"),
        sentence=_("It need not have been made with this award; what was handed in for it says so."),
        columns=(
            Column("name", _("Artefact"), names=True),
            Column("kind", _("Kind")),
            Column("licence", _("Licence"), on_one_line=True),
            Column("published", _("Published"), on_one_line=True),
            Column("handed_in", _("Handed in as")),
            Column("url", _("Address"), in_table=False),
        ),
        rows=tuple(_row(one, handed_in.get(one.url.rstrip("/"), "")) for one in found),
        source=Source(
            _("GitHub and Hugging Face"),
            retrieved=max((one.observed_at for one in found), default=None),
            updates=Updates.SYNC,
        ),
        open_table=True,
        empty=Empty(
            _("Nothing is known to be published since %(date)s") % {"date": numerals.date(since)},
            _("What the organisation publishes on its accounts on GitHub or Hugging Face appears here."),
        ),
    )


def _row(one: Item, handed_in: str) -> Row:
    cells: dict[str, Cell] = {
        "name": one.name,
        "kind": kind_in_words(one),
        "licence": one.licence or _("unknown"),
        "published": one.created_at.date(),
        "handed_in": handed_in,
        "url": one.url,
    }
    return Row(str(one.pk), cells, url=artifact_address(one.pk))
